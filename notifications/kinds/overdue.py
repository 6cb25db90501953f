"""「貸出期限を過ぎています」, for those who chose it: of the day it is written; the next follows days later."""

from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from loans.models import Loan
from notifications.kinds.loan_days import listed, write_notices
from notifications.models import Kind, MailPolicy, Notice
from notifications.run_facts import RunFacts
from patrons.models import Patron


def collect(now: datetime) -> int:
    """Write a notice for every patron with something overdue who was not told lately; return how many."""
    today, rules = timezone.localdate(now), MailPolicy.current()
    since = today - timedelta(days=rules.overdue_every_days)
    told = Notice.objects.filter(kind=Kind.OVERDUE, day__gt=since, day__lte=today).values("patron")
    loans = late(today, rules).filter(patron__reminders__overdue=True).exclude(patron__email="")
    patrons = loans.exclude(patron__in=told).values_list("patron_id", flat=True)
    return write_notices(Kind.OVERDUE, {(patron, today) for patron in patrons}, now)


def still_due(notices: QuerySet[Notice], now: datetime) -> QuerySet[Notice]:
    """Narrow to notices of patrons who still have something overdue."""
    owing = Loan.objects.open().filter(due_on__lt=timezone.localdate(now)).values("patron")
    return notices.filter(patron__in=owing, patron__reminders__overdue=True)


def compose(patron: Patron, notices: list[Notice], facts: RunFacts, now: datetime) -> dict[str, object]:
    """Return everything that is overdue."""
    return {"loans": listed(late(timezone.localdate(now), facts.rules), patron)}


def late(today: date, rules: MailPolicy) -> QuerySet[Loan]:
    """Return what is overdue, and not for longer than the library reminds."""
    oldest = today - timedelta(days=rules.overdue_until_days)
    return Loan.objects.open().filter(due_on__range=(oldest, today - timedelta(days=1)))
