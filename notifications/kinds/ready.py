"""「予約資料の準備ができました」 (SPEC N1): what is ready, where, until when, when that library is open until then."""

from datetime import datetime

from django.db.models import F, QuerySet

from notifications.kinds.episodes import write_notices
from notifications.models import Kind, Notice
from notifications.run_facts import RunFacts
from patrons.models import ContactMethod, Patron
from reservations.models import Reservation, State


def collect(now: datetime) -> int:
    """Write a notice for every ready reservation with eメール that has none for this episode; return how many."""
    due = Reservation.objects.filter(state=State.READY, contact_method=ContactMethod.EMAIL)
    return write_notices(Kind.READY, due, "ready_at", now)


def still_due(notices: QuerySet[Notice], now: datetime) -> QuerySet[Notice]:
    """Narrow to notices whose reservation is ready for the same reason and still to be told by mail."""
    return notices.filter(
        reservation__state=State.READY,
        reservation__contact_method=ContactMethod.EMAIL,
        reservation__ready_at=F("episode"),
    )


def compose(patron: Patron, notices: list[Notice], facts: RunFacts, now: datetime) -> dict[str, object]:
    """Return what stands ready, library by library."""
    return {"shelves": facts.shelves(notices, now)}
