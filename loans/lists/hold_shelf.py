"""The hold shelf of a library: its numbers, what stands on it, what is to be cleared (SPEC D4, decision 5)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Prefetch

from catalog.models import Item, Library
from reservations.models import HELD, Reservation

SHELF_LOCK = 7_001
"""First key of the advisory lock that hands out numbers; the second is the library's id."""


def number_for(item: Item) -> int:
    """Return the copy's number on the hold shelf of the library it is in, giving it the smallest free one.

    Call it last in a transaction: the lock it takes is held to the end, and no other lock may follow it.
    """
    if item.hold_number:
        return item.hold_number
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", (SHELF_LOCK, item.library_id))
    others = Item.objects.filter(library=item.library_id, status=Item.Status.ON_HOLD_SHELF).exclude(pk=item.pk)
    taken = set(others.exclude(hold_number=None).values_list("hold_number", flat=True))
    item.hold_number = next(number for number in range(1, len(taken) + 2) if number not in taken)
    item.save(update_fields=("hold_number",))
    return item.hold_number


@dataclass(frozen=True)
class Place:
    """One copy on the hold shelf and the reservation it waits for; None: it is to be cleared."""

    item: Item
    held: Reservation | None


def on_hold_shelf(library: Library) -> list[Place]:
    """Return what stands on a library's hold shelf, by number; two queries."""
    held = Reservation.objects.filter(state__in=HELD)
    items = Item.objects.filter(library=library, status=Item.Status.ON_HOLD_SHELF).select_related("title")
    items = items.prefetch_related(Prefetch("reservations", held, to_attr="held"))
    return [Place(item, item.held[0] if item.held else None) for item in items.order_by("hold_number", "pk")]


def to_clear(places: Iterable[Place]) -> list[Place]:
    """Narrow to the copies whose reservation has ended (decision 5): scanning one serves the next in its queue."""
    return [place for place in places if place.held is None]
