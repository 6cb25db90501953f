"""What reminders about loans have in common: their notices name a day, and never a copy (promise 10).

What is on loan is read when the letter is written.
"""

from datetime import date, datetime

from django.db.models import QuerySet

from loans.models import Loan
from notifications.models import Notice
from patrons.models import Patron


def write_notices(kind: str, due: set[tuple[int, date]], now: datetime) -> int:
    """Write a notice for each of these patrons and days; return how many."""
    notices = [Notice(kind=kind, patron_id=patron, day=day, created_at=now) for patron, day in sorted(due)]
    return len(Notice.objects.bulk_create(notices, ignore_conflicts=True))


def listed(loans: QuerySet[Loan], patron: Patron) -> list[Loan]:
    """Return a patron's own of these loans as a letter lists them."""
    theirs = loans.filter(patron=patron).select_related("item__title", "library")
    return list(theirs.order_by("due_on", "id"))
