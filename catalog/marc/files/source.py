"""A file of records: plain, gzip or zip, ISO 2709 or MARCXML, told by what it holds and not by its name."""

import gzip
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from catalog.marc.files import iso2709, marcxml
from catalog.marc.files.parsed import RawRecord
from catalog.marc.files.problem import BROKEN_OFF, Refused

HEAD = 4096
LARGEST_UNPACKED = 500_000_000  # bytes an archive may unpack to
MOST_FOLD = 200  # times its packed size a member may unpack to; text packs to a tenth
SMALL = 10_000_000  # bytes below which the fold does not matter
TOO_LARGE = "展開すると大きすぎる圧縮ファイルです（上限 500 MB）。"
LOCKED = "パスワードのついたZIPファイルは読めません。"
PACKED_OTHERWISE = "このZIPファイルの圧縮方式は読めません（無圧縮か Deflate にしてください）。"
PACKED_TWICE = "圧縮ファイルの中に、さらに圧縮ファイルがあります（{}）。取り出してから取り込んでください。"
ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
ENCRYPTED, PATCHED = 0x1 | 0x40, 0x20  # bits of a member's flags


class Bounded(io.RawIOBase):
    """A stream that is refused once it has given too much, whatever its archive claimed."""

    def __init__(self, stream: io.BufferedIOBase, limit: int) -> None:
        self.stream, self.left = stream, limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:
        data = self.stream.read1(len(buffer))  # what there is, before an archive breaks off
        self.left -= len(data)
        if self.left < 0:
            raise Refused(TOO_LARGE)
        buffer[: len(data)] = data
        return len(data)


def records(path: Path, *, progress: Callable[[int], None] = lambda position: None) -> Iterator[RawRecord]:
    """Yield every raw record of a file; raise Refused when the file as a whole must not be read.

    ``progress`` is told the position in bytes in the file itself, packed or not.
    """
    try:
        with path.open("rb") as file:
            for number, (offset, form, data) in enumerate(_unpacked(file), start=1):
                progress(file.tell())
                yield RawRecord(number, offset, data, form)
    except BROKEN_OFF as error:
        raise Refused(f"ファイルを最後まで読めません（{error}）。") from error


def _unpacked(file: BinaryIO) -> Iterator[tuple[int, str, bytes]]:
    head = file.read(HEAD)
    file.seek(0)
    if head.startswith(ZIP):
        yield from _members(file)
    elif head.startswith(GZIP):
        stream = _bounded(gzip.GzipFile(fileobj=file), LARGEST_UNPACKED)
        if _is_packed(stream):
            raise Refused(PACKED_TWICE.format("gzip"))
        yield from _records(stream)
    else:
        yield from _records(io.BufferedReader(file, HEAD) if not isinstance(file, io.BufferedReader) else file)


def _members(file: BinaryIO) -> Iterator[tuple[int, str, bytes]]:
    with _archive(file) as archive:
        members = [member for member in archive.infolist() if not member.filename.endswith("/")]  # a name may be empty
        if sum(member.file_size for member in members) > LARGEST_UNPACKED or any(map(_unfolds, members)):
            raise Refused(TOO_LARGE)
        packed_twice = []
        for member in members:
            with _member(archive, member) as packed:
                stream = _bounded(packed, LARGEST_UNPACKED)
                if _is_packed(stream):
                    packed_twice.append(member.filename[:60])
                else:
                    yield from _records(stream)
        if packed_twice:
            raise Refused(PACKED_TWICE.format("、".join(packed_twice[:3])))


def _archive(file: BinaryIO) -> zipfile.ZipFile:
    """Open a zip; its directory may ask for a newer version than zipfile knows, or hold names that are no text."""
    try:
        return zipfile.ZipFile(file)
    except NotImplementedError as error:
        raise Refused(PACKED_OTHERWISE) from error
    except UnicodeDecodeError as error:
        raise zipfile.BadZipFile(str(error)) from error


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> io.BufferedIOBase:
    """Open a member that is packed in a way we read and wants no password; its own header may hold such names, too."""
    if member.flag_bits & ENCRYPTED:
        raise Refused(LOCKED)
    if member.flag_bits & PATCHED or member.compress_type not in PACKED:
        raise Refused(PACKED_OTHERWISE)
    try:
        return archive.open(member)
    except UnicodeDecodeError as error:
        raise zipfile.BadZipFile(str(error)) from error


def _unfolds(member: zipfile.ZipInfo) -> bool:
    return member.file_size > SMALL and member.file_size > MOST_FOLD * max(member.compress_size, 1)


def _bounded(stream: io.BufferedIOBase, limit: int) -> io.BufferedReader:
    return io.BufferedReader(Bounded(stream, limit), HEAD * 4)


def _is_packed(stream: io.BufferedReader) -> bool:
    return stream.peek(HEAD).startswith((ZIP, GZIP))


def _records(stream: io.BufferedReader) -> Iterator[tuple[int, str, bytes]]:
    head = stream.peek(HEAD)[:HEAD]
    if _is_xml(head):
        for offset, text in marcxml.records(stream, marcxml.encoding_of(head)):
            yield offset, RawRecord.MARCXML, text.encode()
    else:
        for offset, data in iso2709.records(stream):
            yield offset, RawRecord.ISO2709, data


def _is_xml(head: bytes) -> bool:
    text = head.decode(marcxml.encoding_of(head), errors="replace")
    return text.lstrip("\ufeff \t\r\n\x00").startswith("<")
