"""The start page: search, what the service does, who is open today, what is new."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from catalog.calendar import Hours, calendars
from catalog.models import Library, Title

NEW_ARRIVALS = 12


@dataclass(frozen=True)
class Today:
    """One library and its hours today; ``hours`` None means closed."""

    library: Library
    hours: Hours | None


def start(request: HttpRequest) -> HttpResponse:
    """Show the start page (SPEC F2)."""
    on = timezone.localdate()
    arrivals = Title.objects.select_related("material_type").order_by("-added_on", "-id")[:NEW_ARRIVALS]
    return render(request, "opac/start.html", {"on": on, "today": libraries_today(on), "arrivals": arrivals})


def libraries_today(on: date) -> list[Today]:
    """Return every library with its hours on a day (date in Asia/Tokyo), in four queries."""
    libraries = list(Library.objects.all())
    calendar_of = calendars(libraries)
    return [Today(library, calendar_of[library.pk].hours(on)) for library in libraries]
