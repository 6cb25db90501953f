"""Batches of records → titles, copies and the records as they came.

A batch is written in one transaction. If the database refuses it, it is written in halves, down to the record that
it refuses; so one bad record costs itself. Locks: Title (ascending id) → Item.
"""

import hashlib
import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import DataError, IntegrityError, OperationalError, transaction
from django.utils import timezone
from psycopg import errors

from catalog.marc.facts import facts_of
from catalog.marc.holdings import copies_of
from catalog.marc.identity import Known
from catalog.marc.item_load import ItemLoad
from catalog.marc.mapping import Mapping
from catalog.marc.outcome import Fate, Outcome, Prepared
from catalog.marc.problem import Problem
from catalog.marc.reading import RawRecord, read
from catalog.marc.series_load import SeriesLoad
from catalog.models import MarcRecord, Title

logger = logging.getLogger(__name__)

LONGEST = {"title": 500, "title_reading": 800, "subtitle": 500, "volume": 60, "creator": 500}
LONGEST |= {"creator_reading": 800, "publisher": 200, "ndc": 20}
SAME = (*LONGEST, "other_titles", "volume_order", "year", "isbn", "language", "subjects")
WRITTEN = (*SAME, "series_id", "material_type_id")
DERIVED = {"folded": Title.fold_text, "title_key": Title.title_sort_key, "creator_key": Title.creator_sort_key}
BUSY = (errors.LockNotAvailable, errors.DeadlockDetected)
CONTENT_COLUMNS = ("form", "encoding", "digest", "data", "taken_at")


class Loader:
    """Reads and writes batches by the rules in force when it was made; ``now`` dates what it writes."""

    def __init__(self, *, now: datetime, encoding: str = "", again: bool = False) -> None:
        """``again`` maps records anew that have not changed themselves."""
        self.now, self.encoding, self.again = now, encoding, again
        self.mapping = Mapping.current()
        self.series = SeriesLoad()

    def prepare(self, raw: RawRecord) -> Prepared:
        """Read a record and work out what it says; needs no database and never raises."""
        prepared = Prepared(raw, hashlib.sha256(raw.data).hexdigest())
        try:
            self._read(prepared)
        except Exception:  # whatever a record holds, it costs itself alone; the log says where, not what
            logger.exception("A MARC record could not be mapped")
            prepared.facts = None
            prepared.problems = [Problem("この記録を読む途中で誤りが起きました。記録を見てください。", fatal=True)]
        return prepared

    def _read(self, prepared: Prepared) -> None:
        reading = read(prepared.raw, encoding=self.encoding)
        prepared.problems += reading.problems
        if reading.record is None:
            return
        prepared.facts, problems = facts_of(reading.record)
        prepared.problems += problems
        if prepared.facts:
            prepared.copies, problems = copies_of(reading.record, self.mapping.copy_rules, self.mapping.libraries)
            prepared.problems += problems

    def write(self, batch: list[Prepared]) -> list[Outcome]:
        """Write a batch and return what became of each record, in their order."""
        outcomes = [Outcome.of(one, Fate.REFUSED) for one in batch if one.facts is None]
        for group in _without_doubles(batch):
            outcomes += self._group(group)
        return sorted(outcomes, key=lambda outcome: outcome.number)

    def _group(self, group: list[Prepared]) -> list[Outcome]:
        try:
            with transaction.atomic():
                return self._write(group)
        except (DataError, IntegrityError) as error:
            broken = error.__cause__.diag.constraint_name or type(error.__cause__).__name__
            reason = f"データベースの決まりに合いません（{broken}）。"
        except OperationalError as error:
            if not isinstance(error.__cause__, BUSY):
                raise
            reason = "この書誌は今使われています。もう一度取り込んでください。"
        self.series.forget()
        if len(group) == 1:
            group[0].problems.append(Problem(reason, fatal=True))
            return [Outcome.of(group[0], Fate.REFUSED)]
        half = len(group) // 2
        return self._group(group[:half]) + self._group(group[half:])

    def _write(self, group: list[Prepared]) -> list[Outcome]:
        known = Known(group)
        fates = {one.raw.number: Fate.UNCHANGED for one in group}
        fresh = [one for one in group if self.again or not known.is_same(one, self.encoding)]
        titles = known.lock(fresh)
        items = ItemLoad(fresh, titles, now=self.now)
        self.series.prepare(one.facts for one in fresh)
        for one in fresh:
            fates[one.raw.number] = self._fill(one, titles, known, items)
        self._save(fresh, titles, fates)
        self._keep(fresh, titles, known)
        items.write(titles)
        return [Outcome.of(one, fates[one.raw.number]) for one in group]

    def _fill(self, one: Prepared, titles: dict, known: Known, items: ItemLoad) -> Fate:
        """Set a title's columns; return CREATED, CHANGED or UNCHANGED."""
        title = titles.get(one.key)
        fate = Fate.UNCHANGED if title else Fate.CREATED
        if title is None:
            number = known.control_number(one)
            # A value instead of the database's default lets Django insert by columns, in half the time.
            written = {"added_on": timezone.localdate(self.now), "changed_at": timezone.now()}
            title = titles[one.key] = Title(control_number=number, **written)
        kind, mixed = self.mapping.material_type(one.facts.signs, items.call_numbers(one))
        if mixed:
            one.problems.append(Problem("請求記号の番号が混ざっているため、資料種別を分けません。"))
        columns = self._columns(one) | {"material_type_id": kind.pk}
        for name, value in columns.items():
            if getattr(title, name) != value:
                setattr(title, name, value)
                fate = fate if fate is Fate.CREATED else Fate.CHANGED
        title.series = self.series.of(one.facts)
        return fate

    def _columns(self, one: Prepared) -> dict:
        columns = {name: getattr(one.facts, name) for name in SAME}
        for name, length in LONGEST.items():
            if len(columns[name]) > length:
                columns[name] = columns[name][:length].rstrip()
                one.problems.append(
                    Problem(f"{Title._meta.get_field(name).verbose_name}が長いため、途中で切りました。")
                )
        series = self.series.of(one.facts)
        return columns | {"series_id": series.pk if series else None}

    def _save(self, fresh: list[Prepared], titles: dict, fates: dict[int, Fate]) -> None:
        Title.objects.bulk_create([titles[one.key] for one in fresh if fates[one.raw.number] is Fate.CREATED])
        changed = [titles[one.key] for one in fresh if fates[one.raw.number] is Fate.CHANGED]
        for title in changed:
            for name, derive in DERIVED.items():
                setattr(title, name, derive(title))
        Title.objects.bulk_update(changed, (*WRITTEN, *DERIVED))

    def _keep(self, fresh: list[Prepared], titles: dict, known: Known) -> None:
        """Keep the records as they came."""
        made, renewed = [], []
        for one in fresh:
            record = known.records.get(one.key)
            (made if record is None else renewed).append(record := record or MarcRecord(title=titles[one.key]))
            record.agency, record.number = one.key
            record.form, record.encoding, record.digest = one.raw.form, self.encoding, one.digest
            record.data, record.taken_at = one.raw.data, self.now
        MarcRecord.objects.bulk_create(made)
        MarcRecord.objects.bulk_update(renewed, CONTENT_COLUMNS)


def _without_doubles(batch: list[Prepared]) -> Iterator[list[Prepared]]:
    """Yield the batch in groups in which every number stands once, so that a later record of a number wins."""
    group: dict[tuple[str, str], Prepared] = {}
    for one in batch:
        if one.facts is None:
            continue
        if one.key in group:
            yield list(group.values())
            group = {}
        group[one.key] = one
    if group:
        yield list(group.values())
