"""What stands ready, library by library: for the letters that ask a patron to come."""

from dataclasses import dataclass
from datetime import date, datetime

from catalog.models import Library
from catalog.opening.calendar import Hours
from notifications.models import Notice
from notifications.sending.run_facts import House
from reservations.models import Reservation


@dataclass(frozen=True)
class Shelf:
    """Reservations ready at one library, and when it is open until the last of them is to be collected."""

    library: Library
    reservations: list[Reservation]
    days: list[tuple[date, Hours]]


def shelves(notices: list[Notice], house: House, now: datetime) -> list[Shelf]:
    """Return the shelves these notices are about, in the libraries' order; one query."""
    reservations = (
        Reservation.objects.filter(notices__in=notices)
        .select_related("title", "pickup_library")
        .order_by("pickup_library__position", "pickup_library", "collect_by", "id")
    )
    ready: dict[Library, list[Reservation]] = {}
    for reservation in reservations:
        ready.setdefault(reservation.pickup_library, []).append(reservation)
    return [
        Shelf(library, rows, house.opening_days(library, now, max(row.collect_by for row in rows)))
        for library, rows in ready.items()
    ]
