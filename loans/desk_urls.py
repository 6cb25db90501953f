"""The counter's pages under /admin/desk/; the admin site wraps each in its own login (``opac.admin``)."""

from collections.abc import Callable

from django.urls import URLPattern, path

from loans import counter


def desk_urls(admin_view: Callable) -> list[URLPattern]:
    """Return the patterns, each view passed through ``admin_view`` of the site."""
    views = (
        ("desk/", counter.scan, {"mode": "check_out"}, "desk"),
        ("desk/return/", counter.scan, {"mode": "check_in"}, "desk_check_in"),
        ("desk/arrival/", counter.scan, {"mode": "arrival"}, "desk_arrival"),
        ("desk/library/", counter.library, {}, "desk_library"),
        ("desk/slip/<int:pk>/", counter.slip, {}, "desk_slip"),
    )
    return [path(route, admin_view(view), kwargs, name=name) for route, view, kwargs, name in views]
