"""Notices about reservations: one for each episode, such as becoming ready or being cancelled."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from notifications.models import Notice
from reservations.models import Reservation


def write_notices(kind: str, due: QuerySet[Reservation], began_at: str, now: datetime) -> int:
    """Write a notice for each reservation that has none in its episode, which began at the time in that field.

    Return how many. A run beside this one that writes the same is no error.
    """
    told = Notice.objects.filter(kind=kind, reservation=OuterRef("pk"), episode=OuterRef(began_at))
    notices = [
        Notice(kind=kind, patron_id=patron, reservation_id=pk, episode=episode, created_at=now)
        for pk, patron, episode in due.filter(~Exists(told)).values_list("pk", "patron_id", began_at)
    ]
    return len(Notice.objects.bulk_create(notices, ignore_conflicts=True))
