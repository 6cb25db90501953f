"""A shelf to take away: CSV for spreadsheets, JSON for programs."""

import json
from collections.abc import Iterator

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from catalog.spreadsheets.rows import csv_file
from patrons.models import Shelf

FILES_IN = "ja"  # one language for the files, whatever the page's: programs find the same keys in all of them
COLUMNS = (
    _("順番"),
    _("書名"),
    _("著者"),
    _("出版者"),
    _("出版年"),
    _("ISBN"),
    _("しるし"),
    _("読んだ日"),
    _("ページ数"),
    _("メモ"),
    _("追加した日時"),
)


@override(FILES_IN)
def as_csv(shelf: Shelf) -> bytes:
    """Return the shelf in UTF-8 with its mark; no spreadsheet takes a cell for a formula."""
    return csv_file(map(str, COLUMNS), (row.values() for row in _rows(shelf)))


@override(FILES_IN)
def as_json(shelf: Shelf) -> bytes:
    told = {gettext("本棚"): shelf.name, gettext("資料"): list(_rows(shelf))}
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


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
        yield dict(zip(map(str, COLUMNS), values, strict=True))
