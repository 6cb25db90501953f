"""Every change of state, the allowed ones and the others."""

import pytest

from reservations.models import Reservation, State
from reservations.moves import MOVES, MoveNotAllowedError, move
from tests.build import NOON
from tests.reservations.queue_setup import held_copy, in_state

pytestmark = pytest.mark.django_db

PAIRS = [(before, after) for before in State for after in State]


def needs(reservation: Reservation, after: str) -> dict[str, object]:
    """Return what the constraints want of a reservation in a state."""
    fields: dict[str, object] = {"item": None, "closed_at": None, "ready_at": None, "collect_by": None}
    if after in {State.IN_TRANSIT, State.READY}:
        fields["item"] = held_copy(reservation.title, reservation.pickup_library, travelling=False)
    if after == State.READY:
        fields |= {"ready_at": NOON, "collect_by": NOON.date()}
    if after in {State.FULFILLED, State.CANCELLED, State.EXPIRED}:
        fields["closed_at"] = NOON
    return fields


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_a_state_changes_through_the_table_only(before: State, after: State):
    reservation = in_state(before)
    fields = needs(reservation, after)
    if after in MOVES[before]:
        move(reservation, after, at=NOON, by=None, reason="試し", **fields)
        kept = Reservation.objects.get(pk=reservation.pk)
        [event] = kept.events.all()
        assert kept.state == after
        assert (event.moved_from, event.moved_to, event.at, event.reason) == (before, after, NOON, "試し")
    else:
        with pytest.raises(MoveNotAllowedError):
            move(reservation, after, at=NOON, by=None, reason="試し", **fields)
        assert Reservation.objects.get(pk=reservation.pk).state == before
        assert reservation.events.count() == 0


def test_the_table_names_every_state():
    assert set(MOVES) == set(State)
