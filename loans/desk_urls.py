"""The counter under /admin/desk/ and the year view; the admin site wraps each in its own login (``opac.admin``)."""

from collections.abc import Callable

from django.urls import URLPattern, path

from loans import counter, counter_lists, counter_patron
from loans.year_view import year_view

PATRON = "desk/patrons/<int:pk>/"
VIEWS = (
    ("desk/", counter.scan, "desk", {"mode": "check_out"}),
    ("desk/return/", counter.scan, "desk_check_in", {"mode": "check_in"}),
    ("desk/arrival/", counter.scan, "desk_arrival", {"mode": "arrival"}),
    ("desk/pull-list/", counter.scan, "desk_pull_list", {"mode": "pull_list"}),
    ("desk/hold-shelf/", counter.scan, "desk_hold_shelf", {"mode": "hold_shelf"}),
    ("desk/copy/", counter.scan, "desk_copy", {"mode": "copy"}),
    ("desk/copy/<int:pk>/status/", counter_lists.copy_status, "desk_copy_status", {}),
    ("desk/library/", counter.library, "desk_library", {}),
    ("desk/slip/<int:pk>/", counter.slip, "desk_slip", {}),
    ("desk/pull-list/<int:pk>/absence/", counter_lists.not_found, "desk_not_found", {}),
    ("desk/contacts/", counter_lists.contact_list, "desk_contacts", {}),
    ("desk/contacts/<int:pk>/result/", counter_lists.contact, "desk_contact", {}),
    ("desk/patrons/", counter_patron.search, "desk_patrons", {}),
    (PATRON, counter_patron.patron, "desk_patron", {}),
    (f"{PATRON}extension/", counter_patron.extend, "desk_patron_extension", {}),
    (f"{PATRON}reservations/", counter_patron.reserve, "desk_patron_reservations", {}),
    (f"{PATRON}change/", counter_patron.change, "desk_patron_change", {}),
    (f"{PATRON}cancellation/", counter_patron.cancel, "desk_patron_cancellation", {}),
    (f"{PATRON}sequence/", counter_patron.put_in_order, "desk_patron_sequence", {}),
    (f"{PATRON}sequence/release/", counter_patron.release, "desk_patron_release", {}),
    (f"{PATRON}initial-password/", counter_patron.initial_password, "desk_patron_initial_password", {}),
)


def desk_urls(admin_view: Callable) -> list[URLPattern]:
    """Return the patterns, each view passed through ``admin_view`` of the site."""
    desk = [path(route, admin_view(view), kwargs, name=name) for route, view, name, kwargs in VIEWS]
    return [*desk, path("calendar/", admin_view(year_view), name="calendar")]
