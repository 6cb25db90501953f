"""What every room holds about a patron, gathered: ``<room>.privacy`` of each (decision 1)."""

from datetime import date
from typing import Protocol

from loans import privacy as of_loans
from notifications import privacy as of_notifications
from patrons import privacy as of_patrons
from patrons.models import Patron
from patrons.privacy import Erasable
from reservations import privacy as of_reservations

Rows = list[dict[str, object]]


class Privacy(Protocol):
    """What the privacy module of a room answers. ``section`` names what is held; a patron reads the names."""

    def held_about(self, patron: Patron) -> dict[str, Rows]:
        """Return by section everything that is held, as plain values."""

    def kept(self) -> dict[str, str]:
        """Return by section until when it is kept, in a sentence."""

    def purge(self, *, on: date) -> dict[str, int]:
        """Delete what is over on that day and return by kind how much it was."""


# In the order in which a patron reads about them.
ROOMS: tuple[Privacy, ...] = (of_patrons, of_reservations, of_loans, of_notifications)
# What patrons erase by themselves, by the key that a form sends.
ERASABLE: dict[str, Erasable] = of_patrons.ERASABLE | of_notifications.ERASABLE


def held_about(patron: Patron) -> dict[str, Rows]:
    """Return everything that any room holds about a patron, by section."""
    return {section: rows for room in ROOMS for section, rows in room.held_about(patron).items()}


def kept() -> dict[str, str]:
    """Return by section until when any room keeps it."""
    return {section: words for room in ROOMS for section, words in room.kept().items()}


def purge(*, on: date) -> dict[str, int]:
    """Delete what is over in every room, the upper ones first; a second time finds nothing."""
    return {kind: count for room in reversed(ROOMS) for kind, count in room.purge(on=on).items()}
