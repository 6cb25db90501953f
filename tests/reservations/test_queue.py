"""Placing, changing, pausing, cancelling, taking back."""

from datetime import timedelta
from uuid import uuid4

import pytest

from opac.faces.face import WEB
from reservations import queue
from reservations.limits import COUNTER, RefusedError
from reservations.models import BasketEntry, Reservation, State
from tests import build
from tests.build import NOON, TODAY
from tests.reservations.queue_setup import in_state, place, placed
from tests.sure import sure

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return build.library()


def copied(here, **fields):
    title = build.title(**fields)
    build.item(title, here)
    return title


def refused(action, *args, **fields) -> list[str]:
    with pytest.raises(RefusedError) as caught:
        action(*args, **fields)
    return [refusal.rule for refusal in caught.value.refusals]


def test_a_reservation_is_placed_at_the_end_of_the_queue(here):
    title = copied(here)
    first, second = [place(build.patron(), title, at=here)[0] for _ in range(2)]
    earlier, later = sure(first.reservation), sure(second.reservation)
    assert [(first.place, earlier.queue_number), (second.place, later.queue_number)] == [(1, 1), (2, 2)]
    [event] = later.events.all()
    assert (event.moved_from, event.moved_to, event.by) == ("", State.WAITING, later.patron.user)


def test_what_fits_is_accepted_in_order_and_the_rest_stays_in_the_basket(here):
    patron = build.patron()
    titles = [copied(here, code="cd") for _ in range(11)]
    BasketEntry.objects.bulk_create(
        BasketEntry(patron=patron, title=title, position=number, added_at=NOON) for number, title in enumerate(titles)
    )
    outcomes = place(patron, *titles, at=here)
    assert [outcome.accepted for outcome in outcomes] == [True] * 10 + [False]
    assert [refusal.rule for refusal in outcomes[-1].refusals] == ["limit"]
    assert [entry.title for entry in patron.basket.all()] == [titles[-1]]


def test_a_sequence_is_all_or_nothing(here):
    patron, borrowed = build.patron(), copied(here)
    build.loan(borrowed.items.get(), patron)
    outcomes = place(patron, copied(here), borrowed, at=here, as_sequence=True)
    assert [outcome.accepted for outcome in outcomes] == [False, False]
    assert [refusal.rule for refusal in outcomes[1].refusals] == ["on_loan"]
    assert patron.sequences.count() == 0


def test_a_basket_is_reserved_as_a_sequence(here):
    patron, titles = build.patron(), [copied(here) for _ in range(3)]
    outcomes = place(patron, *titles, at=here, as_sequence=True)
    members = patron.sequences.get().members.order_by("sequence_position")
    assert list(members) == [outcome.reservation for outcome in outcomes]


def test_a_submission_sent_twice_has_one_effect(here):
    patron, submission = build.patron(), uuid4()
    titles = [copied(here), copied(here)]
    once = place(patron, *titles, at=here, submission=submission)
    again = place(patron, *titles, at=here, submission=submission)
    assert [(outcome.reservation, outcome.place) for outcome in again] == [
        (outcome.reservation, outcome.place) for outcome in once
    ]
    assert Reservation.objects.count() == 2


def test_a_cancelled_place_is_not_reserved_again_by_the_back_button(here):
    patron, title, submission = build.patron(), copied(here), uuid4()
    [outcome] = place(patron, title, at=here, submission=submission)
    queue.cancel(sure(outcome.reservation), now=NOON, by=patron.user)
    [again] = place(patron, title, at=here, submission=submission)
    assert sure(again.reservation).state == State.CANCELLED


def test_the_place_shown_counts_who_could_be_served_before(here):
    title, other = copied(here), copied(here)
    placed(build.patron(), title, at=here)
    asleep = placed(build.patron(), title, at=here)
    queue.pause(asleep, TODAY + timedelta(days=3), now=NOON)
    place(build.patron(), other, title, at=here, as_sequence=True)
    last = placed(build.patron(), title, at=here)
    assert Reservation.objects.with_place(TODAY).get(pk=last.pk).place == 2
    later = TODAY + timedelta(days=3)
    assert Reservation.objects.with_place(later).get(pk=last.pk).place == 3


def test_a_waiting_reservation_is_changed(here):
    there = build.library("幸町図書館")
    patron = build.patron(email="hanako@example.jp")
    changed = queue.change(
        placed(patron, copied(here), at=here), pickup_library=there, contact_method="email", face=WEB
    )
    assert (changed.pickup_library, changed.contact_method) == (there, "email")


