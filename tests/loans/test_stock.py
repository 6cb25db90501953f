"""Taking a copy out of circulation lets its reservation wait again; a loan is never forgotten by it."""

import pytest

from catalog.models import Item
from loans import circulation, stock
from loans.models import Loan
from reservations.models import Reservation, State
from tests import build
from tests.build import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return build.library("中央図書館")


@pytest.fixture
def counter(here):
    return build.staff(library=here)


@pytest.mark.parametrize(
    ("status", "words"), [("missing", "調査中"), ("in_processing", "整理中"), ("withdrawn", "除籍")]
)
def test_a_held_copy_that_is_lost_lets_its_reservation_wait_at_the_old_place(here, counter, status, words):
    title = build.title()
    item, first = build.item(title, here), build.reservation(title, build.patron(), here)
    build.reservation(title, build.patron(), here)
    circulation.check_in(item, at=here, by=counter, now=NOON)
    answer = stock.set_aside(item, status, by=counter, now=NOON)
    item, first = Item.objects.get(), Reservation.objects.get(pk=first.pk)
    assert (answer.headline, item.status, item.hold_number) == (f"{words}にしました", status, None)
    assert (first.state, first.queue_number, first.item) == (State.WAITING, 1, None)
    other = build.item(title, here)
    circulation.check_in(other, at=here, by=counter, now=NOON)
    first.refresh_from_db()
    assert (first.state, first.item) == (State.READY, other)


def test_a_copy_on_loan_is_returned_first(here, counter):
    item, patron = build.item(build.title(), here), build.patron()
    circulation.check_out(item, patron, at=here, by=counter, now=NOON)
    assert stock.set_aside(item, "withdrawn", by=counter, now=NOON).headline == "貸出中です"
    assert Loan.objects.get().patron == patron


@pytest.mark.parametrize("status", ["available", "on_loan", "in_transit", "on_hold_shelf", "", "x"])
def test_no_other_status_can_be_set_by_hand(here, counter, status):
    item = build.item(build.title(), here)
    stock.set_aside(item, status, by=counter, now=NOON)
    item.refresh_from_db()
    assert item.status == "available"


def test_a_travelling_copy_that_is_lost_goes_nowhere_any_more(here, counter):
    title = build.title()
    item, held = build.item(title, here), build.reservation(title, build.patron(), build.library("幸町図書館"))
    circulation.check_in(item, at=here, by=counter, now=NOON)
    stock.set_aside(item, "missing", by=counter, now=NOON)
    item, held = Item.objects.get(), Reservation.objects.get()
    assert (item.status, item.destination, held.state) == ("missing", None, State.WAITING)
