"""The days of a year that follow from a library's rules: national holidays, second Sundays, the turn of the year.

Only rows of ClosedDay and ExtraOpening count when a date is computed; this module says which rows a year needs.
"""

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta

import jpholiday
from django.utils.translation import gettext_noop

from catalog.models import Library, Policy
from catalog.opening.calendar import Hours

SECOND_SUNDAY = gettext_noop("第2日曜")
TURN_OF_THE_YEAR = gettext_noop("年末年始")


@dataclass
class YearDays:
    """What one year needs: reasons by closed day, hours and reasons by extra opening."""

    closed: dict[date, str] = field(default_factory=dict)
    extra: dict[date, tuple[Hours, str]] = field(default_factory=dict)


def year_days(library: Library, year: int, policy: Policy) -> YearDays:
    """Return the closings and extra openings of a year by the library's rules (SPEC D7).

    A library closed on holidays is so on those that fall on its weekdays; one open on holidays opens even on its
    weekly closing day. Days closed by the week need no row. The turn of the year comes last and wins.
    """
    weekly = {row.weekday: Hours(row.opens, row.closes) for row in library.opening_hours.all()}
    days = YearDays()
    for day, name in jpholiday.year_holidays(year):
        if library.closed_on_holidays:
            days.closed[day] = name
        elif day.weekday() not in weekly and weekly:
            days.extra[day] = (weekly.get(6) or next(iter(weekly.values())), name)
    if library.closed_second_sunday:
        for month in range(1, 13):
            days.closed[second_sunday_of(year, month)] = SECOND_SUNDAY
    for day in turn_of_the_year(year, policy):
        days.closed[day] = TURN_OF_THE_YEAR
        days.extra.pop(day, None)
    days.closed = {day: reason for day, reason in sorted(days.closed.items()) if day.weekday() in weekly}
    return days


def second_sunday_of(year: int, month: int) -> date:
    """Return the second Sunday of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(calendar.SUNDAY - first.weekday()) % 7 + 7)


def turn_of_the_year(year: int, policy: Policy) -> list[date]:
    """Return the days of a year in which the house rests: its last ones and its first ones, as the policy says."""
    last = [date(year, 12, day) for day in range(policy.year_end_from, 32)]
    first = [date(year, 1, day) for day in range(1, policy.new_year_until + 1)]
    return first + last
