"""Bounds on how many anonymous searches run at once, so that no crawler starves login, reserving and the counter.

Each web process has its own; with gunicorn's four threads, one thread is always left for everything else. Who waits for
a place holds a thread, too: so visitors wait only while waiting helps. Once somebody waited in vain, the next ones are
sent away at once for a while.
"""

import threading
import time
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

AT_ONCE = 3  # searches, lists, suggestions, feeds and what machines ask, together
HARVESTS_AT_ONCE = 1  # of these, what harvesters ask: a page of a hundred records, a sitemap
PATIENCE_SECONDS = 1.0
NO_PATIENCE_SECONDS = 5.0  # behind a visitor who waited in vain

View = Callable[..., HttpResponse]


class TooManySearches(OperationalError):
    """Said as 503 with Retry-After, like a database that is away."""


class Slots:
    """So many places, and the patience of those who find none."""

    def __init__(self, places: int) -> None:
        self._places = threading.BoundedSemaphore(places)
        self._patient_from = 0.0

    def __enter__(self) -> None:
        """Take a place, waiting for a second at most; raise TooManySearches."""
        patient = time.monotonic() >= self._patient_from
        if self._places.acquire(timeout=PATIENCE_SECONDS if patient else 0.0):
            return
        if patient:
            self._patient_from = time.monotonic() + NO_PATIENCE_SECONDS
        raise TooManySearches("All places for anonymous searches are taken.")

    def __exit__(self, *_: object) -> None:
        self._places.release()

    def around(self, view: View) -> View:
        """Let a visitor without a login wait for a place before the view begins."""

        @wraps(view)
        def waiting(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            # A cookie alone proves nothing, and without one no session is read.
            if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
                return view(request, *args, **kwargs)
            with self:
                return view(request, *args, **kwargs)

        return waiting


searches = Slots(AT_ONCE)
harvests = Slots(HARVESTS_AT_ONCE)


def with_search_slot(view: View) -> View:
    """Let a visitor's request take one of the places for searches."""
    return searches.around(view)


def with_harvest_slot(view: View) -> View:
    """Let a machine's request take a place for harvests, then one for searches, which it shares."""
    return harvests.around(searches.around(view))
