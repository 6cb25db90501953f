"""ISO 2709, the form of ``.mrc`` files: cut a stream into records, and a record into fields.

Lengths in leaders and directories lie often enough that the separators are trusted first. A record runs to its
terminator (0x1D); a declared length only helps where a terminator stands inside a record or is missing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BufferedReader, BytesIO

from catalog.marc.files.problem import BROKEN_OFF, FileRefused, Problem

CHUNK = 1 << 20
LONGEST_RECORD = 1 << 20  # bytes; the format ends at 99,999, files that ignore that do not reach this
RECORD_END, FIELD_END, SUBFIELD = b"\x1d", b"\x1e", b"\x1f"
BETWEEN_RECORDS = b" \t\r\n\x00\x1a\xef\xbb\xbf"
LEADER_LENGTH, ENTRY_LENGTH = 24, 12
LEADER = re.compile(rb"[0-9]{5}[A-Za-z #|]{3}[ -~]{2}22[0-9]{5}[ -~]{3}45[0-9]{2}")  # never matches in a directory
LIKE_A_LEADER = re.compile(rb"[0-9]{5}[^\x1d-\x1f]{19}")
LONG_LENGTH = re.compile(rb"[0-9]{1,3}(?=[0-9]{5}[A-Za-z #|]{3}[ -~]{2}22[0-9]{5}[ -~]{3}45[0-9]{2})")
ENTRY = re.compile(rb"(.{3})([0-9]{4})([0-9]{5})", re.DOTALL)
REACH = 100_000  # bytes that a start of five digits can tell
UNTOLD = (0, 9_999)  # what stands for the length of a field that four digits cannot tell
BY_SEPARATORS = Problem("ディレクトリの長さが実際と違うため、区切り記号で読みました。")
NOT_PARTED = Problem("ディレクトリが壊れていて、項目を分けられません。", fatal=True)


@dataclass
class RawFields:
    """The leader and the fields of a record as bytes, with what was wrong about their bounds."""

    leader: bytes = b""
    fields: list[tuple[str, bytes]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def records(stream: BufferedReader | BytesIO) -> Iterator[tuple[int, bytes]]:
    """Yield (offset in bytes, record) for each record, broken ones included; memory stays flat."""
    held_at, held = 0, b""
    try:
        for offset, piece in _pieces(stream):
            record = held.lstrip(BETWEEN_RECORDS)
            goes_on = record[:5].isdigit() and len(record) + len(piece) <= int(record[:5])
            if goes_on and not LIKE_A_LEADER.match(piece.lstrip(BETWEEN_RECORDS)):
                held += piece  # a terminator stood inside a record: its declared length is not reached by far
                continue
            yield from _whole(held_at, held)
            held_at, held = offset, piece
    except (*BROKEN_OFF, FileRefused):  # what was complete before counts
        yield from _whole(held_at, held)
        raise
    yield from _whole(held_at, held)


def _pieces(stream: BufferedReader | BytesIO) -> Iterator[tuple[int, bytes]]:
    """Cut behind every terminator, and where none comes for too long."""
    buffer, start, offset = b"", 0, 0
    while True:
        end = buffer.find(RECORD_END, start)
        if end < 0 and len(buffer) - start < LONGEST_RECORD:
            more = stream.read1(CHUNK)  # what there is, before an archive breaks off
            if more:
                buffer, start = buffer[start:] + more, 0
                continue
            if start < len(buffer):
                yield offset, buffer[start:]
            return
        end = end + 1 if end >= 0 else start + LONGEST_RECORD
        yield offset, buffer[start:end]
        offset += end - start
        start = end


def _whole(offset: int, piece: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the record of a piece, or all that begin in it where a terminator is missing or rubbish goes before."""
    record = piece.lstrip(BETWEEN_RECORDS)
    offset += len(piece) - len(record)
    if record and record[:5] != b"%05d" % len(record):
        long = LONG_LENGTH.match(record)  # the leader's own first digits are no rubbish
        starts = [0, *(found.start() for found in LEADER.finditer(record, long.end() + 1 if long else 1))]
        for start, end in zip(starts, [*starts[1:], len(record)], strict=True):
            yield offset + start, record[start:end]
    elif record:
        yield offset, record


