"""What the letters of one run have in common, read once: the library's rules and the days of its libraries."""

from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils import timezone

from catalog.models import Library, Policy
from catalog.opening.calendar import Calendar, Hours, calendars
from notifications.models import MailPolicy

SHOWN_DAYS = 14  # of opening hours in a mail


class House:
    """Rules and calendars, as they were when a run began."""

    @cached_property
    def policy(self) -> Policy:
        return Policy.current()

    @cached_property
    def rules(self) -> MailPolicy:
        return MailPolicy.current()

    @cached_property
    def _calendars(self) -> dict[int, Calendar]:
        return calendars(Library.objects.all())

    def opening_days(self, library: Library, now: datetime, last: date) -> list[tuple[date, Hours]]:
        """Return the open days until ``last`` with their hours, SHOWN_DAYS at most; today unless it has closed."""
        calendar, local = self._calendars[library.pk], timezone.localtime(now)
        days = (local.date() + timedelta(days=number) for number in range(SHOWN_DAYS))
        shown = [(day, hours) for day in days if day <= last and (hours := calendar.hours(day))]
        return [(day, hours) for day, hours in shown if day > local.date() or local.time() < hours.closes]
