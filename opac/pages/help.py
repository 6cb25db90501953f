"""「ご利用案内」: the rules as patrons read them, written from the same rows that the rules are (SPEC D10)."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalog.languages.table import current
from catalog.models import ClosedDay, Library, LimitGroup, MaterialType, OpeningHours
from opac.templatetags.portal import period

COLUMNS = (_("資料"), _("貸出期間"), _("借りられる点数"), _("予約できる点数"), _("延長"))
UNLIMITED, YES, NO = _("制限なし"), _("できます"), _("できません")
REFINED = _("%(name)s（請求記号が %(first)s～%(last)s の%(base)s）")
LIMITED = _("%(group)sで%(limit)s点まで")
CLOSINGS_SHOWN = timedelta(days=60)


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Show the rules of the house; a changed row is a changed page."""
    today = timezone.localdate()
    libraries = list(Library.objects.prefetch_related("opening_hours"))
    closed: dict[tuple[date, str], list[str]] = {}  # libraries that share a day and a reason stand together
    soon = ClosedDay.objects.filter(date__range=(today, today + CLOSINGS_SHOWN)).select_related("library")
    for row in soon.order_by("date", "library__position"):
        closed.setdefault((row.date, row.reason), []).append(row.library.short_name)
    context = {
        "kinds": [_kind(kind) for kind in MaterialType.objects.select_related("limit_group", "refines")],
        "kind_columns": COLUMNS,
        "without_av": [library.name for library in libraries if not library.hands_out_av],
        "hours": [(library, week(library.opening_hours.all()), closings(library)) for library in libraries],
        "closed_days": [(day, _list(names, "、"), reason) for (day, reason), names in closed.items()],
    }
    return render(request, "opac/help.html", context)


def _kind(kind: MaterialType) -> tuple[str, ...]:
    """Return a material type's rules in the order of COLUMNS."""
    group, name = kind.limit_group, kind.label
    if kind.refines:
        label = {"first": kind.label_first, "last": kind.label_last, "base": kind.refines.label}
        name = REFINED % {"name": name, **label}
    return (
        name,
        period(kind.loan_days),
        _limit(group, group.loan_limit if group else None),
        _limit(group, group.reservation_limit if group else None) if kind.reservable else str(NO),
        str(YES if kind.extendable else NO),
    )


def _limit(group: LimitGroup | None, limit: int | None) -> str:
    if group is None or limit is None:
        return str(UNLIMITED)
    return LIMITED % {"group": group.label, "limit": limit}


def week(rows: Iterable[OpeningHours]) -> list[tuple[str, str]]:
    """Return the weekly hours, days with the same hours together: (火・水・金, 10:00～18:00)."""
    days: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: row.weekday):
        hours = gettext("%(opens)s～%(closes)s") % {"opens": f"{row.opens:%H:%M}", "closes": f"{row.closes:%H:%M}"}
        days.setdefault(hours, []).append(str(WEEKDAYS_ABBR[row.weekday]))
    return [(_list(names, "・"), hours) for hours, names in days.items()]


def closings(library: Library) -> str:
    """Return the regular closing days in one sentence."""
    open_weekdays = {row.weekday for row in library.opening_hours.all()}
    names = [str(WEEKDAYS[day]) for day in OpeningHours.Weekday.values if day not in open_weekdays]
    names += [gettext("第2日曜日")] if library.closed_second_sunday else []
    names += [gettext("祝日")] if library.closed_on_holidays else []
    return _list([*names, gettext("年末年始")], "、")


def _list(words: Iterable[str], between: str) -> str:
    """Join words as the page's language does."""
    return (", " if current().spaced else between).join(words)
