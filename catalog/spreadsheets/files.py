"""A file as rows of cells, however it was written: CSV or tab-separated in UTF-8, UTF-16 or CP932, or .xlsx.

Nothing is held whole, so a file may be as large as a city. A line that cannot be read costs itself alone.
"""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from openpyxl import load_workbook

MOST_UNPACKED = 1_000_000_000  # bytes of an .xlsx; more is no list of people or copies
MOST_LINES_OF_A_ROW = 30
LONGEST_LINE = 100_000
EXACT_DIGITS = 10**15  # a spreadsheet keeps no more of a number
PIECE = 1 << 20
DELIMITERS = ",\t;"

OTHER_KINDS = (
    (b"\xd0\xcf\x11\xe0", "古いExcelのファイル（.xls）です。CSVで保存し直してください。"),
    (b"%PDF", "PDFのファイルです。表のもとのファイルから、CSVで保存してください。"),
    (b"\x1f\x8b", "圧縮されたファイル（gzip）です。解凍してください。"),
    (b"=LDR", "MarcEditのテキスト形式（.mrk）です。書誌は「MARCを取り込む」で、.mrcにして取り込んでください。"),
    (b"{", "JSONのファイルです。CSVで保存し直してください。"),
    (b"[", "JSONのファイルです。CSVで保存し直してください。"),
    (b"<", "XMLかHTMLのファイルです。CSVで保存し直してください。"),
)


class FileError(Exception):
    """The file as a whole cannot be read; the sentence is the argument."""


@dataclass(frozen=True)
class Row:
    """The cells of one row, the number of the line where it begins, and why it cannot be read."""

    number: int
    cells: list[str]
    problem: str = ""


def read(file: BinaryIO) -> Iterator[Row]:
    """Yield the rows of a file; FileError says what it is, if it is no table."""
    head = file.read(PIECE)
    file.seek(0)
    if head.startswith(b"PK"):
        return _rows_of_workbook(file)
    for sign, sentence in OTHER_KINDS:
        if head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(sign):
            raise FileError(sentence)
    if head[:5].isdigit() and head[20:22] == b"45":
        raise FileError("MARCのファイルです。「MARCを取り込む」で取り込んでください。")
    return _rows_of_text(io.TextIOWrapper(file, encoding_of(head), errors="replace", newline=""))


def encoding_of(head: bytes) -> str:
    """Return the character set that the first line is in; FileError if none is known.

    It has the Japanese names of columns, so it tells; a line behind it that is in another one costs itself alone.
    """
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    first = next(iter(head.splitlines()), b"")
    if b"\0" in first:
        raise FileError("文字でないバイトで始まっています。表のファイルではありません。")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            first.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise FileError("文字コードが、UTF-8でもシフトJIS（CP932）でもありません。")


def _rows_of_text(text: io.TextIOWrapper) -> Iterator[Row]:
    """Yield the rows of a text. A quotation mark that is never closed spoils its own line, not those behind it."""
    waiting: list[str] = []
    number, delimiter, width = 1, "", 0
    while line := waiting.pop(0) if waiting else text.readline(LONGEST_LINE):
        delimiter = delimiter or max(DELIMITERS, key=line.count)
        cells, more, problem = _cells(line, delimiter), 0, ""
        while cells is None and '"' in line and more < MOST_LINES_OF_A_ROW:
            if more == len(waiting):
                waiting.append(text.readline(LONGEST_LINE))
            if not waiting[more]:
                break
            more += 1
            if '"' in waiting[more - 1]:
                cells = _cells(line + "".join(waiting[:more]), delimiter)
            if cells and width and len(cells) != width:
                cells = None
        if cells is None:
            cells, more = [cell.strip() for cell in line.split(delimiter)], 0
            problem = '引用符（"）が合わず、この行を読めません。'
        elif any("\ufffd" in cell or "\0" in cell for cell in cells):
            problem = "文字が壊れていて、この行を読めません。"
        width = width or len(cells)
        yield Row(number, cells, problem)
        del waiting[:more]
        number += 1 + more


def _cells(lines: str, delimiter: str) -> list[str] | None:
    """Return the cells of one row, None when its quotation marks do not fit."""
    try:
        rows = list(csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _rows_of_workbook(file: BinaryIO) -> Iterator[Row]:
    """Yield the rows of the first sheet; a file that breaks off ends with a row that says so."""
    try:
        with zipfile.ZipFile(file) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise FileError("大きすぎるExcelのファイル（.xlsx）です。CSVで保存し直してください。")
        sheet = load_workbook(file, read_only=True, data_only=True).worksheets[0]
    except FileError:
        raise
    except Exception as wrong:
        raise FileError("読めないExcelのファイル（.xlsx）です。CSVで保存し直してください。") from wrong
    number, width = 0, 0
    try:
        for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
            cells = [_written(value) for value in values]
            width = width or len(cells)
            yield Row(number, cells + [""] * (width - len(cells)))
    except GeneratorExit:
        raise
    except Exception:  # whatever zip, XML and openpyxl raise where a file breaks off
        yield Row(number + 1, [], "ファイルがここで切れています。この行から先は読めません。")


def _written(cell: object) -> str:
    """Return a cell of a workbook as CSV would have it; a number too long for a spreadsheet shows that it is bent."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if abs(cell) >= EXACT_DIGITS:
            return f"{cell:.2E}"
        return str(int(cell)) if cell == int(cell) else str(cell)
    return "" if cell is None else str(cell)
