"""A file of records: plain, gzip or zip, ISO 2709 or MARCXML, told by what it holds and not by its name."""

import gzip
import io
import operator
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

from catalog.marc.files import iso2709, marcxml
from catalog.marc.files.otherwise import refuse_other_kinds
from catalog.marc.files.parsed import RawRecord
from catalog.marc.files.problem import BROKEN_OFF, FileRefused

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HEAD = 4096
LARGEST_UNPACKED = 500_000_000  # bytes an archive may unpack to
MOST_FOLD = 200  # times its packed size a member may unpack to; text packs to a tenth
SMALL = 10_000_000  # bytes below which the fold does not matter
TOO_LARGE = "展開すると大きすぎる圧縮ファイルです（上限 500 MB）。"
LOCKED = "パスワードのついたZIPファイルは読めません。"
PACKED_OTHERWISE = "このZIPファイルの圧縮方式は読めません（無圧縮か Deflate にしてください）。"
PACKED_TWICE = "圧縮ファイルの中に、さらに圧縮ファイルがあります（{}）。取り出してから取り込んでください。"
WORKBOOK = "Excelなどのファイル（.xlsx など）です。MARC（.mrc か MARCXML）にしてください。"
ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
ENCRYPTED, PATCHED = 0x1 | 0x40, 0x20  # bits of a member's flags


class Bounded(io.RawIOBase):
    """A stream that is refused once it has given too much, whatever its archive claimed."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self.stream, self.left = stream, LARGEST_UNPACKED

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        data = self.stream.read1(len(view))  # what there is, before an archive breaks off
        self.left -= len(data)
        if self.left < 0:
            raise FileRefused(TOO_LARGE)
        view[: len(data)] = data
        return len(data)


def records(path: Path, *, progress: Callable[[int], None] = lambda position: None) -> Iterator[RawRecord]:
    """Yield every raw record of a file; raise FileRefused when the file as a whole must not be read.

    ``progress`` is told the position in bytes in the file itself, packed or not.
    """
    number = 0
    try:
        with path.open("rb") as file:
            for stream in _streams(file):
                head = stream.peek(HEAD)[:HEAD]
                refuse_other_kinds(head)
                encoding = marcxml.encoding_of(head)
                found: Iterator[tuple[int, str, bytes]]
                if head.decode(encoding, errors="replace").lstrip("\ufeff \t\r\n\x00").startswith("<"):
                    elements = marcxml.records(stream, encoding)
                    found = ((offset, RawRecord.MARCXML, text.encode()) for offset, text in elements)
                else:
                    found = ((offset, RawRecord.ISO2709, data) for offset, data in iso2709.records(stream))
                for offset, form, data in found:
                    number += 1
                    progress(file.tell())
                    yield RawRecord(number, offset, data, form)
    except (*BROKEN_OFF, UnicodeDecodeError) as error:  # the latter for names in a zip that are no text
        raise FileRefused(f"ファイルを最後まで読めません（{error}）。") from error


def _streams(file: io.BufferedReader) -> Iterator[io.BufferedReader]:
    """Yield what holds records: the file itself, what it unpacks to, or each member of a zip."""
    head = file.read(HEAD)
    file.seek(0)
    if head.startswith(ZIP):
        yield from _members(file)
    elif head.startswith(GZIP):
        stream: io.BufferedReader = io.BufferedReader(Bounded(gzip.GzipFile(fileobj=file)), HEAD * 4)
        if stream.peek(HEAD).startswith((ZIP, GZIP)):
            raise FileRefused(PACKED_TWICE.format("gzip"))
        yield stream
    else:
        yield file


def _members(file: io.BufferedReader) -> Iterator[io.BufferedReader]:
    """Yield the members of a zip that are packed once, in a way we read, and want no password."""
    try:
        archive = zipfile.ZipFile(file)
    except NotImplementedError as error:  # its directory asks for a newer version than zipfile knows
        raise FileRefused(PACKED_OTHERWISE) from error
    with archive:
        if "[Content_Types].xml" in archive.namelist() or "xl/workbook.xml" in archive.namelist():
            raise FileRefused(WORKBOOK)
        members = [member for member in archive.infolist() if not member.filename.endswith("/")]  # a name may be empty
        allowed = [max(SMALL, MOST_FOLD * max(member.compress_size, 1)) for member in members]
        sizes = [member.file_size for member in members]
        if sum(sizes) > LARGEST_UNPACKED or any(map(operator.gt, sizes, allowed)):
            raise FileRefused(TOO_LARGE)
        packed_twice = []
        for member in members:
            if member.flag_bits & ENCRYPTED:
                raise FileRefused(LOCKED)
            if member.flag_bits & PATCHED or member.compress_type not in PACKED:
                raise FileRefused(PACKED_OTHERWISE)
            with cast(zipfile.ZipExtFile, archive.open(member)) as packed:
                stream: io.BufferedReader = io.BufferedReader(Bounded(packed), HEAD * 4)
                if stream.peek(HEAD).startswith((ZIP, GZIP)):
                    packed_twice.append(member.filename[:60])
                else:
                    yield stream
        if packed_twice:
            raise FileRefused(PACKED_TWICE.format("、".join(packed_twice[:3])))
