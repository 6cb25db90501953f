"""The verbs of the counter, one story each."""

from datetime import date, timedelta

import pytest

from catalog.models import ClosedDay, Item
from loans import circulation, undo
from loans.answers import DeskOutcome
from loans.models import Loan
from reservations.models import Reservation, State
from tests import build
from tests.build import NOON, TODAY
from tests.sure import sure

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return build.library("中央図書館")


@pytest.fixture
def elsewhere():
    return build.library("幸町図書館")


@pytest.fixture
def counter(here):
    return build.staff(library=here)


def state(reservation: Reservation) -> str:
    return Reservation.objects.get(pk=reservation.pk).state


def status(item: Item) -> tuple[str, int, int | None]:
    found = Item.objects.get(pk=item.pk)
    return found.status, found.library_id, found.destination_id


def test_a_loan_lasts_two_weeks_and_moves_to_the_next_open_day(here, counter):
    due = TODAY + timedelta(days=14)
    ClosedDay.objects.create(library=here, date=due, reason="館内整理")
    item, patron = build.item(build.title(), here), build.patron(birth_date=date(2010, 5, 1))
    answer = circulation.check_out(item, patron, at=here, by=counter, now=NOON)
    loan = Loan.objects.get()
    assert (answer.outcome, answer.headline) == (DeskOutcome.LENT, "貸出　12月9日（水）まで")
    assert (loan.patron, loan.due_on, loan.age_band, status(item)[0]) == (
        patron,
        due + timedelta(days=1),
        "13–18歳",
        "on_loan",
    )


def test_lending_twice_to_the_same_patron_changes_nothing(here, counter):
    item, patron = build.item(build.title(), here), build.patron()
    circulation.check_out(item, patron, at=here, by=counter, now=NOON)
    again = circulation.check_out(item, patron, at=here, by=counter, now=NOON)
    assert (again.outcome, Loan.objects.count()) == (DeskOutcome.NOTICE, 1)


def test_a_copy_lent_to_another_patron_is_returned_first(here, counter):
    item = build.item(build.title(), here)
    circulation.check_out(item, build.patron(), at=here, by=counter, now=NOON)
    answer = circulation.check_out(item, build.patron(), at=here, by=counter, now=NOON)
    assert (answer.headline, Loan.objects.count()) == ("返却の処理がまだです", 1)


def test_a_copy_on_the_hold_shelf_for_another_is_refused_even_with_a_reason(here, counter):
    title = build.title()
    item, waits = build.item(title, here), build.patron()
    held = build.reservation(title, waits, here)
    circulation.check_in(item, at=here, by=counter, now=NOON)
    answer = circulation.check_out(item, build.patron(), at=here, by=counter, now=NOON, override="急ぎ")
    assert (answer.headline, state(held), Loan.objects.count()) == ("ほかの方の取置です", State.READY, 0)


def test_a_copy_others_wait_for_is_lent_only_with_a_reason(here, counter):
    title = build.title()
    item, held = build.item(title, here), build.reservation(title, build.patron(), here)
    patron = build.patron()
    refused = circulation.check_out(item, patron, at=here, by=counter, now=NOON)
    assert (refused.awaited, refused.headline) == (True, "予約が1件入っています")
    answer = circulation.check_out(item, patron, at=here, by=counter, now=NOON, override="展示のため")
    assert (answer.outcome, state(held)) == (DeskOutcome.LENT, State.WAITING)
    assert Loan.objects.get().override_reason == "展示のため"


def test_any_copy_fulfils_the_patrons_own_reservation_and_frees_the_trapped_one(here, counter):
    title, patron = build.title(), build.patron()
    trapped, brought = build.item(title, here), build.item(title, here)
    held = build.reservation(title, patron, here)
    circulation.check_in(trapped, at=here, by=counter, now=NOON)
    answer = circulation.check_out(brought, patron, at=here, by=counter, now=NOON)
    assert (answer.outcome, state(held)) == (DeskOutcome.LENT, State.FULFILLED)
    assert status(trapped)[0] == "on_hold_shelf"
    assert circulation.check_in(trapped, at=here, by=counter, now=NOON).outcome is DeskOutcome.SHELF


