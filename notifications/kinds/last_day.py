"""「取置期限は明日です」: a reminder of what is ready and has not been collected."""

from datetime import datetime, timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from notifications.kinds.episodes import write_notices
from notifications.models import Kind, Notice
from notifications.run_facts import RunFacts
from patrons.models import ContactMethod, Patron
from reservations.models import Reservation, State


def collect(now: datetime) -> int:
    """Write a notice for what must be collected by tomorrow and was ready before today; return how many."""
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    ready = Reservation.objects.filter(state=State.READY, contact_method=ContactMethod.EMAIL, collect_by=tomorrow)
    due = ready.exclude(patron__reminders__last_day=False).exclude(ready_at__date__gte=timezone.localdate(now))
    return write_notices(Kind.LAST_DAY, due, "ready_at", now)


def still_due(notices: QuerySet[Notice], now: datetime) -> QuerySet[Notice]:
    """Narrow to notices whose reservation still waits on the shelf and whose last day is not over."""
    today = timezone.localdate(now)
    return notices.filter(
        reservation__state=State.READY,
        reservation__contact_method=ContactMethod.EMAIL,
        reservation__ready_at=F("episode"),
        reservation__collect_by__range=(today, today + timedelta(days=1)),
    )


def compose(patron: Patron, notices: list[Notice], facts: RunFacts, now: datetime) -> dict[str, object]:
    """Return what is still to be collected, library by library."""
    return {"shelves": facts.shelves(notices, now)}
