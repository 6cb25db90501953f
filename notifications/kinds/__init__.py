"""The table of the kinds of notice: whatever tells one kind from another stands in its row or in its module.

A new kind is a member of ``notifications.models.Kind`` (the database must know it), a row here with its module, and
its words: ``templates/notifications/<language>/<kind>.txt``. A kind that patrons switch on has a column in
``Reminders``, of the kind's name. Sending, forms and the link that stops a mail read this table.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.kinds import arrivals, cancelled, due_soon, last_day, overdue, ready
from notifications.models import Kind, Notice
from notifications.run_facts import RunFacts
from patrons.models import Patron


class KindOfNotice(Protocol):
    """What the module of a kind answers."""

    def collect(self, now: datetime) -> int:
        """Write a notice for whatever is due and has none yet; return how many."""

    def still_due(self, notices: QuerySet[Notice], now: datetime) -> QuerySet[Notice]:
        """Narrow to notices whose reason has not ended."""

    def compose(self, patron: Patron, notices: list[Notice], facts: RunFacts, now: datetime) -> dict[str, object]:
        """Return what one letter about all of these says; the same rows at the same ``now`` give the same."""


class Switch(NamedTuple):
    """What a patron ticks to get reminders of a kind."""

    label: str | Promise
    help_text: str | Promise = ""


@dataclass(frozen=True)
class Row:
    """One kind. Every kind but what is about a reservation itself can be stopped: by its switch, or by ``stop``."""

    module: KindOfNotice
    at_any_hour: bool = False  # the other kinds wait until the hour the library set
    switch: Switch | None = None
    stop: Callable[[Patron], None] | None = None
    chosen_at: str = "notifications:reminders"  # the page where a patron asks for it again
    keeps_its_words: bool = True  # False where a told notice has forgotten what it told: it cannot be sent again

    @property
    def can_be_stopped(self) -> bool:
        return self.switch is not None or self.stop is not None


KINDS: dict[str, Row] = {
    Kind.READY: Row(ready, at_any_hour=True),
    Kind.CANCELLED: Row(cancelled, at_any_hour=True),
    Kind.LAST_DAY: Row(
        last_day,
        switch=Switch(
            _("取置期限の前の日に知らせる"), _("準備ができた資料を、まだお受け取りでないときにお送りします。")
        ),
    ),
    Kind.DUE_SOON: Row(due_soon, switch=Switch(_("貸出期限が近づいたときに知らせる"))),
    Kind.OVERDUE: Row(overdue, switch=Switch(_("貸出期限を過ぎたときに知らせる"))),
    Kind.ARRIVALS: Row(arrivals, stop=arrivals.stop, chosen_at="notifications:alerts", keeps_its_words=False),
}
SWITCHES = {str(kind): row.switch for kind, row in KINDS.items() if row.switch}  # columns of ``Reminders``
