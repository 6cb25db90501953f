"""What the letters of one run have in common, read once: the library's rules and the days of its libraries."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils import timezone

from catalog.models import Library, Policy
from catalog.opening.calendar import Calendar, Hours, calendars
from notifications.models import MailPolicy, Notice
from reservations.models import Reservation

SHOWN_DAYS = 14  # of opening hours in a mail


@dataclass(frozen=True)
class Shelf:
    """Reservations ready at one library, and when it is open until the last of them is to be collected."""

    library: Library
    reservations: list[Reservation]
    days: list[tuple[date, Hours]]


class RunFacts:
    """Rules and calendars, as they were when a run began."""

    @cached_property
    def policy(self) -> Policy:
        return Policy.current()

    @cached_property
    def rules(self) -> MailPolicy:
        return MailPolicy.current()

    @cached_property
    def calendars(self) -> dict[int, Calendar]:
        return calendars(Library.objects.all())

    def shelves(self, notices: list[Notice], now: datetime) -> list[Shelf]:
        """Return what stands ready of what these notices are about, in the libraries' order; one query."""
        reservations = (
            Reservation.objects.filter(notices__in=notices)
            .select_related("title", "pickup_library")
            .order_by("pickup_library__position", "pickup_library", "collect_by", "id")
        )
        ready: dict[Library, list[Reservation]] = {}
        for reservation in reservations:
            ready.setdefault(reservation.pickup_library, []).append(reservation)
        return [
            Shelf(library, rows, self.opening_days(library, now, max(row.collect_by for row in rows if row.collect_by)))
            for library, rows in ready.items()
        ]

    def opening_days(self, library: Library, now: datetime, last: date) -> list[tuple[date, Hours]]:
        """Return the open days until ``last`` with their hours, SHOWN_DAYS at most; today unless it has closed."""
        calendar, local = self.calendars[library.pk], timezone.localtime(now)
        days = (local.date() + timedelta(days=number) for number in range(SHOWN_DAYS))
        shown = [(day, hours) for day in days if day <= last and (hours := calendar.hours(day))]
        return [(day, hours) for day, hours in shown if day > local.date() or local.time() < hours.closes]
