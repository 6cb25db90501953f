"""The door through which staff look at a patron: each look leaves a row (SPEC D9), of past days the day alone."""

import random
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, F, Func, Value

from patrons.models import LookUp, Patron, User


class Midnight(Func):
    """The midnight in Asia/Tokyo that a column's moment comes after; Django's TruncDay loses the zone in an update."""

    function = "date_trunc"

    def __init__(self, column: str) -> None:
        zone = Value(settings.TIME_ZONE)
        super().__init__(Value("day"), F(column), zone, output_field=DateTimeField())


def record(patron: Patron, *, by: User, page: str, now: datetime) -> None:
    """Write down that a member of staff opened a page about a patron; ``page`` names it as ``app:thing``."""
    LookUp.objects.create(patron=patron, by=by, page=page, at=now)


@transaction.atomic
def mix(*, before: datetime) -> int:
    """Keep of looks before a midnight in Asia/Tokyo the day alone, in random order; return how many were changed.

    Whoever scans a card looks at the patron, and seconds later a loan begins at that counter: the time of the look,
    or its place among the day's looks, would tell later whose loan it was (promise 10).
    """
    rows = list(LookUp.objects.filter(at__lt=before).exclude(at=Midnight("at")).annotate(day=Midnight("at")))
    random.SystemRandom().shuffle(rows)
    LookUp.objects.filter(pk__in=[row.pk for row in rows]).delete()
    LookUp.objects.bulk_create(
        LookUp(by_id=row.by_id, patron_id=row.patron_id, page=row.page, at=row.day) for row in rows
    )
    return len(rows)
