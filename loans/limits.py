"""Whether a loan may be extended and from when, how many of a group a patron may take: rules without writes.

Each answer carries the sentence that the patron or the counter reads (SPEC M5 and R8, decisions 11 and 21).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from catalog.models import MaterialType, Policy
from catalog.opening.calendar import Calendar
from loans.models import Loan
from patrons.models import Patron


@dataclass(frozen=True)
class Extension:
    """Whether a loan may be extended today: ``due_on`` is the new due date, else ``reason`` says why not."""

    due_on: date | None = None
    reason: str = ""

    @property
    def possible(self) -> bool:
        return self.due_on is not None


def japanese_day(day: date) -> str:
    """Return a day as people write it: 11月24日（火）."""
    return f"{day.month}月{day.day}日（{'月火水木金土日'[day.weekday()]}）"


def day_in_words(day: date) -> str:
    """Return a day in the language of the page that asks."""
    return japanese_day(day) if (get_language() or "ja").startswith("ja") else date_format(day)


def extension(loan: Loan, *, on: date, awaited: bool, policy: Policy, calendar: Calendar) -> Extension:
    """Tell whether ``loan`` may be extended on a day, and until when.

    ``calendar`` is the lending library's: the new due date is the old one and ``policy.extension_days``, moved to
    that library's next open day (SPEC M5). Reasons that never pass come before those that do.
    """
    last = loan.due_on + timedelta(days=policy.extension_grace_days)
    if reason := _never(loan, awaited=awaited):
        return Extension(reason=reason)
    if on < loan.due_on:
        early = gettext("延長は、貸出期限の当日（%(day)s）からできます。")
        return Extension(reason=early % {"day": day_in_words(loan.due_on)})
    if on > last:
        late = gettext("貸出期限から%(days)s日を過ぎたため、延長できません。図書館へお返しください。")
        return Extension(reason=late % {"days": policy.extension_grace_days})
    return Extension(due_on=calendar.next_open_day(loan.due_on + timedelta(days=policy.extension_days)))


def _never(loan: Loan, *, awaited: bool) -> str:
    if loan.audiovisual:
        return gettext("視聴覚資料は延長できません。")
    if not loan.material_type.extendable:
        return gettext("この種類の資料は延長できません。")
    if loan.item.interlibrary:
        return gettext("ほかの図書館から借りた資料は延長できません。")
    if loan.extended_at:
        return gettext("すでに延長しています。延長は1度だけです。")
    return gettext("次の方の予約が入っているため、延長できません。") if awaited else ""


def loan_limit_reached(patron: Patron, kind: MaterialType) -> str:
    """Return why the patron may not take one more of a kind, "" if allowed (decision 11)."""
    group = kind.limit_group
    if group is None or group.loan_limit is None:
        return ""
    out = Loan.objects.open().filter(patron=patron).aggregate(n=Count("id", filter=Q(material_type__limit_group=group)))
    if out["n"] < group.loan_limit:
        return ""
    return f"{group.name}は{group.loan_limit}点まで借りられます。いま{out['n']}点を貸出中です。"
