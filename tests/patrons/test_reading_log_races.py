"""The reading log in races with real connections; each has a twin without the lock, which must break the promise."""

import random
import threading
import time
from collections.abc import Callable

import pytest
from django.db import IntegrityError

from loans import circulation
from loans.models import Loan
from patrons.models import ReadingLog, SealedRead
from patrons.reading import reading_log
from tests import build
from tests.concurrent_acts import PATIENCE, together

pytestmark = pytest.mark.usefixtures("transactional_db")
LONGEST = 30  # seconds until a racer gives up waiting for the other to come to the point


class Point:
    """A point that one racer reaches and rests at; the other sets out when it is reached."""

    def __init__(self) -> None:
        self.reached = threading.Event()

    def rest_after(self, function: Callable) -> Callable:
        """Return the function followed by the rest, the first time only."""

        def and_rest(*args, **kwargs):
            answer = function(*args, **kwargs)
            if not self.reached.is_set():
                self.reached.set()
                time.sleep(PATIENCE)
            return answer

        return and_rest

    def then(self, act: Callable) -> Callable:
        """Return an act that waits for the point."""

        def after() -> object:
            assert self.reached.wait(LONGEST)
            return act()

        return after


def without_the_lock(monkeypatch) -> None:
    unlocked = lambda patron: ReadingLog.objects.filter(patron=patron).first()  # noqa: E731
    monkeypatch.setattr(reading_log, "_locked", unlocked)


def return_while_it_is_switched_off(monkeypatch) -> list:
    """Bring a book back and, when the return has seen the log, switch the log off; return both answers."""
    patron, at, point = build.patron(), build.library(), Point()
    build.read("前の本", patron)
    item = build.loan(build.item(build.title(), at), patron).item
    monkeypatch.setattr(reading_log, "_locked", point.rest_after(reading_log._locked))
    return together(
        lambda: circulation.check_in(item, at=at, by=None, now=build.NOON),
        point.then(lambda: reading_log.answer(patron, keep=False, on=build.TODAY)),
    )


def test_a_return_and_switching_off_leave_neither_row_nor_log(monkeypatch):
    returned, switched_off = return_while_it_is_switched_off(monkeypatch)
    assert (isinstance(returned, Exception), switched_off) == (False, None)
    assert (ReadingLog.objects.count(), SealedRead.objects.count(), Loan.objects.open().count()) == (0, 0, 0)


def test_twin_without_the_lock_one_of_the_two_fails(monkeypatch):
    without_the_lock(monkeypatch)
    answers = return_while_it_is_switched_off(monkeypatch)
    assert [type(answer) for answer in answers if isinstance(answer, Exception)] == [IntegrityError]


def delete_while_it_is_mixed(monkeypatch) -> list:
    """Mix the log and, when its rows have been read, delete one; return both answers."""
    patron, point = build.patron(), Point()
    read = build.read("こころ", patron)
    monkeypatch.setattr(random.SystemRandom, "shuffle", point.rest_after(lambda _, rows: None))
    return together(reading_log.mix, point.then(lambda: reading_log.delete_one(patron, read.pk)))


def test_a_row_that_is_deleted_while_it_is_mixed_stays_deleted(monkeypatch):
    assert (delete_while_it_is_mixed(monkeypatch), SealedRead.objects.count()) == ([1, 1], 0)


def test_twin_without_the_lock_the_deleted_row_comes_back(monkeypatch):
    without_the_lock(monkeypatch)
    assert (delete_while_it_is_mixed(monkeypatch), SealedRead.objects.count()) == ([1, 1], 1)
