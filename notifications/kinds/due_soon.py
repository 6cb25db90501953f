"""「貸出期限が近づいています」, for those who chose it: a date that moves by an extension is told anew."""

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from loans.models import Loan
from notifications.kinds.loan_days import listed, write_notices
from notifications.models import Kind, MailPolicy, Notice
from notifications.run_facts import RunFacts
from patrons.models import Patron


def collect(now: datetime) -> int:
    """Write a notice for every patron and due date within the days before it; return how many."""
    today = timezone.localdate(now)
    loans = near(today, MailPolicy.current()).filter(patron__reminders__due_soon=True).exclude(patron__email="")
    told = Notice.objects.filter(kind=Kind.DUE_SOON, day__gte=today).values_list("patron_id", "day")
    return write_notices(Kind.DUE_SOON, set(loans.values_list("patron_id", "due_on")) - set(told), now)


def still_due(notices: QuerySet[Notice], now: datetime) -> QuerySet[Notice]:
    """Narrow to notices of patrons who still have a loan due on that day, which is not over."""
    theirs = Loan.objects.open().filter(patron=OuterRef("patron"), due_on=OuterRef("day"))
    chosen = notices.filter(day__gte=timezone.localdate(now), patron__reminders__due_soon=True)
    return chosen.filter(Exists(theirs))


def compose(patron: Patron, notices: list[Notice], facts: RunFacts, now: datetime) -> dict[str, object]:
    """Return everything that is due soon."""
    return {"loans": listed(near(timezone.localdate(now), facts.rules), patron)}


def near(today: date, rules: MailPolicy) -> QuerySet[Loan]:
    """Return what is due within the days the library set."""
    return Loan.objects.open().filter(due_on__range=(today, today + timedelta(days=rules.due_soon_days)))