def fields(record: bytes) -> RawFields:
    """Cut a record into its fields, by the directory where it is right and by the separators where it is not."""
    long = LONG_LENGTH.match(record)
    record = record[long.end() :] if long else record  # a length of six digits pushes the leader on
    found = RawFields(leader=record[:LEADER_LENGTH])
    body = record.removesuffix(RECORD_END)
    base = body.find(FIELD_END, LEADER_LENGTH) + 1  # where the data begin, whatever the leader says
    if len(record) <= LEADER_LENGTH or not LIKE_A_LEADER.match(record):
        found.problems.append(Problem("MARCの記録ではありません（リーダがありません）。", fatal=True))
    elif not body.endswith(FIELD_END):
        found.problems.append(Problem("記録が途中で切れています。", fatal=True))
    elif not base:
        found.problems.append(Problem("ディレクトリの終わりがありません。", fatal=True))
    else:
        found.fields, problem = _cut(body[LEADER_LENGTH : base - 1], body[base:])
        if problem:
            found.problems.append(problem)
        elif long or record[:5] != b"%05d" % len(record):
            found.problems.append(Problem("リーダの記録長が実際と違います。"))
    return found


def _cut(directory: bytes, data: bytes) -> tuple[list[tuple[str, bytes]], Problem | None]:
    """Return tags and values, and what was wrong about the directory."""
    chunks = [directory[at : at + ENTRY_LENGTH] for at in range(0, len(directory), ENTRY_LENGTH)]
    entries = [entry for chunk in chunks if (entry := ENTRY.fullmatch(chunk))]
    values = [data[int(entry[3]) : int(entry[3]) + int(entry[2])] for entry in entries]
    whole = len(entries) == len(chunks) and all(value.find(FIELD_END) == len(value) - 1 >= 0 for value in values)
    if whole and len(data) <= REACH:
        return _tagged(_tags(entries), [value[:-1] for value in values]), None
    # By the separators: the tags, in the order their fields stand, belong to what lies between them.
    values = data.split(FIELD_END)[:-1]
    if (tags := _wide_tags(directory, values)) is not None:
        return _tagged(tags, values), BY_SEPARATORS
    if not values or len(entries) != len(values) or len(entries) != len(chunks):
        return [], NOT_PARTED
    by_start = sorted(entries, key=lambda entry: int(entry[3]))
    if _fit(entries, values):
        by_start = entries
    elif len(data) > REACH:
        return _unwrapped(entries, values)
    return _tagged(_tags(by_start), values), BY_SEPARATORS


def _fit(entries: list[re.Match[bytes]], values: list[bytes]) -> bool:
    """Tell whether fields of these lengths stand in the order of the directory."""
    lengths = ((int(entry[2]), len(value) + 1) for entry, value in zip(entries, values, strict=True))
    return all(said in (real % 10_000, *UNTOLD[: 1 + (real > UNTOLD[1])]) for said, real in lengths)


def _wide_tags(directory: bytes, values: list[bytes]) -> list[bytes] | None:
    """Return the tags of a directory whose numbers took the digits they needed, None when it is none.

    Such a writer puts the fields in the order of the directory, so each entry's numbers are known beforehand.
    """
    tags, at, start = [], 0, 0
    for value in values:
        length = len(value) + 1
        numbers = b"%04d%05d" % (length, start)
        if directory[at + 3 : at + 3 + len(numbers)] != numbers:
            return None
        tags.append(directory[at : at + 3])
        at, start = at + 3 + len(numbers), start + length
    return tags if values and at == len(directory) else None


def _unwrapped(entries: list[re.Match[bytes]], values: list[bytes]) -> tuple[list[tuple[str, bytes]], Problem | None]:
    """Return the fields of starts that were written modulo 100,000 in any order, if each can be one field only."""
    places: dict[int, list[bytes]] = {}
    start = 0
    for value in values:
        places.setdefault(start % REACH, []).append(value)
        start += len(value) + 1
    found = []
    for entry in entries:
        there = places.get(int(entry[3]), [])
        fitting = there if len(there) == 1 else [value for value in there if _fit([entry], [value])]
        if len(fitting) != 1:
            return [], NOT_PARTED
        found.append(fitting[0])
    return _tagged(_tags(entries), found), BY_SEPARATORS


def _tags(entries: list[re.Match[bytes]]) -> list[bytes]:
    return [entry[1] for entry in entries]


def _tagged(tags: list[bytes], values: list[bytes]) -> list[tuple[str, bytes]]:
    return [(tag.decode("ascii", "replace"), value) for tag, value in zip(tags, values, strict=True)]
