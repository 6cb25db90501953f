"""「予約を取り消しました」: the library ended a reservation, and says why."""

from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from notifications.kinds.episodes import write_notices
from notifications.models import Kind, Notice
from notifications.run_facts import RunFacts
from patrons.models import ContactMethod, Patron
from reservations.models import Reservation, State

TOLD_WITHIN = timedelta(days=7)  # what ended longer ago is told by 「取消済予約一覧」 alone


def collect(now: datetime) -> int:
    """Write a notice for every reservation the library ended that has none; return how many."""
    due = Reservation.objects.filter(
        state=State.CANCELLED,
        closed_by=Reservation.ClosedBy.LIBRARY,
        contact_method=ContactMethod.EMAIL,
        closed_at__gte=now - TOLD_WITHIN,
    )
    return write_notices(Kind.CANCELLED, due, "closed_at", now)


def still_due(notices: QuerySet[Notice], now: datetime) -> QuerySet[Notice]:
    """Narrow to notices whose reservation is still cancelled."""
    return notices.filter(reservation__state=State.CANCELLED, reservation__closed_at=F("episode"))


def compose(patron: Patron, notices: list[Notice], facts: RunFacts, now: datetime) -> dict[str, object]:
    """Return what was ended, in the order it was placed."""
    ended = Reservation.objects.filter(notices__in=notices).select_related("title", "pickup_library").order_by("id")
    return {"reservations": list(ended)}
