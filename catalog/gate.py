"""A bound on how many anonymous searches run at once, so that no crawler starves login, reserving and the counter.

Each web process has its own; with gunicorn's four threads, one thread is always left for everything else.
"""

import threading
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

AT_ONCE = 3
PATIENCE_SECONDS = 1.0

View = Callable[..., HttpResponse]
_places = threading.BoundedSemaphore(AT_ONCE)


class TooManySearches(OperationalError):
    """Said as 503 with Retry-After, like a database that is away."""


def bounded(view: View) -> View:
    """Let a visitor without a login wait for a place for a second at most; raises TooManySearches."""

    @wraps(view)
    def waiting(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            return view(request, *args, **kwargs)
        if not _places.acquire(timeout=PATIENCE_SECONDS):
            raise TooManySearches("All places for anonymous searches are taken.")
        try:
            return view(request, *args, **kwargs)
        finally:
            _places.release()

    return waiting
