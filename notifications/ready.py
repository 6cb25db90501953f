"""The 'ready' mail (SPEC N1): what is ready, where, until when, when that library is open until then."""

from datetime import datetime, timedelta

from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from catalog.calendar import Calendar
from catalog.models import Library, Policy
from notifications.models import Kind, Notice
from patrons.models import ContactMethod, Patron
from reservations.models import Reservation, State

SHOWN_DAYS = 14


def collect(now: datetime) -> int:
    """Write a notice for every ready reservation with eメール that has none for this episode; return how many."""
    due = Reservation.objects.filter(state=State.READY, contact_method=ContactMethod.EMAIL).exclude(
        notices__kind=Kind.READY, notices__episode=F("ready_at")
    )
    notices = [
        Notice(kind=Kind.READY, patron_id=row.patron_id, reservation=row, episode=row.ready_at, created_at=now)
        for row in due.only("id", "patron_id", "ready_at")
    ]
    return len(Notice.objects.bulk_create(notices, ignore_conflicts=True))


def still_due(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Narrow to notices whose reservation is ready for the same reason and still to be told by mail."""
    return notices.filter(
        reservation__state=State.READY,
        reservation__contact_method=ContactMethod.EMAIL,
        reservation__ready_at=F("episode"),
    )


def compose(patron: Patron, notices: list[Notice], now: datetime) -> tuple[str, str]:
    """Return subject (never a title in it) and text of one mail for all of a patron's ready reservations."""
    reservations = (
        Reservation.objects.filter(notices__in=notices)
        .select_related("title", "pickup_library")
        .order_by("pickup_library__position", "collect_by", "id")
    )
    shelves: dict[Library, list[Reservation]] = {}
    for reservation in reservations:
        shelves.setdefault(reservation.pickup_library, []).append(reservation)
    policy = Policy.current()
    context = {
        "patron": patron,
        "policy": policy,
        "shelves": [(library, ready, _opening_days(library, ready, now)) for library, ready in shelves.items()],
    }
    return f"【{policy.organisation_name}】予約資料の準備ができました", render_to_string(
        "notifications/ready.txt", context
    )


def _opening_days(library: Library, ready: list[Reservation], now: datetime) -> list[tuple]:
    """Return (day, hours) of the open days until the last of these is to be collected."""
    today = timezone.localdate(now)
    last = min(max(reservation.collect_by for reservation in ready), today + timedelta(days=SHOWN_DAYS))
    calendar = Calendar(library)
    return [(day, calendar.hours(day)) for day in calendar.open_days(today) if day <= last]
