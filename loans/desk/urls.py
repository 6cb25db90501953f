"""The counter under /admin/desk/ and the year view; the admin site wraps each in its own login (``opac.admin``)."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path

from loans.desk import lists, pages, patron, stranded
from loans.desk.year import year_view

PATRON, STRANDED = "desk/patrons/<int:pk>/", "desk/stranded/<int:pk>/"
VIEWS: tuple[tuple[str, Callable[..., HttpResponse], str, dict[str, str]], ...] = (
    ("desk/", pages.scan, "desk", {"mode": "check_out"}),
    ("desk/return/", pages.scan, "desk_check_in", {"mode": "check_in"}),
    ("desk/arrival/", pages.scan, "desk_arrival", {"mode": "arrival"}),
    ("desk/pull-list/", pages.scan, "desk_pull_list", {"mode": "pull_list"}),
    ("desk/hold-shelf/", pages.scan, "desk_hold_shelf", {"mode": "hold_shelf"}),
    ("desk/copy/", pages.scan, "desk_copy", {"mode": "copy"}),
    ("desk/copy/<int:pk>/status/", lists.copy_status, "desk_copy_status", {}),
    ("desk/library/", pages.library, "desk_library", {}),
    ("desk/slip/<int:pk>/", pages.slip, "desk_slip", {}),
    ("desk/pull-list/<int:pk>/absence/", lists.not_found, "desk_not_found", {}),
    ("desk/contacts/", lists.contact_list, "desk_contacts", {}),
    ("desk/contacts/<int:pk>/result/", lists.contact, "desk_contact", {}),
    ("desk/stranded/", stranded.listing, "desk_stranded", {}),
    (STRANDED, stranded.title, "desk_stranded_title", {}),
    (f"{STRANDED}cancellation/", stranded.cancellation, "desk_stranded_cancellation", {}),
    (f"{STRANDED}move/", stranded.move, "desk_stranded_move", {}),
    ("desk/patrons/", patron.search, "desk_patrons", {}),
    (PATRON, patron.patron, "desk_patron", {}),
    (f"{PATRON}extension/", patron.extend, "desk_patron_extension", {}),
    (f"{PATRON}reservations/", patron.reserve, "desk_patron_reservations", {}),
    (f"{PATRON}change/", patron.change, "desk_patron_change", {}),
    (f"{PATRON}cancellation/", patron.cancel, "desk_patron_cancellation", {}),
    (f"{PATRON}sequence/", patron.put_in_order, "desk_patron_sequence", {}),
    (f"{PATRON}sequence/release/", patron.release, "desk_patron_release", {}),
    (f"{PATRON}initial-password/", patron.initial_password, "desk_patron_initial_password", {}),
)


def desk_urls(admin_view: Callable) -> list[URLPattern]:
    """Return the patterns, each view passed through ``admin_view`` of the site."""
    desk = [path(route, admin_view(view), kwargs, name=name) for route, view, name, kwargs in VIEWS]
    return [*desk, path("calendar/", admin_view(year_view), name="calendar")]