def test_audiovisual_material_is_not_moved_to_ishima(here):
    reservation = placed(build.patron(), copied(here, code="dvd"), at=here)
    ishima = build.library("伊島図書館", hands_out_av=False)
    change = {"pickup_library": ishima, "contact_method": "none", "face": WEB}
    assert refused(queue.change, reservation, **change) == ["audiovisual_pickup"]


def test_telephone_from_the_terminal_is_kept_when_the_web_changes_the_library(here):
    there, patron = build.library("幸町図書館"), build.patron(telephone="086-000-0000")
    reservation = placed(patron, copied(here), at=here, contact_method="telephone")
    changed = queue.change(reservation, pickup_library=there, contact_method="telephone", face=WEB)
    assert (changed.contact_method, changed.pickup_library) == ("telephone", there)


def test_telephone_chosen_at_the_counter_for_a_web_reservation(here):
    patron = build.patron(telephone="086-000-0000")
    reservation = placed(patron, copied(here), at=here, face=WEB)
    changed = queue.change(reservation, pickup_library=here, contact_method="telephone", face=COUNTER)
    assert changed.made_at == "counter"


@pytest.mark.parametrize("state", [State.IN_TRANSIT, State.READY])
def test_what_is_on_its_way_or_ready_is_refused_with_the_telephone(here, state):
    held = in_state(state, at=here)
    change = {"pickup_library": here, "contact_method": "none", "face": WEB}
    assert refused(queue.change, held, **change) == ["held"]
    assert refused(queue.pause, held, TODAY + timedelta(days=1), now=NOON) == ["held"]
    with pytest.raises(RefusedError, match=here.telephone):
        queue.cancel(held, now=NOON, by=held.patron.user)


@pytest.mark.parametrize("state", [State.WAITING, State.IN_TRANSIT, State.READY])
def test_the_library_cancels_in_any_state_with_a_reason(here, state):
    held = in_state(state, at=here)
    ended = queue.cancel(held, now=NOON, by=None, closed_by="library", reason="電話で承った")
    kept = Reservation.objects.get(pk=ended.pk)
    assert (kept.state, kept.closed_by, kept.close_reason, kept.item) == (
        State.CANCELLED,
        "library",
        "電話で承った",
        None,
    )


def test_cancelling_twice_says_that_it_is_over(here):
    reservation = placed(build.patron(), copied(here), at=here)
    queue.cancel(reservation, now=NOON, by=None)
    assert refused(queue.cancel, reservation, now=NOON, by=None) == ["ended"]


def test_a_cancelled_reservation_is_taken_back_at_its_old_place(here):
    title = copied(here)
    first = placed(build.patron(), title, at=here)
    placed(build.patron(), title, at=here)
    queue.cancel(first, now=NOON, by=None)
    back = queue.take_back(first, now=NOON + timedelta(minutes=10), by=None, face=WEB)
    assert Reservation.objects.with_place(TODAY).get(pk=back.pk).place == 1


def test_ten_minutes_to_take_back_and_no_longer(here):
    reservation = placed(build.patron(), copied(here), at=here)
    queue.cancel(reservation, now=NOON, by=None)
    late = NOON + timedelta(minutes=10, seconds=1)
    assert refused(queue.take_back, reservation, now=late, by=None, face=WEB) == ["take_back_over"]


def test_what_the_library_cancelled_is_not_taken_back(here):
    reservation = placed(build.patron(), copied(here), at=here)
    queue.cancel(reservation, now=NOON, by=None, closed_by="library")
    assert refused(queue.take_back, reservation, now=NOON, by=None, face=WEB) == ["take_back_over"]


def test_taking_back_asks_the_rules_again(here):
    patron, title = build.patron(), copied(here)
    reservation = placed(patron, title, at=here)
    queue.cancel(reservation, now=NOON, by=None)
    placed(patron, title, at=here)
    assert refused(queue.take_back, reservation, now=NOON, by=None, face=WEB) == ["already_reserved"]


def test_a_pause_ends_on_its_day_or_at_once(here):
    reservation = placed(build.patron(), copied(here), at=here)
    until = TODAY + timedelta(days=2)
    queue.pause(reservation, until, now=NOON)
    asleep = Reservation.objects.get(pk=reservation.pk)
    assert [asleep.asleep(TODAY + timedelta(days=number)) for number in range(3)] == [True, True, False]
    assert queue.resume(reservation).sleeps_until is None
    assert refused(queue.pause, reservation, TODAY, now=NOON) == ["pause_day"]


def test_cancelled_ones_are_shown_for_thirty_days(here):
    for days in (0, 30, 31):
        closed_at = NOON - timedelta(days=days)
        in_state(State.CANCELLED, at=here, closed_at=closed_at, close_reason=str(days))
    shown = Reservation.objects.lately_cancelled(TODAY, 30)
    assert [reservation.close_reason for reservation in shown] == ["0", "30"]