@pytest.mark.parametrize(("code", "allowed"), [("cd", 5), ("spoken_cd", 7), ("book", 7)])
def test_a_limit_group_stops_at_its_loan_limit(here, counter, code, allowed):
    patron = build.patron()
    items = [build.item(build.title(f"資料{n}", code=code), here) for n in range(7)]
    lent = [circulation.check_out(item, patron, at=here, by=counter, now=NOON).outcome for item in items]
    assert lent == [DeskOutcome.LENT] * allowed + [DeskOutcome.STOP] * (7 - allowed)


def test_reference_copies_are_not_lent(here, counter):
    item = build.item(build.title(), here, lendable=False)
    assert circulation.check_out(item, build.patron(), at=here, by=counter, now=NOON).headline == "禁帯出です"


def test_check_in_forgets_the_patron_and_removes_the_fulfilled_reservation(here, counter):
    title, patron = build.title(), build.patron()
    item = build.item(title, here)
    build.reservation(title, patron, here)
    other = build.reservation(build.title("草枕"), patron, here)
    circulation.check_in(item, at=here, by=counter, now=NOON)
    circulation.check_out(item, patron, at=here, by=counter, now=NOON)
    circulation.check_in(item, at=here, by=counter, now=NOON + timedelta(days=3))
    loan = Loan.objects.get()
    assert (loan.patron, loan.return_library, loan.returned_at) == (None, here, NOON + timedelta(days=3))
    assert list(Reservation.objects.filter(patron=patron)) == [other]


def test_second_returned_copy_serves_the_second_reservation(here, elsewhere, counter):
    title = build.title()
    copies = [build.item(title, here), build.item(title, here)]
    first = build.reservation(title, build.patron(), elsewhere)
    second = build.reservation(title, build.patron(), here)
    answers = [circulation.check_in(copy, at=here, by=counter, now=NOON) for copy in copies]
    assert [answer.headline for answer in answers] == ["配送中　幸町図書館へ", "取置　1番の棚へ"]
    assert (state(first), state(second)) == (State.IN_TRANSIT, State.READY)


def test_a_wrong_branch_sends_the_copy_on(here, elsewhere, counter):
    third, title = build.library("伊島図書館"), build.title()
    item, held = build.item(title, here), build.reservation(title, build.patron(), elsewhere)
    circulation.check_in(item, at=here, by=counter, now=NOON)
    answer = circulation.check_in(item, at=third, by=counter, now=NOON)
    assert (answer.headline, state(held)) == ("配送中　幸町図書館へ", State.IN_TRANSIT)
    assert status(item) == ("in_transit", third.pk, elsewhere.pk)


def test_numbers_of_the_hold_shelf_are_used_again(here, counter):
    copies, patrons = [], []
    for name in ("一", "二", "三"):
        title = build.title(name)
        copies.append(build.item(title, here))
        patrons.append(build.patron())
        build.reservation(title, patrons[-1], here)
    numbers = [circulation.check_in(copy, at=here, by=counter, now=NOON).number for copy in copies]
    circulation.check_out(copies[1], patrons[1], at=here, by=counter, now=NOON)
    title = build.title("四")
    build.reservation(title, build.patron(), here)
    fourth = circulation.check_in(build.item(title, here), at=here, by=counter, now=NOON)
    assert [*numbers, fourth.number] == [1, 2, 3, 2]


def test_a_withdrawn_copy_is_handed_to_someone(here, counter):
    item = build.item(build.title(), here, status="withdrawn")
    assert circulation.check_in(item, at=here, by=counter, now=NOON).headline == "除籍した資料です"
    assert status(item)[0] == "withdrawn"


def test_an_extension_is_two_weeks_from_the_old_due_date_moved_to_an_open_day(here):
    ClosedDay.objects.create(library=here, date=TODAY + timedelta(days=14), reason="館内整理")
    loan = build.loan(build.item(build.title(), here), build.patron())
    extended = circulation.extend(loan, by=None, now=NOON + timedelta(days=2))
    assert (extended.due_on, extended.extended_at) == (TODAY + timedelta(days=15), NOON + timedelta(days=2))


