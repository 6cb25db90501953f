"""Copies by CSV (SPEC D8): known by 資料番号, hung on a record by 書誌番号 or ISBN."""

from datetime import date

from django.utils import timezone

from catalog import copies
from catalog.bibliography import labels
from catalog.bibliography.isbn import isbn13
from catalog.models import Item, Library, Title
from catalog.spreadsheets.rows import CREATED, UNCHANGED, UPDATED, RowError

YES, NO = ("", "可", "○", "1"), ("不可", "×", "0", "禁帯出")


class ItemImporter:
    """Create and correct copies; where a copy is and what it does is the counter's, never the file's."""

    columns: tuple[str, ...] = ("資料番号", "書誌番号", "ISBN", "所蔵館", "配架場所", "請求記号", "貸出", "受入日")
    required: tuple[str, ...] = ("資料番号", "所蔵館")

    def __init__(self) -> None:
        self._libraries = {name: one for one in Library.objects.all() for name in (one.code, one.name, one.short_name)}

    def write(self, row: dict[str, str]) -> str:
        title, barcode = self._title(row), row["資料番号"].upper()
        library = self._libraries.get(row["所蔵館"])
        if library is None:
            raise RowError(f"所蔵館「{row['所蔵館']}」は登録されていません。")
        if row["貸出"] not in YES + NO:
            raise RowError(f"貸出は「可」か「不可」です（{row['貸出']}）。")
        listed = {"home_library": library, "location": row["配架場所"], "call_number": row["請求記号"]}
        listed["lendable"] = row["貸出"] in YES
        done, item = UPDATED, Item.objects.filter(barcode=barcode).first()
        if item is None and title is None:
            raise RowError("新しい資料には、書誌番号かISBNが要ります。")
        if item is None:
            acquired = read_day(row["受入日"], "受入日") or timezone.localdate()
            done, item = CREATED, Item(title=title, barcode=barcode, library=library, acquired_on=acquired)
        elif title and item.title_id != title.pk:
            raise RowError("この資料番号は、別の書誌で使われています。")
        elif all(getattr(item, name) == value for name, value in listed.items()):
            return UNCHANGED
        for name, value in listed.items():
            setattr(item, name, value)
        item.full_clean()
        copies.describe(item)
        labels.settle(item.title)
        return done

    def _title(self, row: dict[str, str]) -> Title | None:
        if row["書誌番号"]:
            found = Title.objects.filter(control_number=row["書誌番号"])
        else:
            number = isbn13(row["ISBN"]) or row["ISBN"].replace("-", "")
            found = Title.objects.with_isbn(number)
        titles = list(found[:2])
        if len(titles) > 1:
            raise RowError("同じISBNの書誌が2つ以上あります。書誌番号を入れてください。")
        if not titles and (row["書誌番号"] or row["ISBN"]):
            raise RowError("書誌が見つかりません。")
        return titles[0] if titles else None


def read_day(cell: str, column: str) -> date | None:
    """Return a day written as 2026-11-24 or 2026/11/24; None for nothing."""
    if not cell:
        return None
    try:
        year, month, day = cell.replace("/", "-").split("-")
        return date(int(year), int(month), int(day))
    except ValueError as wrong:
        raise RowError(f"{column}は「2026-11-24」の形で入れてください（{cell}）。") from wrong
