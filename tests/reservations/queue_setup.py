"""What the stories of this room share: one library or two, a titled queue, a scan as the desk makes it."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from catalog.copies import lock_copy
from catalog.models import Item, Library, Title
from patrons.models import Patron
from reservations import holds, queue
from reservations.limits import COUNTER
from reservations.models import Reservation, State
from reservations.wish import Wish
from tests import build
from tests.build import NOON, TODAY
from tests.sure import sure

CLOSED = {State.FULFILLED, State.CANCELLED, State.EXPIRED}


def place(patron: Patron, *titles: Title, at: Library, **changed) -> list[queue.PlaceResult]:
    """Reserve at the counter, contact 不要, at NOON."""
    acted = {"now": changed.pop("now", NOON), "by": changed.pop("by", patron.user)}
    method, face = changed.pop("contact_method", "none"), changed.pop("face", COUNTER)
    return queue.place(patron, titles, Wish(at, method, face, **changed), **acted)


def placed(patron: Patron, title: Title, *, at: Library, **changed) -> Reservation:
    """Reserve one title that no rule forbids."""
    [outcome] = place(patron, title, at=at, **changed)
    assert outcome.refusals == ()
    return sure(outcome.reservation)


def scan(item: Item, at: Library, *, now=NOON) -> Reservation | None:
    """Bring a free copy to a desk, which serves the queue; return whom it serves."""
    with transaction.atomic():
        return holds.trap_next(lock_copy(item.pk), at=at, by=None, now=now)


def arrive(item: Item, at: Library, *, now=NOON) -> Reservation | None:
    """Scan a copy in that travelled for a reservation."""
    with transaction.atomic():
        return holds.arrive(lock_copy(item.pk), at=at, by=None, now=now)


def in_state(state: str, *, title: Title | None = None, at: Library | None = None, **fields) -> Reservation:
    """Make a reservation that is in a state, with the copy that state needs."""
    at = at or build.library()
    title = title or build.title()
    patron = fields.pop("patron", None) or build.patron()
    needs: dict[str, object] = {"state": state}
    if state in {State.IN_TRANSIT, State.READY}:
        needs["item"] = held_copy(title, at, travelling=state == State.IN_TRANSIT)
    if state == State.READY:
        needs |= {"ready_at": NOON, "collect_by": TODAY + timedelta(days=7)}
    if state in CLOSED:
        needs |= {"closed_at": NOON, "closed_by": "patron"}
    return build.reservation(title, patron, at, **needs | fields)


def held_copy(title: Title, at: Library, *, travelling: bool) -> Item:
    """Make a copy on the hold shelf of a library, or on its way there from another."""
    if travelling:
        return build.item(title, build.library("瀬戸町図書館"), status=Item.Status.IN_TRANSIT, destination=at)
    return build.item(title, at, status=Item.Status.ON_HOLD_SHELF)


def states(reservations: Iterable[Reservation]) -> list[str]:
    """Read the states afresh, in the order given."""
    return [Reservation.objects.get(pk=reservation.pk).state for reservation in reservations]
