"""Reminders about loans, for those who chose them: the due date is near, the due date is over.

Their notices name a day, never a copy (promise 10): what is on loan is read when the letter is written.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from loans.models import Loan
from notifications.models import Kind, MailPolicy, Notice
from notifications.sending.letters import Letter, write
from notifications.sending.run_facts import House
from notifications.unsubscribe import link
from patrons.models import Patron


@dataclass(frozen=True)
class DueSoon:
    """A notice is of a patron and a due date: a date that moves by an extension is told anew."""

    kind: str = Kind.DUE_SOON

    def collect(self, now: datetime) -> int:
        """Write a notice for every patron and due date within the days before it; return how many."""
        today, rules = timezone.localdate(now), MailPolicy.current()
        loans = _near(today, rules).filter(patron__reminders__due_soon=True).exclude(patron__email="")
        told = Notice.objects.filter(kind=self.kind, day__gte=today).values_list("patron_id", "day")
        due = set(loans.values_list("patron_id", "due_on")) - set(told)
        return _notices(self.kind, due, now)

    def still_due(self, notices: QuerySet[Notice], now: datetime) -> QuerySet[Notice]:
        """Narrow to notices of patrons who still have a loan due on that day, which is not over."""
        theirs = Loan.objects.open().filter(patron=OuterRef("patron"), due_on=OuterRef("day"))
        chosen = notices.filter(day__gte=timezone.localdate(now), patron__reminders__due_soon=True)
        return chosen.filter(Exists(theirs))

    def compose(self, patron: Patron, notices: list[Notice], house: House, now: datetime) -> Letter:
        """Write one letter about everything that is due soon."""
        loans = _near(timezone.localdate(now), house.rules)
        return _write(self.kind, patron, house, loans)


@dataclass(frozen=True)
class Overdue:
    """A notice is of a patron and the day it is written; the next follows days later."""

    kind: str = Kind.OVERDUE

    def collect(self, now: datetime) -> int:
        """Write a notice for every patron with something overdue who was not told lately; return how many."""
        today, rules = timezone.localdate(now), MailPolicy.current()
        since = today - timedelta(days=rules.overdue_every_days)
        told = Notice.objects.filter(kind=self.kind, day__gt=since, day__lte=today).values("patron")
        loans = _over(today, rules).filter(patron__reminders__overdue=True).exclude(patron__email="")
        patrons = loans.exclude(patron__in=told).values_list("patron_id", flat=True)
        return _notices(self.kind, {(patron, today) for patron in patrons}, now)

    def still_due(self, notices: QuerySet[Notice], now: datetime) -> QuerySet[Notice]:
        """Narrow to notices of patrons who still have something overdue."""
        late = Loan.objects.open().filter(due_on__lt=timezone.localdate(now)).values("patron")
        return notices.filter(patron__in=late, patron__reminders__overdue=True)

    def compose(self, patron: Patron, notices: list[Notice], house: House, now: datetime) -> Letter:
        """Write one letter about everything that is overdue."""
        loans = _over(timezone.localdate(now), house.rules)
        return _write(self.kind, patron, house, loans)


DUE_SOON, OVERDUE = DueSoon(), Overdue()


def _near(today: date, rules: MailPolicy) -> QuerySet[Loan]:
    return Loan.objects.open().filter(due_on__range=(today, today + timedelta(days=rules.due_soon_days)))


def _over(today: date, rules: MailPolicy) -> QuerySet[Loan]:
    oldest = today - timedelta(days=rules.overdue_until_days)
    return Loan.objects.open().filter(due_on__range=(oldest, today - timedelta(days=1)))


def _notices(kind: str, due: set[tuple[int, date]], now: datetime) -> int:
    notices = [Notice(kind=kind, patron_id=patron, day=day, created_at=now) for patron, day in sorted(due)]
    return len(Notice.objects.bulk_create(notices, ignore_conflicts=True))


def _write(kind: str, patron: Patron, house: House, loans: QuerySet[Loan]) -> Letter:
    theirs = loans.filter(patron=patron).select_related("item__title", "library").order_by("due_on", "id")
    return write(kind, patron, house, loans=list(theirs), unsubscribe=link(patron, kind))
