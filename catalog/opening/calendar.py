"""When a library is open: due dates and shelf deadlines fall on days this module calls open (promise 11).

Who writes a due date or a deadline first calls ``hold_days``; who closes a day calls ``change_days``: so no date is
computed from days that are being changed at that moment.

A day's hours are those of the ExtraOpening if there is one, else none on a ClosedDay, else the weekly hours.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db import connection
from django.db.models import prefetch_related_objects

from catalog.models import Library

HORIZON = timedelta(days=400)
ONE_DAY = timedelta(days=1)
DAYS_LOCK = 7_000
"""First key of the advisory locks on libraries' days; the second is the library's id."""


@dataclass(frozen=True)
class Hours:
    """From when to when a library is open on one day."""

    opens: time
    closes: time


class NeverOpenError(Exception):
    """A library has no open day within HORIZON: its weekly hours are missing."""


class Calendar:
    """The days of one library, read once (three queries) and asked often.

    ``also_closed`` adds days to the closings, to see what they would change before they are written.
    """

    def __init__(self, library: Library, *, also_closed: Iterable[date] = ()) -> None:
        prefetch_related_objects([library], "opening_hours", "closed_days", "extra_openings")
        self.library = library
        self._weekly = {row.weekday: Hours(row.opens, row.closes) for row in library.opening_hours.all()}
        added = set(also_closed)
        self._closed = {row.date for row in library.closed_days.all()} | added
        extra = library.extra_openings.all()
        self._extra = {row.date: Hours(row.opens, row.closes) for row in extra if row.date not in added}

    @property
    def extra_days(self) -> Iterable[date]:
        """Return the days of extra openings."""
        return self._extra.keys()

    def hours(self, on: date) -> Hours | None:
        """Return the hours of a day, None when the library is closed."""
        if on in self._extra:
            return self._extra[on]
        return None if on in self._closed else self._weekly.get(on.weekday())

    def open_days(self, start: date) -> Iterator[date]:
        """Yield the open days from ``start`` on, that day included, within HORIZON."""
        day = start
        while day <= start + HORIZON:
            if self.hours(day):
                yield day
            day += ONE_DAY

    def next_open_day(self, start: date) -> date:
        """Return ``start`` if open, else the first open day after it; NeverOpenError if there is none."""
        for day in self.open_days(start):
            return day
        raise NeverOpenError(self.library.code)

    def after_open_days(self, start: date, count: int) -> date:
        """Return the ``count``-th open day after ``start``, which itself does not count (SPEC D4)."""
        for number, day in enumerate(self.open_days(start + ONE_DAY), 1):
            if number == count:
                return day
        raise NeverOpenError(self.library.code)


def calendars(libraries: Iterable[Library]) -> dict[int, Calendar]:
    """Return the calendars of several libraries by library id, in three queries for all."""
    libraries = list(libraries)
    prefetch_related_objects(libraries, "opening_hours", "closed_days", "extra_openings")
    return {library.pk: Calendar(library) for library in libraries}


def hold_days(library: Library) -> None:
    """Keep a library's days as they are until the transaction ends; first of all locks, shared by all who compute."""
    _lock_days("pg_advisory_xact_lock_shared", library)


def change_days(library: Library) -> None:
    """Wait for those who compute dates of a library, and keep others from it until the transaction ends."""
    _lock_days("pg_advisory_xact_lock", library)


def _lock_days(function: str, library: Library) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", (DAYS_LOCK, library.pk))
