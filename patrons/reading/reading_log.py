"""「読書の記録」: off until the patron asks for it, a sealed row for each return from then on (SPEC V1, M11).

The log's row is locked first by whoever writes or erases, and it is the last lock of a check-in, so that a return
and «switch off» at the same moment leave either the row and the log, or neither.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from patrons.models import Patron, ReadingLog, SealedRead
from patrons.reading import sealing


@dataclass(frozen=True)
class Read:
    """One title that came back, opened for its patron; ``pk`` is what deletes it, ``on`` a day in Asia/Tokyo."""

    pk: UUID
    title_id: int
    title: str
    on: date


def is_on(patron: Patron) -> bool:
    return ReadingLog.objects.filter(patron=patron).exists()


def is_asked(patron: Patron) -> bool:
    """Tell whether the patron has answered the question, which is put once."""
    return patron.asked_about_log_on is not None


@transaction.atomic
def answer(patron: Patron, *, keep: bool, on: date) -> None:
    """Write down the patron's answer: switch the log on, or off with all its rows and its salt."""
    if patron.asked_about_log_on is None:
        patron.asked_about_log_on = on
        patron.save(update_fields=("asked_about_log_on",))
    if keep:
        ReadingLog.objects.get_or_create(patron=patron, defaults={"salt": sealing.new_salt()})
    elif log := _locked(patron):
        log.delete()


def remember(patron: Patron, title_id: int, title: str, *, on: date) -> None:
    """Add a title that came back on a day, if the patron keeps a log; inside the transaction of the return.

    A copy lent and brought back once more on that day is the same reading: it is told once.
    """
    log = _locked(patron)
    if log is None:
        return
    content = sealing.Content(title_id, title, on)
    todays = _opened(log.rows.filter(fresh=True), {log.pk: log.salt})
    if all((said.title_id, said.on) != (title_id, on) for _, said in todays):
        log.rows.create(version=sealing.newest(), sealed=sealing.seal(content, log.salt))


def read_between(patron: Patron, first: date | None = None, last: date | None = None) -> list[Read]:
    """Return what the patron read from ``first`` to ``last``, both included, the latest first; all without them.

    Empty for a patron without a log. Rows that cannot be opened are left out (``count`` counts them).
    """
    log = ReadingLog.objects.filter(patron=patron).first()
    if log is None:
        return []
    reads = [
        Read(row.pk, said.title_id, said.title, said.on)
        for row, said in _opened(log.rows.all(), {log.pk: log.salt})
        if (first or date.min) <= said.on <= (last or date.max)
    ]
    return sorted(reads, key=lambda read: (-read.on.toordinal(), read.title, read.pk))


def count(patron: Patron) -> int:
    """Return how many rows the patron's log has, those included that cannot be opened."""
    return SealedRead.objects.filter(log__patron=patron).count()


@transaction.atomic
def delete_one(patron: Patron, pk: UUID) -> int:
    """Delete one row of the patron's log; return how many went, 0 when it was gone or is another's."""
    log = _locked(patron)
    return log.rows.filter(pk=pk).delete()[0] if log else 0


@transaction.atomic
def delete_all(patron: Patron) -> int:
    """Delete every row and change the salt; the log stays on. Returns how many rows went."""
    log = _locked(patron)
    if log is None:
        return 0
    deleted = log.rows.all().delete()[0]
    log.salt = sealing.new_salt()
    log.save(update_fields=("salt",))
    return deleted


@transaction.atomic
def mix() -> int:
    """Write every fresh row again, in random order, in one transaction; return how many.

    A row's place in the table and the transaction that wrote it are those of the return, and PostgreSQL shows both
    to an administrator, who could find the returned loan by them. Rows sealed with an older secret are sealed with
    the newest on this occasion, so that the older one can be taken away.
    """
    rows = SealedRead.objects.filter(Q(fresh=True) | ~Q(version=sealing.newest()))
    logs = ReadingLog.objects.select_for_update(no_key=True).filter(pk__in=rows.order_by().values("log"))
    salts = {log.pk: log.salt for log in logs.order_by("pk")}
    newest = sealing.newest()
    written = [
        SealedRead(
            id=row.pk, log_id=row.log_id, version=newest, sealed=sealing.seal(said, salts[row.log_id]), fresh=False
        )
        for row, said in _opened(rows.filter(log__in=salts), salts)
    ]
    random.SystemRandom().shuffle(written)
    SealedRead.objects.filter(pk__in=[row.pk for row in written]).delete()
    return len(SealedRead.objects.bulk_create(written))


def _locked(patron: Patron) -> ReadingLog | None:
    return ReadingLog.objects.select_for_update(no_key=True).filter(patron=patron).first()


def _opened(
    rows: Iterable[SealedRead], salts: dict[int, sealing.Bytes]
) -> Iterator[tuple[SealedRead, sealing.Content]]:
    """Yield the rows that can be opened with what they say; ``salts`` by log."""
    for row in rows:
        try:
            content = sealing.unseal(row.sealed, salts[row.log_id], row.version)
        except sealing.ShutForEverError:
            continue
        yield row, content
