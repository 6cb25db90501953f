"""The start page: search, what the service does, who is open today, what is new."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from catalog.models import Library, Title
from catalog.opening.calendar import Hours, calendars
from catalog.requests import PortalRequest
from opac.faces import visits
from patrons.account.access import patron_of

NEW_ARRIVALS = 12


@dataclass(frozen=True)
class Today:
    """One library and its hours today; ``hours`` None means closed; ``own`` the reader's, which comes first."""

    library: Library
    hours: Hours | None
    own: bool


def start(request: PortalRequest) -> HttpResponse:
    """Show the start page (SPEC F2); by ``?left`` a shared device without scripts ends a visit."""
    if request.terminal and "left" in request.GET:
        return visits.end(request)
    on = timezone.localdate()
    arrivals = Title.objects.select_related("material_type").order_by("-added_on", "-id")[:NEW_ARRIVALS]
    return render(
        request, "opac/start.html", {"on": on, "today": libraries_today(on, own_library(request)), "arrivals": arrivals}
    )


def own_library(request: PortalRequest) -> int | None:
    """Return the id of the library that is the reader's: where the terminal stands, else where they collect."""
    if request.terminal:
        return request.terminal.library_id
    patron = patron_of(request)
    return patron.pickup_library_id if patron else None


def libraries_today(on: date, own: int | None = None) -> list[Today]:
    """Return every library with its hours on a day (date in Asia/Tokyo), ``own`` first, in four queries."""
    libraries = sorted(Library.objects.all(), key=lambda library: library.pk != own)
    calendar_of = calendars(libraries)
    return [Today(library, calendar_of[library.pk].hours(on), library.pk == own) for library in libraries]
