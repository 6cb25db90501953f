"""Copies by spreadsheet (SPEC D8): known by 資料番号, hung on a record by 書誌番号 or ISBN."""

import re

from django.utils import timezone

from catalog import copies
from catalog.bibliography import labels
from catalog.bibliography.isbn import isbn13
from catalog.models import Item, Library, Title
from catalog.spreadsheets.cells import RowError, fitting, narrow, read_day, refuse_bent, with_zeros
from catalog.spreadsheets.rows import CREATED, UNCHANGED, UPDATED

LENDABLE = {"可": True, "○": True, "〇": True, "1": True, "不可": False, "×": False, "0": False, "禁帯出": False}
NOT_IN_BARCODES = re.compile(r"[\s\-‐-―−ー*]")
BARCODE = re.compile(r"[0-9A-Z]+")
NW7_FRAME = re.compile(r"[A-D]([0-9]+)[A-D]")
LONGEST_BARCODE = 30


class ItemImporter:
    """Create and correct copies; where a copy is and what it does is the counter's, never the file's."""

    columns: tuple[str, ...] = ("資料番号", "書誌番号", "ISBN", "所蔵館", "配架場所", "請求記号", "貸出", "受入日")
    required: tuple[str, ...] = ("資料番号", "所蔵館")

    def __init__(self) -> None:
        self._libraries = {name: one for one in Library.objects.all() for name in (one.code, one.name, one.short_name)}

    def number(self, cell: str) -> str:
        """Read a barcode as the desk does; one whose zeros in front differ from a known copy's is refused."""
        refuse_bent(cell, "資料番号")
        barcode = NOT_IN_BARCODES.sub("", narrow(cell)).upper()
        if not BARCODE.fullmatch(barcode) or len(barcode) > LONGEST_BARCODE:
            raise RowError(f"資料番号は{LONGEST_BARCODE}けたまでの数字と英字です（{cell}）。")
        framed = NW7_FRAME.fullmatch(barcode)
        readings = [
            barcode,
            *with_zeros(framed[1] if framed else barcode, LONGEST_BARCODE),
            framed[1] if framed else "",
        ]
        known = set(Item.objects.filter(barcode__in=readings).values_list("barcode", flat=True))
        if barcode in known:
            return barcode
        barcode = framed[1] if framed else barcode
        if other := sorted(known - {barcode}):
            raise RowError(f"資料番号「{cell}」は、先頭の0が違う{'、'.join(other)}があります。0が消えていませんか。")
        return barcode

    def write(self, row: dict[str, str]) -> str:
        title, barcode = self._title(row), row["資料番号"]
        listed = self._listed(row)
        done, item = UPDATED, Item.objects.filter(barcode=barcode).first()
        if item is None and title is None:
            raise RowError("新しい資料には、書誌番号かISBNが要ります。")
        if item is None:
            listed = {"acquired_on": timezone.localdate()} | listed
            done, item = CREATED, Item(title=title, barcode=barcode, library=listed["home_library"])
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

    def _listed(self, row: dict[str, str]) -> dict:
        """Return what the row says of a copy. A day, and whether a copy is lent, is never emptied."""
        library = self._libraries.get(row["所蔵館"])
        if library is None:
            raise RowError(f"所蔵館「{row['所蔵館']}」は登録されていません。")
        listed: dict = {"home_library": library}
        for column, name in (("配架場所", "location"), ("請求記号", "call_number")):
            if column in row:
                listed[name] = fitting(row[column], column, Item, name)
        if lent := narrow(row.get("貸出", "")):
            if lent not in LENDABLE:
                raise RowError(f"貸出は「可」か「不可」です（{row['貸出']}）。")
            listed["lendable"] = LENDABLE[lent]
        if acquired := read_day(row.get("受入日", ""), "受入日"):
            listed["acquired_on"] = acquired
        return listed

    def _title(self, row: dict[str, str]) -> Title | None:
        control_number, isbn = row.get("書誌番号", ""), row.get("ISBN", "")
        if control_number:
            found = Title.objects.filter(control_number=control_number)
        else:
            number = isbn13(isbn) or isbn.replace("-", "")
            found = Title.objects.with_isbn(number)
        titles = list(found[:2])
        if len(titles) > 1:
            raise RowError("同じISBNの書誌が2つ以上あります。書誌番号を入れてください。")
        if not titles and (control_number or isbn):
            raise RowError("書誌が見つかりません。")
        return titles[0] if titles else None
