"""What the counter is told after a scan: one small value with the words for the screen.

No answer holds a patron's name: the screen stands where others can read it, and the slips made from it travel.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from catalog.models import Item, Library, Title
from reservations.models import Reservation


class DeskOutcome(Enum):
    """What happened to the copy."""

    LENT = "lent"
    SHELF = "shelf"
    HOLD = "hold"
    SEND = "send"
    SEND_HOME = "send_home"
    UNDONE = "undone"
    NOTICE = "notice"
    STOP = "stop"


# The colour and the sound that go with the words.
TONES = {
    DeskOutcome.LENT: "good",
    DeskOutcome.SHELF: "shelf",
    DeskOutcome.HOLD: "hold",
    DeskOutcome.SEND: "send",
    DeskOutcome.SEND_HOME: "send",
    DeskOutcome.UNDONE: "notice",
    DeskOutcome.NOTICE: "notice",
    DeskOutcome.STOP: "stop",
}


@dataclass(frozen=True)
class DeskAnswer:
    """One scan's result: ``headline`` in big letters, ``detail`` under it.

    ``number`` is the copy's place on the hold shelf, ``to`` where it travels; ``undo`` names what can be taken back;
    ``awaited`` marks a refusal that staff may override with a reason (decision 4).
    """

    outcome: DeskOutcome
    headline: str
    detail: str = ""
    item: Item | None = None
    number: int | None = None
    to: Library | None = None
    undo: dict[str, Any] | None = None
    awaited: bool = False

    @property
    def tone(self) -> str:
        return TONES[self.outcome]

    @property
    def needs_slip(self) -> bool:
        return self.outcome in (DeskOutcome.SEND, DeskOutcome.SEND_HOME)


def stop(headline: str, detail: str = "", *, item: Item | None = None, awaited: bool = False) -> DeskAnswer:
    """Answer that nothing was changed, and why."""
    return DeskAnswer(DeskOutcome.STOP, headline, detail, item=item, awaited=awaited)


def waits_in_vain(title: Title) -> str:
    """Say how many wait for a title that no copy can serve any more; "" when nobody does."""
    count = Reservation.objects.filter(title=title).stranded().count()
    words = f"この資料を待つ予約が{count}件あり、渡せる資料がありません。「渡せる資料がない予約」で対応してください。"
    return words if count else ""
