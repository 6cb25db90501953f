"""Batches of records → titles, copies and the records as they came.

A batch is written in one transaction. If the database refuses it, it is written in halves, down to the record that
it refuses; so one bad record costs itself. Locks: Title (ascending id) → Item.
"""

from datetime import datetime
from typing import cast

from django.db import DataError, IntegrityError, OperationalError, transaction
from django.db.models import CharField
from django.utils import timezone
from psycopg import Error, errors

from catalog.copying import copy_in
from catalog.derived import DERIVED
from catalog.marc.files.problem import Problem
from catalog.marc.loading.identity import Key, Known
from catalog.marc.loading.items import ItemLoad
from catalog.marc.loading.mapping import Mapping
from catalog.marc.loading.outcome import Fate, ImportOutcome
from catalog.marc.loading.prepare import SAME, Prepared, Preparer
from catalog.marc.loading.series import SeriesLoad
from catalog.models import Title

CUT = (
    "title", "title_reading", "subtitle", "volume", "series_volume", "creator", "creator_reading", "publisher", "ndc",
)  # fmt: skip
WRITTEN = (*SAME, "series_id", "material_type_id")
BUSY = (errors.LockNotAvailable, errors.DeadlockDetected)


class Loader:
    """Writes batches by the rules in force when it was made; ``now`` dates what it writes."""

    def __init__(self, *, now: datetime, encoding: str = "", source: str = "", again: bool = False) -> None:
        """``source`` is the agency of records that name none; ``again`` maps records anew that have not changed."""
        self.now, self.encoding, self.again = now, encoding, again
        self.mapping = Mapping.current()
        fields = [cast("CharField[str, str]", Title._meta.get_field(name)) for name in CUT]
        longest = {field.name: (field.max_length or 0, str(field.verbose_name)) for field in fields}
        self.preparer = Preparer(self.mapping.copy_rules, self.mapping.libraries, longest, encoding, source)
        self.series = SeriesLoad()

    def write(self, batch: list[Prepared]) -> list[ImportOutcome]:
        """Write a batch and return what became of each record, in their order; titles go before their holdings."""
        outcomes = [ImportOutcome.of(one, Fate.REFUSED) for one in batch if one.refused]
        group: dict[Key, Prepared] = {}
        for one in batch:
            if one.refused or one.copies_only:
                continue
            if one.key in group:  # a number stands once in a group, so that a later record of it wins
                outcomes += self._group(list(group.values()))
                group = {}
            group[one.key] = one
        holdings = [one for one in batch if one.copies_only and not one.refused]
        for last in filter(None, (list(group.values()), holdings)):
            outcomes += self._group(last)
        return sorted(outcomes, key=lambda outcome: outcome.number)

    def _group(self, group: list[Prepared]) -> list[ImportOutcome]:
        try:
            with transaction.atomic():
                return self._write(group)
        except (DataError, IntegrityError) as error:
            cause = error.__cause__
            broken = (isinstance(cause, Error) and cause.diag.constraint_name) or type(cause).__name__
            reason = f"データベースの決まりに合いません（{broken}）。"
        except OperationalError as error:
            if not isinstance(error.__cause__, BUSY):
                raise
            reason = "この書誌は今使われています。もう一度取り込んでください。"
        self.series.forget()
        if len(group) == 1:
            group[0].problems.append(Problem(reason, fatal=True))
            return [ImportOutcome.of(group[0], Fate.REFUSED)]
        half = len(group) // 2
        return self._group(group[:half]) + self._group(group[half:])

    def _write(self, group: list[Prepared]) -> list[ImportOutcome]:
        known = Known(group)
        fates = {one.raw.number: Fate.UNCHANGED for one in group}
        fresh = [one for one in group if self.again or not known.is_same(one, self.encoding)]
        titles = known.lock(fresh)
        for one in known.not_theirs(fresh, titles):
            fates[one.raw.number] = Fate.REFUSED
        fresh = [one for one in fresh if not one.refused]
        telling = [one for one in fresh if not known.tells_less(one, titles)]
        items = ItemLoad(fresh, titles, now=self.now)
        self.series.prepare(one.facts for one in telling)
        for one in telling:
            fates[one.raw.number] = self._fill(one, titles, known, items)
        copy_in([titles[one.key] for one in telling if fates[one.raw.number] is Fate.CREATED])
        changed = [titles[one.key] for one in telling if fates[one.raw.number] is Fate.CHANGED]
        Title.objects.bulk_update(changed, (*WRITTEN, *DERIVED))
        known.keep(telling, titles, encoding=self.encoding, now=self.now, again=self.again)
        items.write(titles)
        return [ImportOutcome.of(one, fates[one.raw.number]) for one in group]

    def _fill(self, one: Prepared, titles: dict[Key, Title], known: Known, items: ItemLoad) -> Fate:
        """Set a title's columns; return CREATED, CHANGED or UNCHANGED."""
        title, series = titles.get(one.key), self.series.of(one.facts)
        kind, mixed = self.mapping.material_type(one.facts.signs, items.call_numbers(one))
        if mixed:
            one.problems.append(Problem("請求記号の番号が混ざっているため、資料種別を分けません。"))
        kind_id = title.material_type_id if title and known.is_ours(one) else kind.pk  # a dump does not name every kind
        columns = one.columns | {"material_type_id": kind_id, "series_id": series.pk if series else None}
        if title is None:
            titles[one.key] = title = Title(
                control_number=known.control_number(one),
                added_on=timezone.localdate(self.now),
                changed_at=timezone.now(),
                **columns,
            )
            fate = Fate.CREATED
        else:
            changed = [name for name, value in columns.items() if getattr(title, name) != value]
            for name in changed:
                setattr(title, name, columns[name])
            fate = Fate.CHANGED if changed else Fate.UNCHANGED
        title.series = series
        _derive(title, one)
        return fate


def _derive(title: Title, one: Prepared) -> None:
    """Set the derived columns: as they were prepared, unless the series known by that name is read otherwise."""
    series, facts = title.series, one.facts
    as_prepared = (series.name, series.reading) == (facts.series, facts.series_reading) if series else not facts.series
    if not as_prepared:
        title.derive()
        return
    for name, value in one.derived.items():
        setattr(title, name, value)
