"""The one door through which a reservation changes its state, and the locks of patrons and reservations.

Locks (docs/design.md): Patron → VolumeOrder → Title (ascending id) → Item → Reservation → Loan. Lock first, then read,
decide, write. A patron's sequences are under the lock of the patron; ``catalog.copies`` locks titles and copies.
Nothing slow inside a transaction.

Who may hold what: verbs of a patron's own list (``queue``, ``sequences``) lock Patron, then Title, then Reservation;
verbs of a copy (``holds``) need Title, then Item. Both lock the title, so a change and a trap never cross.
"""

from datetime import datetime

from catalog.copies import lock_copy, lock_titles
from patrons.models import Patron, User
from reservations.models import Reservation, ReservationEvent, State

MOVES: dict[str, tuple[str, ...]] = {
    State.WAITING: (State.IN_TRANSIT, State.READY, State.FULFILLED, State.CANCELLED),
    # Back to waiting: the copy was lost or the trap undone. Fulfilled: the patron brought another copy.
    State.IN_TRANSIT: (State.READY, State.WAITING, State.FULFILLED, State.CANCELLED),
    # Back to in transit: an arrival undone, or staff changed the 受取館 of a copy on the shelf.
    State.READY: (State.FULFILLED, State.CANCELLED, State.EXPIRED, State.WAITING, State.IN_TRANSIT),
    # Only to undo a check-out.
    State.FULFILLED: (State.READY, State.WAITING),
    # Taken back within minutes, at the old place.
    State.CANCELLED: (State.WAITING,),
    State.EXPIRED: (),
}


class MoveNotAllowedError(Exception):
    """MOVES lacks this change of state."""


def move(
    reservation: Reservation, to: str, *, at: datetime, by: User | None, reason: str = "", **fields: object
) -> None:
    """Change the state, write ``fields`` with it and leave an event; the caller holds the locks.

    ``at`` is an aware datetime, ``by`` the login that acted (None for a cron command). Raise MoveNotAllowedError for
    what MOVES lacks.
    """
    came_from = reservation.state
    if to not in MOVES[came_from]:
        raise MoveNotAllowedError(f"{came_from} → {to}")
    fields["state"] = to
    for name, value in fields.items():
        setattr(reservation, name, value)
    reservation.save(update_fields=[*fields])
    record(reservation, at=at, by=by, reason=reason, moved_from=came_from)


def record(reservation: Reservation, *, at: datetime, by: User | None, reason: str = "", moved_from: str) -> None:
    """Write the event row of a move that has been made."""
    ReservationEvent.objects.create(
        reservation=reservation, at=at, moved_from=moved_from, moved_to=reservation.state, by=by, reason=reason
    )


def lock_patron(pk: int) -> Patron:
    """Lock and return a patron; first of all locks on rows."""
    return Patron.objects.select_for_update(no_key=True).get(pk=pk)


def lock_reservation(pk: int, item_id: int | None = None) -> Reservation:
    """Lock a reservation's patron, its title, the copy ``item_id`` if given, and itself; return it read afresh.

    Raise Reservation.DoesNotExist if it is gone.
    """
    patron = lock_patron(Reservation.objects.values_list("patron_id", flat=True).get(pk=pk))
    # Read only now: a queue that moves to another title (``stranded``) holds the patron's lock.
    title_id = Reservation.objects.values_list("title_id", flat=True).get(pk=pk)
    title = lock_titles([title_id])[title_id]
    if item_id:
        lock_copy(item_id)
    rows = Reservation.objects.select_related("pickup_library", "item__library")
    locked = rows.select_for_update(of=("self",), no_key=True).get(pk=pk)
    locked.patron, locked.title = patron, title
    return locked
