"""The door through which staff look at a patron; each look leaves a row (SPEC D9)."""

import random
from datetime import datetime

from django.db import transaction

from patrons.models import LookUp, Patron, User
from patrons.people.midnight import Midnight


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
