"""「取置期限は明日です」: a reminder of what is ready and has not been collected."""

from datetime import datetime, timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from notifications.kinds.episodes import write_notices
from notifications.kinds.ready_on_shelves import shelves
from notifications.models import Kind, Notice
from notifications.sending.letters import Letter, write
from notifications.sending.run_facts import House
from notifications.unsubscribe import link
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


def compose(patron: Patron, notices: list[Notice], house: House, now: datetime) -> Letter:
    """Write one letter for all of these."""
    unsubscribe = link(patron, Kind.LAST_DAY)
    return write(Kind.LAST_DAY, patron, house, shelves=shelves(notices, house, now), unsubscribe=unsubscribe)
