"""CSV in and out: UTF-8 or CP932, a bounded file, one outcome a line, a bad line spoils no other (SPEC D8, promise 14).

An importer knows one kind of row (``catalog.spreadsheets.items``, ``patrons.people.spreadsheet``); this module knows
files.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from django.core.exceptions import ValidationError
from django.db import Error, transaction

MOST_BYTES = 20_000_000
MOST_LINES = 200_000
LONGEST_CELL = 1_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")

CREATED, UPDATED, UNCHANGED, WRONG = "登録", "更新", "変更なし", "誤り"


class FileError(Exception):
    """The file as a whole cannot be read; the sentence is the argument."""


class RowError(Exception):
    """One line cannot be taken; the sentence is the argument."""


class Importer(Protocol):
    """One kind of row: its columns, the one that names it, and how it is written."""

    columns: tuple[str, ...]
    required: tuple[str, ...]

    def write(self, row: dict[str, str]) -> str:
        """Create or update one row and return CREATED, UPDATED or UNCHANGED; RowError says why not."""
        ...


@dataclass(frozen=True)
class Line:
    """What became of one line: its number in the file, what names it, what was done, why not."""

    number: int
    name: str
    did: str
    problem: str = ""


def run(data: bytes, importer: Importer, *, dry_run: bool) -> Iterator[Line]:
    """Write every line that is right, each in its own savepoint, and yield what became of each.

    Running the same file twice changes nothing the second time. ``dry_run`` writes nothing.
    """
    for number, row in _rows(data, importer):
        name = row[importer.columns[0]]
        try:
            with transaction.atomic():
                if missing := [column for column in importer.required if not row[column]]:
                    raise RowError(f"{'、'.join(missing)}がありません。")
                if too_long := [column for column, cell in row.items() if len(cell) > LONGEST_CELL]:
                    raise RowError(f"{'、'.join(too_long)}が長すぎます。")
                did = importer.write(row)
                transaction.set_rollback(dry_run)
            yield Line(number, name, did)
        except RowError as wrong:
            yield Line(number, name, WRONG, str(wrong))
        except ValidationError as wrong:
            yield Line(number, name, WRONG, " ".join(wrong.messages))
        except Error:
            yield Line(number, name, WRONG, "ほかの登録と合わないため、書けませんでした。")


def _rows(data: bytes, importer: Importer) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line number and cells by column; columns of the file that nobody knows are left out."""
    reader = csv.reader(io.StringIO(decode(data), newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if missing := [column for column in importer.required if column not in header]:
            raise FileError(f"1行目に列の名前がありません：{'、'.join(missing)}")
        for cells in reader:
            if reader.line_num > MOST_LINES:
                raise FileError(f"{MOST_LINES:,}行までです。ファイルを分けてください。")
            if any(cell.strip() for cell in cells):
                given = dict(zip(header, map(plain, cells), strict=False))
                yield reader.line_num, {column: given.get(column, "") for column in importer.columns}
    except csv.Error as wrong:
        raise FileError(f"{reader.line_num}行目からCSVとして読めません。") from wrong


def decode(data: bytes) -> str:
    """Return the text of a file in UTF-8 (with or without a mark) or CP932; FileError otherwise."""
    if len(data) > MOST_BYTES:
        raise FileError(f"{MOST_BYTES // 1_000_000}MBまでです。ファイルを分けてください。")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise FileError("文字コードが、UTF-8でもシフトJIS（CP932）でもありません。")


def plain(cell: str) -> str:
    """Return a cell without blanks around it and without the mark that ``safe`` puts before a formula."""
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA else cell


def safe(cell: object) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_file(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    """Return a CSV file in UTF-8 with its mark, which spreadsheets expect; formulas are made harmless."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
