"""How many pages a book has, where its MARC record says so (300 $a); a Title itself does not keep it."""

import re
import unicodedata
from collections.abc import Collection

from catalog.marc.files.parsed import RawRecord, read
from catalog.models import MarcRecord

MOST = 20_000
PAGES = re.compile(r"((?:[0-9ivxlcIVXLC\[\]]+\s*,\s*)*)\[?([0-9]+)\]?\s*(?:p(?:ages?|\.|\b)|ページ|頁)")
NUMBER = re.compile(r"[0-9]+")


def pages_in(extent: str) -> int | None:
    """Return the pages of an extent such as «xii, 345p ; 22cm» or «8, 245 ページ», None when it counts something else.

    Counted sequences are added; roman numbers are left out, as readers do.
    """
    text = unicodedata.normalize("NFKC", extent)
    total = sum(sum(map(int, NUMBER.findall(before))) + int(last) for before, last in PAGES.findall(text))
    return total if 0 < total <= MOST else None


def pages_of(title_ids: Collection[int]) -> dict[int, int]:
    """Return the pages of those titles whose records tell them, in one query."""
    kept = MarcRecord.objects.filter(title__in=title_ids) if title_ids else MarcRecord.objects.none()
    found = {}
    for row in kept:
        record = read(RawRecord(1, 0, bytes(row.data), row.form), encoding=row.encoding).record
        fields = record.get_fields("300") if record else []
        extents = (value for field in fields for value in field.get_subfields("a"))
        if pages := next(filter(None, map(pages_in, extents)), None):
            found[row.title_id] = pages
    return found
