"""Which titles the records of a batch are: by agency and number, else by a control number nobody else gave."""

from catalog.marc.facts import fitting
from catalog.marc.prepare import Prepared
from catalog.models import MarcRecord, Title

Key = tuple[str, str]


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

    def is_same(self, one: Prepared, encoding: str) -> bool:
        """Tell whether a record came in before, byte by byte, and was read in the same way."""
        record = self.records.get(one.key)
        return record is not None and (record.digest, record.encoding) == (one.digest, encoding)

    def lock(self, fresh: list[Prepared]) -> dict[Key, Title]:
        """Lock and return the titles of these records that exist, by key.

        A title without a record (typed in, or from a list) that bears the number is taken to be the same; one whose
        record another agency gave is not.
        """
        ids = {self.records[one.key].title_id: one.key for one in fresh if one.key in self.records}
        strange = {one.facts.control_number: one.key for one in fresh if one.key not in self.records}
        bearing = Title.objects.filter(control_number__in=strange).values_list("pk", "control_number", "marc_record")
        for pk, number, record in bearing:
            if record is None:
                ids[pk] = strange[number]
            self._taken.add(number)
        locked = Title.objects.select_for_update().filter(pk__in=ids).order_by("pk")
        return {ids[title.pk]: title for title in locked}

    def control_number(self, one: Prepared) -> str:
        """Return the number a new title gets: the record's own, with its agency where another title has it."""
        agency, number = one.key
        free = number not in self._taken
        self._taken.add(number)
        return number if free else fitting(f"({agency or '-'}){number}")
