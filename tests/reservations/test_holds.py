"""A copy comes in: whom it serves, where it goes, how it is let go."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from catalog.copies import lock_copy
from catalog.models import ClosedDay, Item
from opac.faces.face import WEB
from reservations import holds, privacy, queue
from reservations.limits import RefusedError
from reservations.models import Reservation, State
from tests import build
from tests.build import NOON, TODAY
from tests.reservations.queue_setup import arrive, in_state, placed, scan, states
from tests.sure import sure

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return build.library()


@pytest.fixture
def there():
    return build.library("幸町図書館")


@pytest.fixture
def copy(here) -> Item:
    return build.item(build.title(), here)


def test_a_copy_serves_the_earliest_here(copy, here):
    first, second = [placed(build.patron(), copy.title, at=here) for _ in range(2)]
    assert scan(copy, here) == first
    copy.refresh_from_db()
    assert (copy.status, copy.library, copy.destination) == (Item.Status.ON_HOLD_SHELF, here, None)
    assert states([first, second]) == [State.READY, State.WAITING]


def test_a_copy_is_sent_to_the_library_of_collection_and_arrives(copy, here, there):
    reservation = placed(build.patron(), copy.title, at=there)
    assert sure(scan(copy, here)).state == State.IN_TRANSIT
    copy.refresh_from_db()
    assert (copy.status, copy.library, copy.destination) == (Item.Status.IN_TRANSIT, here, there)
    assert sure(arrive(copy, there)).state == State.READY
    copy.refresh_from_db()
    assert (copy.status, copy.library, copy.destination) == (Item.Status.ON_HOLD_SHELF, there, None)
    assert states([reservation]) == [State.READY]


def test_a_copy_at_a_wrong_branch_travels_on_from_there(copy, here, there):
    placed(build.patron(), copy.title, at=there)
    scan(copy, here)
    wrong = build.library("瀬戸町図書館")
    assert sure(arrive(copy, wrong)).state == State.IN_TRANSIT
    copy.refresh_from_db()
    assert (copy.library, copy.destination) == (wrong, there)


def test_second_returned_copy_serves_the_second_reservation(copy, here):
    first, second = [placed(build.patron(), copy.title, at=here) for _ in range(2)]
    other = build.item(copy.title, here)
    assert [scan(copy, here), scan(other, here)] == [first, second]


def test_the_shelf_deadline_is_the_seventh_open_day(copy):
    library = build.library("御津図書館", closed_weekdays=(0,))
    ClosedDay.objects.create(library=library, date=date(2026, 11, 26), reason="館内整理日")
    placed(build.patron(), copy.title, at=library)
    # 25 (Wed) 27 28 29, not Monday 30, then 1 2 3 December; the 26th is closed.
    assert sure(scan(copy, library)).collect_by == date(2026, 12, 3)


def test_nobody_waits_or_the_copy_stays_in_the_house(copy, here):
    assert scan(copy, here) is None
    placed(build.patron(), copy.title, at=here)
    kept = build.item(copy.title, here, lendable=False)
    assert scan(kept, here) is None
    kept.refresh_from_db()
    assert kept.status == Item.Status.AVAILABLE


def test_a_sleeping_reservation_is_skipped_and_keeps_its_place(copy, here):
    first, second = [placed(build.patron(), copy.title, at=here) for _ in range(2)]
    queue.pause(first, TODAY + timedelta(days=2), now=NOON)
    assert scan(copy, here) == second
    other = build.item(copy.title, here)
    assert scan(other, here, now=NOON + timedelta(days=1)) is None
    assert scan(other, here, now=NOON + timedelta(days=2)) == first


def test_a_lost_copy_lets_its_reservation_wait_at_the_old_place(copy, here):
    first, second = [placed(build.patron(), copy.title, at=here) for _ in range(2)]
    scan(copy, here)
    with transaction.atomic():
        holds.release(lock_copy(copy.pk), by=None, now=NOON, reason="調査中")
    places = {row.pk: row.place for row in Reservation.objects.with_place(TODAY)}
    assert places == {first.pk: 1, second.pk: 2}
    assert scan(build.item(copy.title, here), here) == first


def test_an_arrival_is_undone(copy, here, there):
    reservation = placed(build.patron(), copy.title, at=there)
    scan(copy, here)
    arrive(copy, there)
    with transaction.atomic():
        holds.undo_arrive(lock_copy(copy.pk), from_library=here, by=None, now=NOON)
    copy.refresh_from_db()
    assert (states([reservation]), copy.status, copy.destination) == ([State.IN_TRANSIT], Item.Status.IN_TRANSIT, there)


def test_any_copy_lent_to_the_patron_fulfils_the_own_reservation(copy, here):
    patron = build.patron()
    reservation = placed(patron, copy.title, at=here)
    scan(copy, here)
    other = build.item(copy.title, here)
    with transaction.atomic():
        holds.fulfil(patron, lock_copy(other.pk).title, by=None, now=NOON)
    reservation.refresh_from_db()
    assert (reservation.state, reservation.item) == (State.FULFILLED, None)
    assert holds.held_for(copy) is None


def test_a_check_out_is_undone(copy, here):
    patron = build.patron()
    reservation = placed(patron, copy.title, at=here)
    scan(copy, here)
    deadline = Reservation.objects.get(pk=reservation.pk).collect_by
    with transaction.atomic():
        fulfilled = holds.fulfil(patron, copy.title, by=None, now=NOON)
        holds.undo_fulfil(sure(fulfilled), lock_copy(copy.pk), by=None, now=NOON)
    reservation.refresh_from_db()
    assert (reservation.state, reservation.item, reservation.collect_by) == (State.READY, copy, deadline)


def test_who_stands_before_a_patron_who_brings_a_copy_to_the_desk(copy, here):
    early, late, stranger = build.patron(), build.patron(), build.patron()
    placed(early, copy.title, at=here)
    placed(late, copy.title, at=here)
    counted = [holds.others_before(copy.title, patron, on=TODAY) for patron in (early, late, stranger)]
    assert counted == [0, 1, 2]


def test_a_reservation_expires_the_day_after_its_last_day(here):
    last_day = in_state(State.READY, at=here, collect_by=TODAY)
    over = in_state(State.READY, at=here, collect_by=TODAY - timedelta(days=1))
    assert list(holds.expire(now=NOON)) == [over]
    assert states([last_day, over]) == [State.READY, State.EXPIRED]
    assert Reservation.objects.get(pk=over.pk).close_reason == holds.EXPIRED


def test_row_that_has_gone_does_not_stop_those_behind_it(here):
    rows = [in_state(State.READY, at=here, collect_by=TODAY - timedelta(days=days)) for days in (4, 3, 2, 1)]
    ending = holds.expire(now=NOON)
    assert next(ending) == rows[0]
    rows[1].delete()
    rows[3].delete()
    assert list(ending) == [rows[2]]
    assert states([rows[0], rows[2]]) == [State.EXPIRED, State.EXPIRED]


def test_staff_send_a_ready_copy_to_another_library(here, there):
    held = in_state(State.READY, at=here)
    holds.redirect(held, pickup_library=there, contact_method="none", by=None, now=NOON)
    held.refresh_from_db()
    copy = sure(held.item)
    assert (held.state, held.collect_by, copy.status, copy.destination) == (
        State.IN_TRANSIT,
        None,
        Item.Status.IN_TRANSIT,
        there,
    )


def test_staff_cannot_redirect_audiovisual_material_to_ishima(here):
    held = in_state(State.READY, at=here, title=build.title(code="cd"))
    ishima = build.library("伊島図書館", hands_out_av=False)
    with pytest.raises(RefusedError):
        holds.redirect(held, pickup_library=ishima, contact_method="none", by=None, now=NOON)
    assert states([held]) == [State.READY]


def test_a_return_leaves_no_row_between_patron_and_title(copy, here):
    patron = build.patron()
    placed(patron, copy.title, at=here, face=WEB)
    scan(copy, here)
    with transaction.atomic():
        holds.fulfil(patron, copy.title, by=None, now=NOON)
        privacy.forget(patron, copy.title)
    assert Reservation.objects.count() == 0


def test_purge_keeps_what_the_list_shows_and_what_is_on_loan(here):
    kept = [in_state(State.CANCELLED, at=here, closed_at=NOON - timedelta(days=30)), in_state(State.FULFILLED, at=here)]
    in_state(State.EXPIRED, at=here, closed_at=NOON - timedelta(days=31))
    assert privacy.purge(on=TODAY) == {"cancelled reservations": 1, "empty sequences": 0}
    assert set(Reservation.objects.all()) == set(kept)


def test_erasing_a_patron_leaves_the_copy_for_the_clearing_list(here):
    held = in_state(State.READY, at=here)
    told = privacy.held_about(held.patron)
    assert [row["状態"] for row in told["予約"]] == ["取置／貸出可"]
    privacy.erase(held.patron)
    assert Reservation.objects.count() == 0
    assert Item.objects.get(pk=sure(held.item_id)).status == Item.Status.ON_HOLD_SHELF
