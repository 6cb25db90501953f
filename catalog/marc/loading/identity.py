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
from catalog.marc.files.problem import Problem
from catalog.marc.loading import substance
from catalog.marc.loading.prepare import Prepared
from catalog.marc.meaning.facts import fitting
from catalog.marc.meaning.titles import NO_TITLE
from catalog.models import Item, MarcRecord, Title

Key = tuple[str, str]
CONTENT_COLUMNS = ("form", "encoding", "digest", "data", "taken_at")
NO_SUCH_TITLE = Problem("所蔵の記録ですが、書誌が見つかりません（004、014、001）。", fatal=True)
NO_COPIES = Problem("所蔵の記録ですが、資料番号がないため取り込みません。", fatal=True)
LEFT_AS_IT_IS = Problem("書名のない記録のため、今ある書誌を変えません。")
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

    def not_theirs(self, fresh: list[Prepared], titles: dict[Key, Title]) -> list[Prepared]:
        """Return the records that must not be written to the titles that their numbers name, each with its reason."""
        without_agency = [one for one in fresh if not one.facts.agency and one.key in titles and one.columns]
        held = [titles[one.key].pk for one in without_agency]
        with_copies = set(Item.objects.filter(title__in=held).values_list("title", flat=True)) if held else set()
        for one in without_agency:
            title = titles[one.key]
            in_use = title.last_queue_number > 0 or title.pk in with_copies
            if one.columns["title"] != NO_TITLE and substance.is_another_work(title, one, in_use=in_use):
                one.problems.append(substance.refusal(title, one))
        for one in fresh:
            typed = titles.get(one.key) if one.facts.agency and one.columns and not self.is_ours(one) else None
            if typed and one.key not in self.records and substance.is_another_work(typed, one, in_use=False):
                del titles[one.key]  # its number came from nowhere: the record becomes a title of its own
        for one in fresh:
            if one.copies_only and not one.copies:
                one.problems.append(NO_COPIES)
            elif one.copies_only and one.key not in titles:
                one.problems.append(NO_SUCH_TITLE)
        return [one for one in fresh if one.refused]

    def tells_less(self, one: Prepared, titles: dict[Key, Title]) -> bool:
        """Tell whether a record says less than what a title is called; then its copies alone are taken."""
        if one.copies_only:
            return True
        title = titles.get(one.key)
        less = title is not None and title.title != NO_TITLE and one.columns["title"] == NO_TITLE
        if less:
            one.problems.append(LEFT_AS_IT_IS)
        return less

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
