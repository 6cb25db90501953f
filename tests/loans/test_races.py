"""The counter's promises in races; each has a twin without its guard, which must break the promise.

The racers meet at the point between reading and writing. With the guard the second one cannot come there.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError

from catalog.models import Item, LimitGroup
from loans import circulation, closures
from loans.answers import DeskOutcome
from loans.models import Loan
from patrons.models import Patron
from reservations import holds, queue
from reservations.limits import COUNTER
from reservations.models import Reservation, ReservationEvent, State
from reservations.wish import Wish
from tests import build
from tests.build import NOON, TODAY
from tests.concurrent_acts import Meeting, dawdling, together

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
def here():
    return build.library("中央図書館")


def meet_after(monkeypatch, module, name: str, racers: int = 2) -> None:
    monkeypatch.setattr(module, name, Meeting(racers).after(getattr(module, name)))


def without_copy_locks(monkeypatch) -> None:
    rows = Item.objects.select_related("title__material_type__limit_group", "home_library", "library")
    monkeypatch.setattr(circulation, "lock_copy", lambda pk: rows.get(pk=pk))


def lend(item: Item, patron: Patron, here) -> Callable:
    return lambda: circulation.check_out(item, patron, at=here, by=None, now=NOON)


def scan_twice(monkeypatch, here) -> tuple[list, int]:
    """Scan a copy that somebody waits for at two desks; return the headlines and how often it was trapped."""
    title = build.title()
    build.reservation(title, build.patron(), here)
    item = build.item(title, here)
    meet_after(monkeypatch, holds, "next_for")
    answers = together(*[lambda: circulation.check_in(item, at=here, by=None, now=NOON)] * 2)
    trapped = ReservationEvent.objects.filter(moved_to=State.READY).count()
    return [getattr(answer, "headline", answer) for answer in answers], trapped


def test_a_double_scan_traps_once_and_answers_twice_the_same(monkeypatch, here):
    assert scan_twice(monkeypatch, here) == (["取置　1番の棚へ"] * 2, 1)


def test_twin_without_copy_locks_a_double_scan_traps_twice(monkeypatch, here):
    without_copy_locks(monkeypatch)
    _, trapped = scan_twice(monkeypatch, here)
    assert trapped == 2


def lend_to_two(monkeypatch, here) -> list[str]:
    item = build.item(build.title(), here)
    meet_after(monkeypatch, circulation, "_refusal")
    answers = together(*[lend(item, build.patron(), here) for _ in range(2)])
    assert Loan.objects.open().count() == 1
    return sorted(answer.outcome.name if hasattr(answer, "outcome") else type(answer).__name__ for answer in answers)


def test_a_copy_at_two_desks_is_lent_to_one_and_refused_to_the_other(monkeypatch, here):
    assert lend_to_two(monkeypatch, here) == ["LENT", "STOP"]


def test_twin_without_copy_locks_the_constraint_still_lends_once_but_with_a_raw_error(monkeypatch, here):
    without_copy_locks(monkeypatch)
    assert lend_to_two(monkeypatch, here) == [IntegrityError.__name__, "LENT"]


def lend_past_the_limit(monkeypatch, here) -> int:
    LimitGroup.objects.filter(name="DVD・ビデオ").update(loan_limit=1)
    patron = build.patron()
    items = [build.item(build.title(f"映画{n}", code="dvd"), here) for n in range(3)]
    meet_after(monkeypatch, circulation, "_refusal", racers=3)
    together(*[lend(item, patron, here) for item in items])
    return Loan.objects.open().filter(patron=patron).count()


def test_the_loan_limit_holds_at_three_desks(monkeypatch, here):
    assert lend_past_the_limit(monkeypatch, here) == 1


def test_twin_without_the_patrons_lock_the_limit_breaks(monkeypatch, here):
    monkeypatch.setattr(circulation, "lock_patron", lambda pk: Patron.objects.get(pk=pk))
    assert lend_past_the_limit(monkeypatch, here) == 3


def extend_while_reserving(monkeypatch, here) -> list[str]:
    """Reserve a title while its loan is being extended; return which came first.

    An extension written after a reservation was placed breaks promise 7.
    """
    title, reader = build.title(), build.patron()
    loan = build.loan(build.item(title, here), build.patron())
    meeting, order = Meeting(), []
    monkeypatch.setattr(circulation, "extension", dawdling(meeting.after(circulation.extension)))

    def extend() -> None:
        circulation.extend(loan, by=None, now=NOON)
        order.append("extended")

    def reserve() -> None:
        queue.place(reader, [title], Wish(here, "none", COUNTER), now=NOON, by=None)
        order.append("reserved")

    together(extend, meeting.before(reserve))
    loan.refresh_from_db()
    assert (loan.extended_at, Reservation.objects.waiting().count()) == (NOON, 1)
    return order


def test_a_reservation_waits_for_an_extension_in_progress(monkeypatch, here):
    assert extend_while_reserving(monkeypatch, here) == ["extended", "reserved"]


def test_twin_without_the_titles_lock_a_loan_is_extended_past_somebody_waiting(monkeypatch, here):
    monkeypatch.setattr(circulation, "lock_titles", lambda pks: {})
    assert extend_while_reserving(monkeypatch, here) == ["reserved", "extended"]


def test_an_extension_sees_a_reservation_in_progress(monkeypatch, here):
    title, reader = build.title(), build.patron()
    loan = build.loan(build.item(title, here), build.patron())
    queue.place(reader, [title], Wish(here, "none", COUNTER), now=NOON, by=None)
    answers = together(*[lambda: circulation.extend(loan, by=None, now=NOON)] * 2)
    assert [str(answer) for answer in answers] == ["次の方の予約が入っているため、延長できません。"] * 2


def test_a_double_press_extends_once(monkeypatch, here):
    loan = build.loan(build.item(build.title(), here), build.patron())
    meet_after(monkeypatch, circulation, "extension")
    answers = together(*[lambda: circulation.extend(loan, by=None, now=NOON)] * 2)
    loan.refresh_from_db()
    assert sorted(type(answer).__name__ for answer in answers) == ["Loan", "NotExtendableError"]
    assert loan.due_on == TODAY + timedelta(days=14)


def close_while_lending(monkeypatch, here) -> bool:
    """Lend a copy while its due day becomes a closing day; return whether the due date is an open day."""
    due = TODAY + timedelta(days=14)
    item, patron, meeting = build.item(build.title(), here), build.patron(), Meeting()
    monkeypatch.setattr(circulation, "Calendar", meeting.after(circulation.Calendar))
    monkeypatch.setattr(circulation, "_lend", dawdling(circulation._lend))
    close = meeting.before(lambda: closures.close(here, {due: "館内整理"}, now=NOON))
    answers = together(lend(item, patron, here), close)
    assert answers[0].outcome is DeskOutcome.LENT
    return Loan.objects.get().due_on != due


def test_a_closing_waits_for_a_loan_in_progress_and_moves_it(monkeypatch, here):
    assert close_while_lending(monkeypatch, here) is True


def test_twin_without_the_days_held_a_due_date_falls_on_a_closing_day(monkeypatch, here):
    monkeypatch.setattr(circulation, "hold_days", lambda library: None)
    assert close_while_lending(monkeypatch, here) is False
