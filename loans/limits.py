"""Whether a loan may be extended and from when, how many of a group a patron may take: rules without writes.

Each answer carries the sentence that the patron or the counter reads (SPEC M5 and R8, decisions 11 and 21).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from catalog.languages.days import written
from catalog.models import MaterialType, Policy, Title
from catalog.opening.calendar import Calendar, calendars
from loans.models import Loan
from patrons.models import Patron

RETURNED = _("この資料は返却されています。")


@dataclass(frozen=True)
class Extension:
    """Whether a loan may be extended today: ``due_on`` is the new due date, else ``reason`` says why not."""

    due_on: date | None = None
    reason: str = ""

    @property
    def possible(self) -> bool:
        return self.due_on is not None


def extension(loan: Loan, *, on: date, policy: Policy, calendar: Calendar) -> Extension:
    """Tell whether ``loan`` (with ``awaited``) may be extended on a day, and until when.

    ``calendar`` is the lending library's: the new due date is the old one and ``policy.extension_days``, moved to
    that library's next open day (SPEC M5). Reasons that never pass come before those that do.
    """
    never = (
        (loan.audiovisual, _("視聴覚資料は延長できません。")),
        (not loan.material_type.extendable, _("この種類の資料は延長できません。")),
        (loan.item.interlibrary, _("ほかの図書館から借りた資料は延長できません。")),
        (loan.extended_at, _("すでに延長しています。延長は1度だけです。")),
        (loan.awaited, _("次の方の予約が入っているため、延長できません。")),
    )
    if reason := next((reason for applies, reason in never if applies), ""):
        return Extension(reason=str(reason))
    if on < loan.due_on:
        early = _("延長は、貸出期限の当日（%(day)s）からできます。")
        return Extension(reason=early % {"day": written(loan.due_on, year=False)})
    if on > loan.due_on + timedelta(days=policy.extension_grace_days):
        late = _("貸出期限から%(days)s日を過ぎたため、延長できません。図書館へお返しください。")
        return Extension(reason=late % {"days": policy.extension_grace_days})
    return Extension(due_on=calendar.next_open_day(loan.due_on + timedelta(days=policy.extension_days)))


@dataclass(frozen=True)
class LoanToday:
    """An open loan as its patron's list shows it on a day."""

    loan: Loan
    extension: Extension
    on: date

    @property
    def title(self) -> Title:
        return self.loan.item.title

    @property
    def overdue(self) -> bool:
        return self.loan.due_on < self.on

    @property
    def due_today(self) -> bool:
        return self.loan.due_on == self.on


def loans_today(patron: Patron, *, on: date) -> list[LoanToday]:
    """Return the patron's open loans, the earliest due first, each with its extension or the reason against it."""
    mine = list(Loan.objects.for_my_page(patron))
    policy, days = Policy.current(), calendars({loan.library for loan in mine})
    return [LoanToday(loan, extension(loan, on=on, policy=policy, calendar=days[loan.library_id]), on) for loan in mine]


def loan_limit_reached(patron: Patron, kind: MaterialType) -> str:
    """Return why the patron may not take one more of a kind, "" if allowed (decision 11)."""
    group = kind.limit_group
    if group is None or group.loan_limit is None:
        return ""
    out = Loan.objects.open().filter(patron=patron).aggregate(n=Count("id", filter=Q(material_type__limit_group=group)))
    if out["n"] < group.loan_limit:
        return ""
    return f"{group.name}は{group.loan_limit}点まで借りられます。いま{out['n']}点を貸出中です。"
