"""A library's year in the admin: every day, open or closed, and closing days with what they move (SPEC D7).

Two steps: the first form shows what would move, the second one does it.
"""

import calendar as months
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin import site
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from catalog.models import Library, OpeningHours
from catalog.opening.calendar import Calendar, Hours
from catalog.typed_numbers import typed_number
from loans import closures
from patrons.models import User

YEARS_AHEAD = 3


class DaysForm(forms.Form):
    """What is to happen on the days that were ticked."""

    DEEDS = (
        ("close", "休館にする"),
        ("open", "臨時開館にする"),
        ("weekday", "選んだ日の曜日を、毎週の休館日にする"),
    )

    days = forms.TypedMultipleChoiceField(
        label="日", coerce=date.fromisoformat, error_messages={"required": "日を選んでください。"}
    )
    deed = forms.ChoiceField(label="すること", choices=DEEDS)
    reason = forms.CharField(label="理由", max_length=60, required=False)
    opens = forms.TimeField(label="開館（臨時開館のとき）", initial="10:00", required=False)
    closes = forms.TimeField(label="閉館（臨時開館のとき）", initial="18:00", required=False)

    def __init__(self, data: QueryDict | None, *, year: int) -> None:
        super().__init__(data)
        days = cast(forms.TypedMultipleChoiceField, self.fields["days"])
        days.choices = [(day.isoformat(), day) for day in days_of(year)]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        opens, closes = given.get("opens"), given.get("closes")
        if given.get("deed") == "close" and not given.get("reason"):
            self.add_error("reason", "理由を入れてください。利用者にも表示されます。")
        if given.get("deed") == "open" and not (opens and closes and opens < closes):
            self.add_error("opens", "開館は閉館より前の時刻にしてください。")
        return given

    @property
    def ticked(self) -> set[date]:
        return set(self.cleaned_data.get("days", ())) if self.is_bound else set()

    def preview(self, library: Library) -> list[closures.Shift]:
        """Return what would move; nothing is written."""
        today, deed, closed = timezone.localdate(), self.cleaned_data["deed"], self.cleaned_data["days"]
        if deed == "open":
            return []
        if deed == "weekday":
            weekdays = {day.weekday() for day in closed}
            horizon = [day for year in range(today.year, today.year + YEARS_AHEAD) for day in days_of(year)]
            extra = set(Calendar(library).extra_days)
            closed = [day for day in horizon if day.weekday() in weekdays and day not in extra]
        return closures.shifts(Calendar(library, also_closed=closed), on=today)

    def carry_out(self, library: Library) -> str:
        """Open or close the days, and return what was done in words."""
        now, given = timezone.now(), self.cleaned_data
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


def days_of(year: int) -> list[date]:
    """Return every day of a year."""
    numbers = ((month, day) for month in range(1, 13) for day in range(1, months.monthrange(year, month)[1] + 1))
    return [date(year, month, day) for month, day in numbers]


@dataclass(frozen=True)
class Year:
    """A library's year as the page draws it: its days, why single ones are closed, which ones the form ticked."""

    number: int
    calendar: Calendar
    reasons: dict[date, str]
    ticked: set[date]

    @classmethod
    def of(cls, library: Library, number: int, ticked: set[date]) -> "Year":
        reasons = {row.date: row.reason for row in library.closed_days.all()}
        return cls(number, Calendar(Library.objects.get(pk=library.pk)), reasons, ticked)

    def drawn(self) -> dict[str, object]:
        """Return what the page draws of the year, and the years beside it."""
        this = timezone.localdate().year
        return {
            "year": self.number,
            "years": range(this - 1, this + YEARS_AHEAD + 1),
            "months": [(month, self.weeks(month)) for month in range(1, 13)],
            "weekdays": OpeningHours.Weekday.labels,
            "ticked": sorted(self.ticked),
        }

    def weeks(self, month: int) -> list[list[dict[str, object] | None]]:
        """Return a month's weeks from Monday; days of other months are None."""
        return [
            [self.day(day) if day.month == month else None for day in week]
            for week in months.Calendar().monthdatescalendar(self.number, month)
        ]

    def day(self, day: date) -> dict[str, object]:
        hours = self.calendar.hours(day)
        extra = day in self.calendar.extra_days
        why = "" if hours else self.reasons.get(day, "定期休館日")
        state = "extra" if extra else "open" if hours else "closed" if day in self.reasons else "weekly"
        return {"date": day, "hours": hours, "why": why, "state": state, "ticked": day in self.ticked}


@require_http_methods(["GET", "HEAD", "POST"])
def year_view(request: HttpRequest) -> HttpResponse:
    """Show a year of one library; with POST show what the form would move, and on confirmation move it."""
    if not request.user.has_perm("catalog.add_closedday"):
        raise PermissionDenied
    asked = request.POST if request.method == "POST" else request.GET
    library = may_see(cast(User, request.user), typed_number(asked.get("library")))
    if library is None:
        messages.error(request, "先に図書館を登録してください。")
        return redirect("admin:index")
    this = timezone.localdate().year
    year = min(max(typed_number(asked.get("year")) or this, this - 1), this + YEARS_AHEAD)
    form = DaysForm(request.POST or None, year=year)
    if form.is_valid() and "confirmed" in request.POST:
        messages.success(request, form.carry_out(library))
        return redirect(f"{reverse('admin:calendar')}?library={library.pk}&year={year}")
    context = site.each_context(request) | {
        "title": f"{library.short_name}の開館カレンダー",
        "library": library,
        "libraries": Library.objects.all(),
        "form": form,
        "preview": form.preview(library) if form.is_valid() else None,
    }
    context |= Year.of(library, year, form.ticked).drawn()
    return TemplateResponse(request, "loans/desk/year.html", context)


def may_see(user: User, wanted: int | None) -> Library | None:
    """Return the library asked for, or the user's own, or any.

    Staff of one library who may not change libraries see their own only.
    """
    own = user.library
    if own and not user.has_perm("catalog.change_library"):
        return own
    return Library.objects.filter(pk=wanted or 0).first() or own or Library.objects.first()
