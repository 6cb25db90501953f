"""How many of a web process's threads wait for one title: all other pages stand behind threads that wait."""

import threading
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from time import monotonic

from django.conf import settings
from django.db import OperationalError

PATIENCE = 0.2  # seconds; where reserving goes its usual way, a title is free again sooner


class TooManyWaitersError(OperationalError):
    """So many have waited so long for the title that one more would only hold a thread."""


_change = threading.Condition()
_waiting: defaultdict[int, list[float]] = defaultdict(list)  # since when, by title


@contextmanager
def one_of_few(titles: Collection[int]) -> Iterator[None]:
    """Be one of ``TITLE_WAITERS`` who ask for the lock of each of these titles; 0 lets everybody ask."""
    if not settings.TITLE_WAITERS:
        yield
        return
    with _change:
        longest = min((since[0] for pk in titles if (since := _waiting.get(pk))), default=monotonic())
        if not _change.wait_for(lambda: _is_open(titles), max(0.0, longest + PATIENCE - monotonic())):
            raise TooManyWaitersError("too many wait for this title")
        began = monotonic()
        for pk in titles:
            _waiting[pk].append(began)
    try:
        yield
    finally:
        with _change:
            for pk in titles:
                _waiting[pk].remove(began)
                if not _waiting[pk]:
                    del _waiting[pk]
            _change.notify_all()


def _is_open(titles: Collection[int]) -> bool:
    return all(len(_waiting.get(pk, ())) < settings.TITLE_WAITERS for pk in titles)
