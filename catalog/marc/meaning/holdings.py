"""The copies that a record lists, by rules the library can change."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from pymarc import Field, Record

from catalog.marc.files.problem import Problem

BARCODE = re.compile("[0-9A-Z]{1,30}")
NOT_IN_BARCODES = re.compile(r"[\s*-]")
LOCATION_LENGTH, CALL_NUMBER_LENGTH = 60, 60


@dataclass(frozen=True)
class CopyRule:
    """In which field and subfields copies are written; ``library_id`` is the one where the record names none."""

    tag: str = "852"
    barcode: str = "p"
    library: str = "b"
    location: str = "c"
    call_number: str = "khim"
    joined_with: str = "/"
    library_id: int | None = None

    def copy_in(self, field: Field, libraries: dict[str, int]) -> "Copy | Problem | None":
        """Return the copy of a field, what is wrong with it, or None when it tells of no single copy."""
        written = _value(field, self.barcode)
        if not written:
            return None
        barcode = NOT_IN_BARCODES.sub("", unicodedata.normalize("NFKC", written)).upper()
        if not BARCODE.fullmatch(barcode):
            return Problem(f"資料番号「{written[:40]}」は使えません。")
        named = [library_key(value) for value in field.get_subfields(*self.library)] if self.library else []
        library_id = next((libraries[name] for name in named if name in libraries), self.library_id)
        if library_id is None:
            return Problem(f"資料番号 {barcode} の館「{_value(field, self.library)[:40]}」が分かりません。")
        location = _value(field, self.location)[:LOCATION_LENGTH]
        parts = [value for code in self.call_number for value in field.get_subfields(code)]
        call_number = self.joined_with.join(part.strip() for part in parts if part.strip())
        return Copy(barcode, library_id, location, call_number[:CALL_NUMBER_LENGTH])


@dataclass(frozen=True)
class Copy:
    """One copy: its barcode, its library (an id), where it stands and the label on it."""

    barcode: str
    library_id: int
    location: str = ""
    call_number: str = ""


def copies_of(record: Record, rules: Iterable[CopyRule], libraries: dict[str, int]) -> tuple[list[Copy], list[Problem]]:
    """Return the copies a record lists; ``libraries`` maps folded codes and names to ids."""
    copies: dict[str, Copy] = {}
    problems: list[Problem] = []
    for rule in rules:
        for field in record.get_fields(rule.tag):
            found = rule.copy_in(field, libraries)
            if isinstance(found, Copy):
                copies.setdefault(found.barcode, found)
            elif found:
                problems.append(found)
    return list(copies.values()), problems


def _value(field: Field, codes: str) -> str:
    return next((value.strip() for value in field.get_subfields(*codes) if value.strip()), "") if codes else ""


def library_key(name: str) -> str:
    """Return a library's code or name as it is compared."""
    return unicodedata.normalize("NFKC", name).strip().casefold()
