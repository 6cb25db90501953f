"""The range of weeks is honest, or absent."""

from datetime import timedelta

import pytest

from loans.models import Loan
from reservations.views.wait import Turnaround, expected_weeks, in_words, turnarounds
from tests import build
from tests.build import NOON

DAYS = Turnaround(timedelta(days=7), timedelta(days=14))


@pytest.mark.parametrize(
    ("place", "copies", "turnaround", "weeks"),
    [
        (1, 1, DAYS, (0, 3)),
        (2, 1, DAYS, (1, 6)),
        (3, 1, DAYS, (2, 9)),
        (3, 3, DAYS, (0, 3)),
        (4, 3, DAYS, (1, 6)),
        (1, 0, DAYS, None),
        (1, 1, None, None),
    ],
)
def test_a_range_of_weeks(place, copies, turnaround, weeks):
    assert expected_weeks(place, copies, turnaround, shelf_days=7) == weeks


def test_the_range_in_words():
    assert [in_words(weeks) for weeks in (None, (0, 3), (1, 6))] == ["", "3週間以内", "およそ1～6週間"]


@pytest.mark.django_db
def test_turnaround_is_computed_from_five_loans_or_not_at_all():
    here, known, unknown = build.library(), build.title(), build.title()
    for title, days in [(known, (10, 12, 14, 16, 18)), (unknown, (10, 12, 14, 16))]:
        copy = build.item(title, here)
        for day in days:
            build.loan(copy, build.patron(password=None), checked_out_at=NOON - timedelta(days=day))
            returned = {"patron": None, "returned_at": NOON, "return_library": here}
            Loan.objects.filter(item=copy, returned_at=None).update(**returned)
    assert turnarounds([known.pk, unknown.pk], now=NOON) == {
        known.pk: Turnaround(timedelta(days=12), timedelta(days=16))
    }