def refused(loan: Loan, now=NOON) -> str:
    with pytest.raises(circulation.NotExtendableError) as refusal:
        circulation.extend(loan, by=None, now=now)
    return str(refusal.value)


def test_an_extension_is_refused_with_its_reason(here):
    patron = build.patron()
    early = build.loan(build.item(build.title(), here), patron, due_on=TODAY + timedelta(days=1))
    late = build.loan(build.item(build.title(), here), patron, due_on=TODAY - timedelta(days=14))
    spoken = build.loan(build.item(build.title(code="spoken_cd"), here), patron)
    foreign = build.loan(build.item(build.title(), here, interlibrary=True), patron)
    awaited_title = build.title()
    awaited = build.loan(build.item(awaited_title, here), patron)
    build.reservation(awaited_title, build.patron(), here, sleeps_until=TODAY + timedelta(days=30))
    twice = circulation.extend(build.loan(build.item(build.title(), here), patron), by=None, now=NOON)
    assert [refused(loan) for loan in (early, late, spoken, foreign, awaited, twice)] == [
        "延長は、貸出期限の当日（11月25日（水））からできます。",
        "貸出期限から13日を過ぎたため、延長できません。図書館へお返しください。",
        "視聴覚資料は延長できません。",
        "ほかの図書館から借りた資料は延長できません。",
        "次の方の予約が入っているため、延長できません。",
        "すでに延長しています。延長は1度だけです。",
    ]


def test_the_thirteenth_day_after_the_due_date_still_extends(here):
    loan = build.loan(build.item(build.title(), here), build.patron(), due_on=TODAY - timedelta(days=13))
    assert circulation.extend(loan, by=None, now=NOON).due_on == TODAY + timedelta(days=1)


def test_undoing_a_check_out_gives_the_ready_copy_back_to_its_number(here, counter):
    title, patron = build.title(), build.patron()
    item, held = build.item(title, here), build.reservation(title, patron, here)
    circulation.check_in(item, at=here, by=counter, now=NOON)
    done = circulation.check_out(item, patron, at=here, by=counter, now=NOON).undo
    answer = undo.undo(sure(done), at=here, by=counter, now=NOON)
    again = circulation.check_in(item, at=here, by=counter, now=NOON)
    assert (answer.outcome, state(held), Loan.objects.count()) == (DeskOutcome.UNDONE, State.READY, 0)
    assert again.headline == "取置　1番の棚へ"


def test_undoing_a_check_out_puts_a_free_copy_where_it_was(here, counter):
    item = build.item(build.title(), here)
    done = circulation.check_out(item, build.patron(), at=here, by=counter, now=NOON).undo
    undo.undo(sure(done), at=here, by=counter, now=NOON)
    assert (status(item), Loan.objects.count()) == (("available", here.pk, None), 0)


def test_undoing_an_arrival_and_a_slip_takes_the_reservation_back(here, elsewhere, counter):
    title = build.title()
    item, held = build.item(title, here), build.reservation(title, build.patron(), elsewhere)
    slip = circulation.check_in(item, at=here, by=counter, now=NOON).undo
    arrival = circulation.check_in(item, at=elsewhere, by=counter, now=NOON).undo
    undo.undo(sure(arrival), at=elsewhere, by=counter, now=NOON)
    assert (state(held), status(item)) == (State.IN_TRANSIT, ("in_transit", here.pk, elsewhere.pk))
    undo.undo(sure(slip), at=here, by=counter, now=NOON)
    assert (state(held), status(item)) == (State.WAITING, ("available", here.pk, None))


def test_nothing_is_undone_when_the_world_moved_on(here, counter):
    item, patron = build.item(build.title(), here), build.patron()
    done = circulation.check_out(item, patron, at=here, by=counter, now=NOON).undo
    circulation.check_in(item, at=here, by=counter, now=NOON)
    assert undo.undo(sure(done), at=here, by=counter, now=NOON).headline == "取り消せません"
