"""The days of a year by a library's rules, against a notice the city published."""

import json
from datetime import date, time, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from catalog.models import ClosedDay, ExtraOpening, Library, OpeningHours, Policy
from catalog.opening.calendar import Calendar, Hours
from catalog.opening.yearly import second_sunday_of, year_days
from tests import build

SAMPLE = Path(__file__).resolve().parents[2] / "opac" / "sample"
NOTICE = json.loads((SAMPLE / "closures_2025_golden_week.json").read_text())
RULES = {one["code"]: one for one in json.loads((SAMPLE / "libraries.json").read_text())["libraries"]}
TEN_TO_SIX = Hours(time(10), time(18))

pytestmark = pytest.mark.django_db


def library_of_the_sample(code: str) -> Library:
    rules = RULES[code]
    made = Library.objects.create(
        code=code,
        name=rules["name"],
        short_name=rules["short"],
        telephone="-",
        closed_on_holidays=rules["closed_on_holidays"],
        closed_second_sunday=rules["second_sunday_closed"],
    )
    for weekday, (opens, closes) in rules["hours"].items():
        OpeningHours.objects.create(library=made, weekday=weekday, opens=opens, closes=closes)
    return made


@pytest.mark.parametrize("code", RULES)
def test_golden_week_2025_is_what_the_city_announced(code):
    library, told = library_of_the_sample(code), NOTICE["libraries"][code]
    call_command("fill_calendar", "2025", stdout=StringIO())
    for day in [*told["special_open"], *(["2025-05-06"] if code == "ashimori" else [])]:
        ExtraOpening.objects.create(library=library, date=day, opens=time(10), closes=time(18))
    if code == "midori":
        ClosedDay.objects.create(library=library, date="2025-05-07", reason="百花プラザ休館")
    calendar, (first, last) = Calendar(Library.objects.get()), map(date.fromisoformat, NOTICE["period"])
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    assert [day.isoformat() for day in days if not calendar.hours(day)] == told["closed"]


def test_filling_twice_writes_nothing_new_and_keeps_what_staff_set():
    library = library_of_the_sample("saiwaicho")
    ExtraOpening.objects.create(library=library, date="2025-05-04", opens=time(10), closes=time(18))
    call_command("fill_calendar", "2025", stdout=StringIO())
    rows = list(ClosedDay.objects.values_list("date", "reason"))
    told = StringIO()
    call_command("fill_calendar", "2025", stdout=told)
    assert (list(ClosedDay.objects.values_list("date", "reason")), told.getvalue()) == (
        rows,
        "幸町図書館: 0 days written, 0 dates moved\n",
    )
    assert Calendar(Library.objects.get()).hours(date(2025, 5, 4)) == TEN_TO_SIX


def test_a_library_open_on_holidays_opens_on_its_weekly_closing_day():
    days = year_days(library_of_the_sample("chuo"), 2025, Policy.current())
    assert days.extra[date(2025, 5, 5)] == (TEN_TO_SIX, "こどもの日")
    assert (date(2025, 4, 29) in days.closed, date(2025, 12, 30) in days.closed) == (False, True)


def test_the_turn_of_the_year_is_a_row_of_the_policy():
    policy = Policy.current()
    policy.year_end_from, policy.new_year_until = 28, 4
    days = year_days(build.library(), 2026, policy)
    assert [day for day in days.closed if days.closed[day] == "年末年始"] == [
        *(date(2026, 1, day) for day in (1, 2, 3, 4)),
        *(date(2026, 12, day) for day in (28, 29, 30, 31)),
    ]


@pytest.mark.parametrize(("month", "day"), [(2, 8), (3, 8), (5, 10), (6, 14), (11, 8)])
def test_second_sundays(month, day):
    assert second_sunday_of(2026, month) == date(2026, month, day)
