"""Which titles the records of a batch are: by agency and number, else by a control number nobody else gave.

Our own dump names us as the agency, and comes back to the titles it was written from: by control number, whoever gave
it, or where a title has none by its id and the day it was added, which no other catalogue gave to both. It is never
kept in the place of the record that a title came from.
"""

import re
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from catalog.copying import copy_in
from catalog.marc.loading.prepare import Prepared
from catalog.marc.meaning.facts import fitting
from catalog.models import MarcRecord, Title

Key = tuple[str, str]
CONTENT_COLUMNS = ("form", "encoding", "digest", "data", "taken_at")
UNNUMBERED = re.compile(r"title-([0-9]{1,18})-([0-9]{8})")


def our_agency() -> str:
    """Return how our own records call us in 003: by the name of our host."""
    return fitting(str(urlsplit(settings.SITE_URL).hostname))


def unnumbered(title: Title) -> str:
    """Return the number that our own dump gives to a title without one."""
    return f"title-{title.pk}-{title.added_on:%Y%m%d}"


class Known:
    """What the catalogue already holds of a batch."""

    def __init__(self, batch: list[Prepared]) -> None:
        self.numbers = [one.facts.control_number for one in batch]
        kept = MarcRecord.objects.filter(number__in=self.numbers).defer("data")
        keys = {one.key for one in batch}
        self.records: dict[Key, MarcRecord] = {
            (record.agency, record.number): record for record in kept if (record.agency, record.number) in keys
        }
        self._taken: set[str] = set()
        self._us = our_agency()

    def is_same(self, one: Prepared, encoding: str) -> bool:
        """Tell whether a record came in before, byte by byte, and was read in the same way."""
        record = self.records.get(one.key)
        return record is not None and (record.digest, record.encoding) == (one.digest, encoding)

    def is_ours(self, one: Prepared) -> bool:
        """Tell whether a record is from our own dump."""
        return one.facts.agency == self._us

    def lock(self, fresh: list[Prepared]) -> dict[Key, Title]:
        """Lock and return the titles of these records that exist, by key.

        A title without a record (typed in, or from a list) that bears the number is taken to be the same; one whose
        record another agency gave is not.
        """
        ids = {one.key: self.records[one.key].title_id for one in fresh if one.key in self.records}
        strange = {one.facts.control_number: one for one in fresh if one.key not in self.records}
        bearing = Title.objects.filter(control_number__in=strange).values_list("pk", "control_number", "marc_record")
        for pk, number, record in bearing:
            one = strange[str(number)]
            if record is None or self.is_ours(one):
                ids[one.key] = pk
            self._taken.add(one.facts.control_number)
        # Of our own dump: titles without a number, by the one that the dump gave them.
        named = {number: UNNUMBERED.fullmatch(number) for number, one in strange.items() if self.is_ours(one)}
        numbered = [int(name[1]) for name in named.values() if name]
        for title in Title.objects.filter(pk__in=numbered, control_number=None) if numbered else ():
            if unnumbered(title) in named:
                ids[strange[unnumbered(title)].key] = title.pk
        titles = Title.objects.select_for_update().filter(pk__in=ids.values()).order_by("pk")
        locked = {title.pk: title for title in titles}
        return {key: locked[pk] for key, pk in ids.items() if pk in locked}

    def control_number(self, one: Prepared) -> str:
        """Return the number a new title gets: the record's own, with its agency where another title has it."""
        agency, number = one.key
        free = number not in self._taken
        self._taken.add(number)
        return number if free else fitting(f"({agency or '-'}){number}")

    def keep(
        self, fresh: list[Prepared], titles: dict[Key, Title], *, encoding: str, now: datetime, again: bool
    ) -> None:
        """Keep the records as they came, but for those of our own dump; ``again`` leaves the day they were taken."""
        made: list[MarcRecord] = []
        renewed: list[MarcRecord] = []
        for one in fresh:
            if self.is_ours(one):
                continue
            record = self.records.get(one.key)
            (made if record is None else renewed).append(record := record or MarcRecord(title=titles[one.key]))
            record.agency, record.number = one.key
            record.form, record.encoding, record.digest = one.raw.form, encoding, one.digest
            record.data = one.raw.data
            record.taken_at = record.taken_at if again and record.taken_at else now
        copy_in(made)
        MarcRecord.objects.bulk_update(renewed, CONTENT_COLUMNS)
