"""Tables in and out: one outcome a line, a bad line spoils no other, what a file does not say stays (SPEC D8).

An importer knows one kind of row (``catalog.spreadsheets.items``, ``patrons.people.spreadsheet``); this module knows
columns, ``catalog.spreadsheets.files`` knows files.
"""

import csv
import io
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction

from catalog.spreadsheets.cells import FORMULA, RowError, narrow, plain
from catalog.spreadsheets.files import FileError, Row, read
from catalog.spreadsheets.seen import Seen

LONGEST_CELL = 1_000

CREATED, UPDATED, UNCHANGED, WRONG = "登録", "更新", "変更なし", "誤り"


class Importer(Protocol):
    """One kind of row: its columns, the first of which names it, and how it is written."""

    columns: tuple[str, ...]
    required: tuple[str, ...]

    def number(self, cell: str) -> str:
        """Return the number that names a row as the portal keeps it; RowError when it is none."""
        ...

    def write(self, row: dict[str, str]) -> str:
        """Create or update one row and return CREATED, UPDATED or UNCHANGED; RowError says why not.

        A column that is not in ``row`` is left as it is; an empty cell empties.
        """
        ...


@dataclass(frozen=True)
class Line:
    """What became of one line: its number in the file, what names it, what was done, why not."""

    number: int
    name: str
    did: str
    problem: str = ""


@dataclass(frozen=True)
class _Table:
    """What holds for all lines of a file: its columns, whose rows they are, the numbers it has named so far."""

    header: list[str]
    importer: Importer
    seen: Seen
    dry_run: bool
    empty_cells_erase: bool


def run(
    source: bytes | BinaryIO,
    importer: Importer,
    *,
    dry_run: bool,
    empty_cells_erase: bool = False,
    ignore: Collection[str] = (),
) -> Iterator[Line]:
    """Write every line that is right, each in its own savepoint, and yield what became of each.

    Running the same file twice changes nothing the second time. ``dry_run`` writes nothing and says the same. Columns
    in ``ignore`` are passed over; an empty cell leaves what is known unless ``empty_cells_erase``.
    """
    rows = read(io.BytesIO(source) if isinstance(source, bytes) else source)
    header = _header(next(rows, Row(1, [])), importer, ignore)
    table = _Table(header, importer, Seen(), dry_run, empty_cells_erase)
    for row in rows:
        if row.problem or any(cell.strip() for cell in row.cells):
            yield _outcome(row, table)


def _header(row: Row, importer: Importer, ignore: Collection[str]) -> list[str]:
    """Return the names of the columns, "" for what is passed over; FileError for what would be lost without a word."""
    header, passed = [narrow(cell) for cell in row.cells], {narrow(name) for name in ignore}
    if missing := [column for column in importer.required if column not in header or column in passed]:
        raise FileError(f"1行目に列の名前がありません：{'、'.join(missing)}")
    header = ["" if name in passed else name for name in header]
    if unknown := [name for name in header if name and name not in importer.columns]:
        raise FileError(
            f"取り込めない列があります：{'、'.join(unknown)}。取り込める列は、{'、'.join(importer.columns)}です。"
            "要らない列は、読み飛ばす列に指定してください。何も書き込んでいません。"
        )
    if double := sorted({name for name in header if name and header.count(name) > 1}):
        raise FileError(f"同じ名前の列が2つあります：{'、'.join(double)}。何も書き込んでいません。")
    return header


def _outcome(row: Row, table: _Table) -> Line:
    named = table.importer.columns[0]
    place = table.header.index(named)
    name = row.cells[place].strip()[:LONGEST_CELL] if len(row.cells) > place else ""
    try:
        cells = _by_column(row, table)
        cells[named] = table.importer.number(cells[named])
        if (first := table.seen.first(cells[named], row.number)) != row.number:
            raise RowError(f"{named}が{first}行と同じです。どちらが正しいか、確かめてください。")
        with transaction.atomic():
            did = table.importer.write(cells)
            transaction.set_rollback(table.dry_run)
        return Line(row.number, name, did)
    except RowError as wrong:
        return Line(row.number, name, WRONG, str(wrong))
    except ValidationError as wrong:
        return Line(row.number, name, WRONG, " ".join(wrong.messages))
    except (IntegrityError, DataError):
        return Line(row.number, name, WRONG, "ほかの登録と合わないため、書けませんでした。")


def _by_column(row: Row, table: _Table) -> dict[str, str]:
    """Return the cells that are to be written, by column; RowError when the line does not fit the first one."""
    if row.problem:
        raise RowError(row.problem)
    if len(row.cells) < len(table.header):
        raise RowError("列が足りません。行が途中で切れていないか、確かめてください。")
    if any(cell.strip() for cell in row.cells[len(table.header) :]):
        raise RowError('列が多すぎます。「,」を含む値は「"」で囲んでください。')
    cells = {name: plain(cell) for name, cell in zip(table.header, row.cells, strict=False) if name}
    if missing := [column for column in table.importer.required if not cells[column]]:
        raise RowError(f"{'、'.join(missing)}がありません。")
    if too_long := [column for column, cell in cells.items() if len(cell) > LONGEST_CELL]:
        raise RowError(f"{'、'.join(too_long)}が長すぎます。")
    return {column: cell for column, cell in cells.items() if cell or table.empty_cells_erase}


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
