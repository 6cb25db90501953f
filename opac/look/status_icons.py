"""How a state looks: the colour, the shape and the icon that stand beside its word."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from catalog.models import Item
from patrons.models import Mark, ShelfEntry
from reservations.models import Reservation, State


class DerivedState(TextChoices):
    """States that no column holds: a page finds them out from a day, a time or a count."""

    IN_STOCK = "in_stock", Item.Status.AVAILABLE.label
    OVERDUE = "overdue", _("延滞")
    EXTENDED = "extended", _("延長済")
    ASLEEP = "asleep", _("休止中")
    OPEN = "open", _("開館")
    CLOSED = "closed", _("休館")
    TOLD = "told", _("お知らせする")
    NOT_TOLD = "not_told", _("お知らせしない")
    REACHED = "reached", _("達成")


@dataclass(frozen=True)
class Look:
    """The colour of a state (good, move, wait, stop, or "" for grey) and its icon."""

    shade: str
    icon: str


# Each kind of state has a table of its own, for two kinds may have the same value.
LOOKS: dict[type[TextChoices], dict[str, Look]] = {
    State: {
        State.WAITING: Look("wait", "clock"),
        State.IN_TRANSIT: Look("move", "truck"),
        State.READY: Look("good", "check"),
        State.FULFILLED: Look("", "book"),
        State.CANCELLED: Look("", "cross"),
        State.EXPIRED: Look("stop", "calendar"),
    },
    Item.Status: {
        Item.Status.AVAILABLE: Look("good", "check"),
        Item.Status.ON_LOAN: Look("", "minus"),
        Item.Status.IN_TRANSIT: Look("move", "truck"),
        Item.Status.ON_HOLD_SHELF: Look("move", "bell"),
        Item.Status.IN_PROCESSING: Look("", "gear"),
        Item.Status.MISSING: Look("", "search"),
        Item.Status.WITHDRAWN: Look("", "cross"),
    },
    Mark: {
        Mark.WANT: Look("wait", "flag"),
        Mark.READING: Look("move", "book"),
        Mark.READ: Look("good", "check"),
    },
    DerivedState: {
        DerivedState.IN_STOCK: Look("good", "check"),
        DerivedState.OVERDUE: Look("stop", "warning"),
        DerivedState.EXTENDED: Look("", "clock"),
        DerivedState.ASLEEP: Look("", "pause"),
        DerivedState.OPEN: Look("good", "check"),
        DerivedState.CLOSED: Look("", "minus"),
        DerivedState.TOLD: Look("good", "mail"),
        DerivedState.NOT_TOLD: Look("", "pause"),
        DerivedState.REACHED: Look("good", "success"),
    },
}


def state_of(thing: object) -> TextChoices:
    """Return the state of what has one; a template names a derived state by its value.

    ValueError for a value that is no state, TypeError for what has none.
    """
    match thing:
        case TextChoices():
            return thing
        case Reservation():
            return State(thing.state)
        case Item():
            return Item.Status(thing.status)
        case ShelfEntry():
            return Mark(thing.mark)
        case str():
            return DerivedState(thing)
    raise TypeError(f"{thing!r} has no state")
