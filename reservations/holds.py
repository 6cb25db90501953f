"""A copy held for a reservation: trapped on a scan, arrived, released, fulfilled, expired.

Called by the loans room. Locks: Patron → Title → Item → Reservation, see ``moves``. A function that says «under the
copy's locks» expects the caller to hold Title and Item in its own transaction (``copies.lock_copy`` takes them); the
others take what they need.

Who writes the copy's row: ``trap_next``, ``arrive``, ``redirect`` and the undo functions write the reservation and the
copy together, the copy through its own door (``copies.move``). ``release``, ``fulfil``, ``queue.cancel`` and
``expire`` write only the reservation: the copy stays where it lies, which the desk knows better. A copy on the hold
shelf without a reservation is what the clearing list shows.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from typing import TypedDict

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from catalog import copies
from catalog.models import Item, Library, Policy, Title
from catalog.opening.calendar import Calendar
from patrons.models import Patron, User
from reservations import limits
from reservations.limits import COUNTER, RefusedError
from reservations.models import HELD, Reservation, State
from reservations.moves import lock_reservation, move

EXPIRED = gettext_noop("取置期限までに受け取りがなかったため")


class Shelved(TypedDict):
    """What a reservation knows of its time on the hold shelf."""

    ready_at: datetime | None
    collect_by: date | None
    contacted_at: datetime | None
    contact_failed_at: datetime | None


NOT_READY = Shelved(ready_at=None, collect_by=None, contacted_at=None, contact_failed_at=None)


def held_for(item: Item) -> Reservation | None:
    """Return the reservation a copy is trapped for, with patron, title and 受取館; None if it is free."""
    found = Reservation.objects.filter(item=item, state__in=HELD)
    return found.select_related("patron", "title", "pickup_library").first()


def next_for(title: Title, *, on: date) -> Reservation | None:
    """Return the reservation the next copy of a title will serve, None when nobody can be served on that day."""
    queue = Reservation.objects.filter(title=title).eligible(on).order_by("queue_number")
    return queue.select_related("patron", "pickup_library").first()


def others_before(title: Title, patron: Patron, *, on: date) -> int:
    """Count other patrons whom a free copy must serve before this one (decision 4); 0 means it may be lent.

    One with an active reservation stands behind the earlier numbers only, one without behind all.
    """
    before = Reservation.objects.filter(title=title).eligible(on).exclude(patron=patron)
    if own := Reservation.objects.filter(title=title, patron=patron).active().first():
        before = before.filter(queue_number__lt=own.queue_number)
    return before.count()


def trap_next(item: Item, *, at: Library, by: User | None, now: datetime) -> Reservation | None:
    """Trap a copy that lies at ``at`` for the earliest eligible reservation and return that (promise 2).

    Under the copy's locks; the copy is in nobody's hands and held for nobody. Collected here → ``READY``, the copy
    on the hold shelf; elsewhere → ``IN_TRANSIT``, the copy on its way. None: nobody can be served (or the copy is
    not lent); the copy is then unchanged and the caller shelves it or sends it home.
    """
    if not item.lendable:
        return None
    reservation = next_for(item.title, on=timezone.localdate(now))
    if reservation is None:
        return None
    if reservation.pickup_library_id == at.pk:
        _put_on_shelf(reservation, item, at=at, by=by, now=now)
    else:
        _send(reservation, item, at=at, by=by, now=now)
    return reservation


def arrive(item: Item, *, at: Library, by: User | None, now: datetime) -> Reservation | None:
    """Scan in a copy that travelled for a reservation, and return the reservation.

    Under the copy's locks. At the 受取館 → ``READY``; at a wrong branch it stays 「配送中」 from there, so print the
    slip again (``reservation.state`` tells). None: the copy travels for nobody.
    """
    reservation = held_for(item)
    if reservation is None or reservation.state != State.IN_TRANSIT:
        return None
    if reservation.pickup_library_id == at.pk:
        _put_on_shelf(reservation, item, at=at, by=by, now=now)
    else:
        copies.move(item, Item.Status.IN_TRANSIT, at=at, destination=reservation.pickup_library)
    return reservation


def _put_on_shelf(reservation: Reservation, item: Item, *, at: Library, by: User | None, now: datetime) -> None:
    days = Policy.current().hold_open_days
    collect_by = Calendar(at).after_open_days(timezone.localdate(now), days)
    fresh: Shelved = {**NOT_READY, "ready_at": now, "collect_by": collect_by}
    move(reservation, State.READY, at=now, by=by, item=item, **fresh)
    copies.move(item, Item.Status.ON_HOLD_SHELF, at=at)


def _send(reservation: Reservation, item: Item, *, at: Library, by: User | None, now: datetime) -> None:
    move(reservation, State.IN_TRANSIT, at=now, by=by, item=item, **NOT_READY)
    copies.move(item, Item.Status.IN_TRANSIT, at=at, destination=reservation.pickup_library)


def release(item: Item, *, by: User | None, now: datetime, reason: str = "") -> Reservation | None:
    """Let go of a trapped copy (lost, or the slip undone): its reservation waits again at the old place (decision 4).

    Under the copy's locks. Returns the reservation, None if there was none. The copy's status is the caller's.
    """
    reservation = held_for(item)
    if reservation:
        move(reservation, State.WAITING, at=now, by=by, reason=reason, item=None, **NOT_READY)
    return reservation


def undo_arrive(item: Item, *, from_library: Library, by: User | None, now: datetime) -> Reservation | None:
    """Undo ``arrive``: the reservation is 「配送中」 again and the copy on its way from ``from_library``.

    Under the copy's locks. None when the copy does not stand ready for anybody.
    """
    reservation = held_for(item)
    if reservation is None or reservation.state != State.READY:
        return None
    _send(reservation, item, at=from_library, by=by, now=now)
    return reservation


def fulfil(patron: Patron, title: Title, *, by: User | None, now: datetime) -> Reservation | None:
    """End the patron's own active reservation when any copy of its title is lent to them, and return it.

    Under the locks of Patron, Title and the lent Item. If another copy was trapped for it, that copy is free now
    (clearing list, or on its way). The lent copy must not be held for somebody else: ask ``held_for`` first.
    """
    own = Reservation.objects.filter(title=title, patron=patron).active().first()
    if own:
        move(own, State.FULFILLED, at=now, by=by, item=None, closed_at=now, closed_by="", close_reason="")
    return own


def undo_fulfil(reservation: Reservation, item: Item, *, by: User | None, now: datetime) -> None:
    """Undo a check-out: the reservation is what it was before ``fulfil``.

    Under the locks of Patron, Title and the copy, whose loan the caller has removed. If the reservation was ready,
    ``item`` is back on its hold shelf with the old deadline; else it waits again and the copy is the caller's.
    """
    moved_from = reservation.events.filter(moved_to=State.FULFILLED).values_list("moved_from", flat=True).last()
    if moved_from != State.READY:
        move(reservation, State.WAITING, at=now, by=by, closed_at=None, closed_by="", close_reason="", **NOT_READY)
        return
    move(reservation, State.READY, at=now, by=by, item=item, closed_at=None, closed_by="", close_reason="")
    copies.move(item, Item.Status.ON_HOLD_SHELF, at=reservation.pickup_library)


@transaction.atomic
def redirect(
    reservation: Reservation, *, pickup_library: Library, contact_method: str, by: User | None, now: datetime
) -> Reservation:
    """Change 受取館 and 連絡方法 of a held reservation, for staff (SPEC D6): the copy goes where it is now wanted."""
    item_id = Reservation.objects.values_list("item_id", flat=True).get(pk=reservation.pk)
    locked = lock_reservation(reservation.pk, item_id)
    item = locked.item
    found = limits.pickup_refusals(locked.title, pickup_library)
    found += limits.contact_refusals(locked.patron, contact_method, COUNTER, locked.contact_method)
    if not locked.held or item is None or item.pk != item_id:
        found.append(limits.Refusal("not_held", gettext("状態が変わりました。画面を開き直してください。")))
    if found or item is None:
        raise RefusedError(*found)
    moved = locked.pickup_library_id != pickup_library.pk
    locked.collect_at(pickup_library)
    locked.tell_by(contact_method, made_at=COUNTER.made_at)
    locked.save()
    if moved and locked.state == State.READY:
        _send(locked, item, at=item.library, by=by, now=now)
    elif moved:
        copies.move(item, Item.Status.IN_TRANSIT, at=item.library, destination=pickup_library)
    return locked


def expire(*, now: datetime, by: User | None = None) -> Iterator[Reservation]:
    """End every ready reservation whose last day to collect is over, one transaction each, and yield them (SPEC D4)."""
    today = timezone.localdate(now)
    over = Reservation.objects.filter(state=State.READY, collect_by__lt=today)
    for pk in over.order_by("collect_by", "pk").values_list("pk", flat=True):
        ended = None
        with suppress(ObjectDoesNotExist):  # gone since the list was read; the rows behind it are ended all the same
            ended = _expire(pk, today=today, now=now, by=by)
        if ended:
            yield ended


@transaction.atomic
def _expire(pk: int, *, today: date, now: datetime, by: User | None) -> Reservation | None:
    locked = lock_reservation(pk)
    if locked.state != State.READY or locked.collect_by is None or locked.collect_by >= today:
        return None
    closed = {"closed_at": now, "closed_by": Reservation.ClosedBy.LIBRARY, "close_reason": EXPIRED}
    move(locked, State.EXPIRED, at=now, by=by, reason=EXPIRED, **{"item": None} | closed)
    return locked
