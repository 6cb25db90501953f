"""A library's year in the admin: every day, open or closed, and closing days with what they move (SPEC D7).

Two steps: the first form shows what would move, the second one does it.
"""

import calendar as months
from datetime import date, time

from django import forms
from django.contrib import messages
from django.contrib.admin import site
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from catalog.models import Library, OpeningHours
from catalog.opening.calendar import Calendar, Hours
from loans import closures
from loans.desk.scan import row_id

YEARS_AHEAD = 3


class DaysForm(forms.Form):
    """What is to happen on the days that were ticked."""

    DEEDS = (
        ("close", "休館にする"),
        ("open", "臨時開館にする"),
        ("weekday", "選んだ日の曜日を、毎週の休館日にする"),
    )

    days = forms.TypedMultipleChoiceField(label="日", coerce=date.fromisoformat)
    deed = forms.ChoiceField(label="すること", choices=DEEDS)
    reason = forms.CharField(label="理由", max_length=60, required=False)
    opens = forms.TimeField(label="開館（臨時開館のとき）", initial="10:00", required=False)
    closes = forms.TimeField(label="閉館（臨時開館のとき）", initial="18:00", required=False)

    def __init__(self, *args, year: int, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = [(day.isoformat(), day) for day in days_of(year)]
        self.fields["days"].error_messages["required"] = "日を選んでください。"

    def clean(self) -> dict:
        given = super().clean()
        if given.get("deed") == "close" and not given.get("reason"):
            self.add_error("reason", "理由を入れてください。利用者にも表示されます。")
        if given.get("deed") == "open" and not _in_order(given.get("opens"), given.get("closes")):
            self.add_error("opens", "開館は閉館より前の時刻にしてください。")
        return given


def _in_order(opens: time | None, closes: time | None) -> bool:
    return opens is not None and closes is not None and opens < closes


def days_of(year: int) -> list[date]:
    """Return every day of a year."""
    return [day for month in range(1, 13) for day in days_of_month(year, month)]


def days_of_month(year: int, month: int) -> list[date]:
    return [date(year, month, day) for day in range(1, months.monthrange(year, month)[1] + 1)]


@require_http_methods(["GET", "HEAD", "POST"])
def year_view(request: HttpRequest) -> HttpResponse:
    """Show a year of one library; with POST show what the form would move, and on confirmation move it."""
    if not request.user.has_perm("catalog.add_closedday"):
        raise PermissionDenied
    asked = request.POST if request.method == "POST" else request.GET
    library, year = _library(request, asked), _year(asked)
    if library is None:
        messages.error(request, "先に図書館を登録してください。")
        return redirect("admin:index")
    form = DaysForm(request.POST or None, year=year)
    if request.method == "POST" and form.is_valid():
        if "confirmed" in request.POST:
            messages.success(request, _do(library, form.cleaned_data))
            return redirect(f"{reverse('admin:calendar')}?library={library.pk}&year={year}")
        return _show(request, library, year, form, preview=_preview(library, form.cleaned_data))
    return _show(request, library, year, form)


def _library(request: HttpRequest, asked) -> Library | None:
    """Return the library asked for; staff of one library who may not change libraries see their own only."""
    own = request.user.library_id
    if own and not request.user.has_perm("catalog.change_library"):
        return Library.objects.get(pk=own)
    return Library.objects.filter(pk=row_id(asked.get("library")) or own).first() or Library.objects.first()


def _year(asked) -> int:
    this = timezone.localdate().year
    return min(max(row_id(asked.get("year")) or this, this - 1), this + YEARS_AHEAD)


def _preview(library: Library, given: dict) -> list[closures.Shift]:
    """Return what would move; nothing is written."""
    today = timezone.localdate()
    if given["deed"] == "open":
        return []
    closed = given["days"]
    if given["deed"] == "weekday":
        weekdays = {day.weekday() for day in given["days"]}
        horizon = [day for year in range(today.year, today.year + YEARS_AHEAD) for day in days_of(year)]
        extra = set(Calendar(library).extra_days)
        closed = [day for day in horizon if day.weekday() in weekdays and day not in extra]
    return closures.shifts(Calendar(library, also_closed=closed), on=today)


def _do(library: Library, given: dict) -> str:
    now = timezone.now()
    if given["deed"] == "open":
        hours = Hours(given["opens"], given["closes"])
        closures.open_days(library, dict.fromkeys(given["days"], (hours, given["reason"])))
        return f"{len(given['days'])}日を臨時開館にしました。"
    if given["deed"] == "close":
        moved = closures.close(library, dict.fromkeys(given["days"], given["reason"]), now=now)
    else:
        weekdays = sorted({day.weekday() for day in given["days"]})
        moved = [shift for weekday in weekdays for shift in closures.close_weekday(library, weekday, now=now)]
    return f"休館にしました。期限を{sum(shift.count for shift in moved)}件、後ろにずらしました。"


def _show(
    request: HttpRequest, library: Library, year: int, form: DaysForm, preview: list[closures.Shift] | None = None
) -> HttpResponse:
    calendar = Calendar(Library.objects.get(pk=library.pk))
    reasons = {row.date: row.reason for row in library.closed_days.all()}
    ticked = set(form.cleaned_data.get("days", ())) if form.is_bound and hasattr(form, "cleaned_data") else set()
    context = site.each_context(request) | {
        "title": f"{library.short_name}の開館カレンダー",
        "library": library,
        "libraries": Library.objects.all(),
        "year": year,
        "years": range(timezone.localdate().year - 1, timezone.localdate().year + YEARS_AHEAD + 1),
        "months": [(month, _weeks(calendar, reasons, ticked, year, month)) for month in range(1, 13)],
        "weekdays": OpeningHours.Weekday.labels,
        "form": form,
        "ticked": sorted(ticked),
        "preview": preview,
    }
    return TemplateResponse(request, "loans/desk/year.html", context)


def _weeks(calendar: Calendar, reasons: dict, ticked: set[date], year: int, month: int) -> list[list[dict | None]]:
    """Return a month's weeks from Monday; days of other months are None."""
    return [
        [_day(calendar, reasons, ticked, day) if day.month == month else None for day in week]
        for week in months.Calendar().monthdatescalendar(year, month)
    ]


def _day(calendar: Calendar, reasons: dict, ticked: set[date], day: date) -> dict:
    hours = calendar.hours(day)
    extra = day in calendar.extra_days
    why = "" if hours else reasons.get(day, "定期休館日")
    state = "extra" if extra else "open" if hours else "closed" if day in reasons else "weekly"
    return {"date": day, "hours": hours, "why": why, "state": state, "ticked": day in ticked}
