"""Write a year's closing days from the libraries' rules: ``manage.py fill_calendar 2027``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from catalog.models import Library, Policy
from catalog.opening.calendar import Calendar
from catalog.opening.yearly import year_days
from loans import closures


class Command(BaseCommand):
    help = "Write holidays, second Sundays and the turn of the year; days that staff set by hand stay as they are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int, nargs="*", help="default: this year and the next")

    def handle(self, *args: Any, **options: Any) -> None:
        now, policy = timezone.now(), Policy.current()
        this = timezone.localdate(now).year
        for library in Library.objects.all():
            written = moved = 0
            for year in options["year"] or (this, this + 1):
                days, calendar = year_days(library, year, policy), Calendar(library)
                known = {row.date for row in library.closed_days.all()} | set(calendar.extra_days)
                closed = {day: reason for day, reason in days.closed.items() if day not in known}
                extra = {day: opening for day, opening in days.extra.items() if day not in known}
                moved += sum(shift.count for shift in closures.close(library, closed, now=now))
                closures.open_days(library, extra)
                written += len(closed) + len(extra)
            self.stdout.write(f"{library}: {written} days written, {moved} dates moved")
