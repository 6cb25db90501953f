"""Closing days that come after dates were promised: what they move, and moving it (SPEC D7, promise 11).

Lock order: the library's days (``catalog.opening.calendar.change_days``), then reservations and loans.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from catalog.models import ClosedDay, ExtraOpening, Library, OpeningHours
from catalog.opening.calendar import Calendar, Hours, change_days
from loans.models import Loan
from reservations.models import Reservation, State


@dataclass(frozen=True)
class Shift:
    """Dates of one kind that move together: how many, from which closed day to which open one."""

    kind: str
    count: int
    old: date
    new: date


def shifts(calendar: Calendar, *, on: date) -> list[Shift]:
    """Return the due dates and shelf deadlines, from ``on`` on, that fall on days the calendar calls closed."""
    found = []
    for kind, rows, field in _promised(calendar.library):
        days = rows.filter(**{f"{field}__gte": on}).order_by(field).values_list(field).annotate(n=Count("pk"))
        found += [Shift(kind, n, day, calendar.next_open_day(day)) for day, n in days if not calendar.hours(day)]
    return found


def _promised(library: Library) -> Iterable[tuple]:
    yield _("貸出期限"), Loan.objects.open().filter(library=library), "due_on"
    yield _("取置期限"), Reservation.objects.filter(pickup_library=library, state=State.READY), "collect_by"


@transaction.atomic
def close(library: Library, days: dict[date, str], *, now: datetime) -> list[Shift]:
    """Close a library on days, with a reason each, and move what falls on them; an extra opening there is dropped."""
    change_days(library)
    ExtraOpening.objects.filter(library=library, date__in=days).delete()
    rows = [ClosedDay(library=library, date=day, reason=reason) for day, reason in days.items()]
    ClosedDay.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=("library", "date"), update_fields=("reason",)
    )
    return _move(library, on=localdate(now))


@transaction.atomic
def close_weekday(library: Library, weekday: int, *, now: datetime) -> list[Shift]:
    """Make a weekday (Monday is 0) a weekly closing day and move what falls on it."""
    change_days(library)
    OpeningHours.objects.filter(library=library, weekday=weekday).delete()
    return _move(library, on=localdate(now))


@transaction.atomic
def open_days(library: Library, days: dict[date, tuple[Hours, str]]) -> None:
    """Open a library on days it would be closed; dates that were promised stay."""
    change_days(library)
    rows = [
        ExtraOpening(library=library, date=day, opens=hours.opens, closes=hours.closes, reason=reason)
        for day, (hours, reason) in days.items()
    ]
    ExtraOpening.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=("library", "date"),
        update_fields=("opens", "closes", "reason"),
    )


def _move(library: Library, *, on: date) -> list[Shift]:
    fresh = Library.objects.get(pk=library.pk)  # without days read before the change
    moved = shifts(Calendar(fresh), on=on)
    fields = {kind: (rows, field) for kind, rows, field in _promised(library)}
    for shift in moved:
        rows, field = fields[shift.kind]
        rows.filter(**{field: shift.old}).update(**{field: shift.new})
    return moved
