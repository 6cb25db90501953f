"""Closings that come after dates were promised."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from catalog.models import ClosedDay, ExtraOpening, OpeningHours
from catalog.opening.calendar import Calendar
from loans import circulation, closures
from loans.closures import Shift
from loans.models import Loan
from reservations.models import Reservation, State
from tests import build
from tests.build import NOON, TODAY, TOKYO

pytestmark = pytest.mark.django_db

DUE = TODAY + timedelta(days=5)
OPEN_AGAIN = DUE + timedelta(days=2)


@pytest.fixture
def here():
    return build.library("中央図書館")


def promised(here) -> tuple[Loan, Reservation]:
    """Make a loan due and a copy to be collected on DUE, and one of each elsewhere or on another day."""
    loan = build.loan(build.item(build.title(), here), build.patron(), due_on=DUE)
    build.loan(build.item(build.title(), here), build.patron(), due_on=DUE - timedelta(days=1))
    build.loan(build.item(build.title(), build.library("幸町図書館")), build.patron(), due_on=DUE)
    title = build.title("こころ")
    shelved = build.item(title, here, status="on_hold_shelf")
    ready = {"state": State.READY, "item": shelved, "ready_at": NOON, "collect_by": DUE}
    return loan, build.reservation(title, build.patron(), here, **ready)


def test_a_closing_shows_what_it_would_move_before_it_is_written(here):
    promised(here)
    expected = [Shift("貸出期限", 1, DUE, OPEN_AGAIN), Shift("取置期限", 1, DUE, OPEN_AGAIN)]
    days = {DUE: "館内整理", DUE + timedelta(days=1): "館内整理"}
    assert closures.shifts(Calendar(here, also_closed=days), on=TODAY) == expected
    assert (ClosedDay.objects.count(), Loan.objects.filter(due_on=DUE).count()) == (0, 2)
    assert closures.close(here, days, now=NOON) == expected


def test_a_closing_moves_due_dates_and_shelf_deadlines_forward(here):
    loan, held = promised(here)
    closures.close(here, {DUE: "館内整理", DUE + timedelta(days=1): "館内整理"}, now=NOON)
    loan.refresh_from_db()
    held.refresh_from_db()
    assert (loan.due_on, held.collect_by) == (OPEN_AGAIN, OPEN_AGAIN)
    assert Loan.objects.filter(due_on=DUE).count() == 1  # the other library's


def test_a_weekly_closing_moves_every_week(here):
    loan, _ = promised(here)
    closures.close_weekday(here, DUE.weekday(), now=NOON)
    loan.refresh_from_db()
    assert (loan.due_on, OpeningHours.objects.filter(library=here).count()) == (DUE + timedelta(days=1), 6)


def test_closing_drops_an_extra_opening_of_that_day(here):
    ExtraOpening.objects.create(library=here, date=DUE, opens="10:00", closes="18:00")
    closures.close(here, {DUE: "停電"}, now=NOON)
    assert (ExtraOpening.objects.count(), Calendar(here).hours(DUE)) == (0, None)


def test_dates_of_the_past_stay(here):
    loan = build.loan(build.item(build.title(), here), build.patron(), due_on=TODAY - timedelta(days=1))
    assert closures.close(here, {TODAY - timedelta(days=1): "停電"}, now=NOON) == []
    loan.refresh_from_db()
    assert loan.due_on == TODAY - timedelta(days=1)


@pytest.mark.parametrize("lent_on", range(10, 22))
def test_no_loan_falls_due_at_the_turn_of_the_year(here, lent_on):
    call_command("fill_calendar", "2026", "2027", stdout=StringIO())
    now = datetime(2026, 12, lent_on, 12, tzinfo=TOKYO)
    item, patron = build.item(build.title(), here), build.patron()
    circulation.check_out(item, patron, at=here, by=None, now=now)
    due = Loan.objects.get().due_on
    plain = date(2026, 12, lent_on) + timedelta(days=14)
    assert due == (plain if plain < date(2026, 12, 29) else max(plain, date(2027, 1, 4)))
