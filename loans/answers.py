"""What the counter is told after a scan: one small value with the words for the screen.

No answer holds a patron's name: the screen stands where others can read it, and the slips made from it travel.
"""

from dataclasses import dataclass
from enum import Enum

from catalog.models import Item, Library


class Outcome(Enum):
    """What happened to the copy."""

    LENT = "lent"
    EXTENDED = "extended"
    SHELF = "shelf"
    HOLD = "hold"
    SEND = "send"
    SEND_HOME = "send_home"
    UNDONE = "undone"
    NOTICE = "notice"
    STOP = "stop"


# The colour and the sound that go with the words.
TONES = {
    Outcome.LENT: "good",
    Outcome.EXTENDED: "good",
    Outcome.SHELF: "shelf",
    Outcome.HOLD: "hold",
    Outcome.SEND: "send",
    Outcome.SEND_HOME: "send",
    Outcome.UNDONE: "notice",
    Outcome.NOTICE: "notice",
    Outcome.STOP: "stop",
}


@dataclass(frozen=True)
class Answer:
    """One scan's result: ``headline`` in big letters, ``detail`` under it.

    ``number`` is the copy's place on the hold shelf, ``to`` where it travels; ``undo`` names what can be taken back;
    ``awaited`` marks a refusal that staff may override with a reason (decision 4).
    """

    outcome: Outcome
    headline: str
    detail: str = ""
    item: Item | None = None
    number: int | None = None
    to: Library | None = None
    undo: dict | None = None
    awaited: bool = False

    @property
    def tone(self) -> str:
        return TONES[self.outcome]

    @property
    def needs_slip(self) -> bool:
        return self.outcome in (Outcome.SEND, Outcome.SEND_HOME)


def stop(headline: str, detail: str = "", **more) -> Answer:
    """Answer that nothing was changed, and why."""
    return Answer(Outcome.STOP, headline, detail, **more)
