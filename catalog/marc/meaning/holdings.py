"""The copies that a record lists, by rules the library can change."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from pymarc import Field, Record, Subfield

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

    def copies_in(self, field: Field, libraries: dict[str, int]) -> "list[Copy | Problem]":
        """Return the copies of a field, and what is wrong with it; none when it tells of no single copy.

        Where the barcode is repeated each copy has the subfields of its turn, and else those that came before.
        """
        groups = self._groups(field)
        found: list[Copy | Problem] = []
        shared: list[Subfield] = []
        for group in groups:
            told = {one.code for one in group}
            whole = [*(one for one in shared if one.code not in told), *group]
            copy = self._copy_in(Field(field.tag, field.indicators, whole), libraries)
            found += [copy] if copy else []
            shared = [one for one in whole if one.code not in self.barcode]
        if len(groups) > 1 and len({frozenset(one.code for one in group) for group in groups[1:]}) > 1:
            found.append(Problem(f"項目 {field.tag} に複数の資料番号があります。館と請求記号を確かめてください。"))
        return found

    def _groups(self, field: Field) -> list[list[Subfield]]:
        """Cut a field before each subfield that begins the next copy: what comes again behind a barcode."""
        groups: list[list[Subfield]] = [[]]
        several = sum(one.code in self.barcode and one.value.strip() != "" for one in field.subfields) > 1
        for one in field.subfields:
            codes = [before.code for before in groups[-1]]
            if several and one.code in codes and any(code in self.barcode for code in codes):
                groups.append([])
            groups[-1].append(one)
        if len(groups) > 1 and not any(one.code in self.barcode for one in groups[-1]):
            groups[-2:] = [groups[-2] + groups[-1]]
        return groups

    def _copy_in(self, field: Field, libraries: dict[str, int]) -> "Copy | Problem | None":
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
        told = [rule.copies_in(field, libraries) for field in record.get_fields(rule.tag)]
        for found in (one for of_field in told for one in of_field):
            if isinstance(found, Problem):
                problems.append(found)
            elif copies.setdefault(found.barcode, found) != found:
                problems.append(Problem(f"資料番号 {found.barcode} が二度あり、館か請求記号が違います。"))
    return list(copies.values()), problems


def _value(field: Field, codes: str) -> str:
    return next((value.strip() for value in field.get_subfields(*codes) if value.strip()), "") if codes else ""


def library_key(name: str) -> str:
    """Return a library's code or name as it is compared."""
    return unicodedata.normalize("NFKC", name).strip().casefold()
