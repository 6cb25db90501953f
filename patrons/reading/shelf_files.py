"""A shelf to take away: CSV for spreadsheets, JSON for programs."""

import json
from collections.abc import Iterator

from catalog.spreadsheets.rows import csv_file
from patrons.models import Shelf

COLUMNS = ("順番", "書名", "著者", "出版者", "出版年", "ISBN", "しるし", "読んだ日", "ページ数", "メモ", "追加した日時")


def as_csv(shelf: Shelf) -> bytes:
    """Return the shelf in UTF-8 with its mark; no spreadsheet takes a cell for a formula."""
    return csv_file(COLUMNS, (row.values() for row in _rows(shelf)))


def as_json(shelf: Shelf) -> bytes:
    return json.dumps({"本棚": shelf.name, "資料": list(_rows(shelf))}, ensure_ascii=False, indent=1).encode()


FILES = {"csv": (as_csv, "text/csv; charset=utf-8"), "json": (as_json, "application/json")}


def _rows(shelf: Shelf) -> Iterator[dict[str, str | int | None]]:
    for number, entry in enumerate(shelf.entries.standing().select_related("title"), start=1):
        title = entry.title
        values = (
            number,
            str(entry),
            entry.by,
            title.publisher if title else "",
            title.year if title else None,
            title.isbn if title else "",
            entry.get_mark_display(),
            entry.read_on.isoformat() if entry.read_on else "",
            entry.pages,
            entry.note,
            entry.added_at.isoformat(timespec="seconds"),
        )
        yield dict(zip(COLUMNS, values, strict=True))
