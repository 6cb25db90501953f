"""Two sessions at once, on real connections: statement by statement in a chosen order, or all at once.

``interleave`` runs each action in a thread of its own and lets one statement through at a time, as ``schedule`` says; a
session that waits for a lock is passed over until the other one lets it go. ``storm`` starts many and lets them run.
"""

import itertools
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, connections

STEP_SECONDS = 20.0
POLL_SECONDS = 0.001
Action = Callable[[], Any]


@dataclass
class Result:
    """What a session returned or raised, and which of them was done first (0, 1 …)."""

    value: Any = None
    error: Exception | None = None
    finished: int = -1


class Session(threading.Thread):
    """One action on its own connection, which runs a statement whenever it is given a turn."""

    def __init__(self, action: Action) -> None:
        super().__init__(daemon=True)
        self.action, self.result = action, Result()
        self.turn = threading.Semaphore(0)
        self.paused, self.done = threading.Event(), threading.Event()
        self.pid = 0

    def run(self) -> None:
        connections["default"].ensure_connection()
        self.pid = connections["default"].connection.info.backend_pid
        try:
            with connections["default"].execute_wrapper(self._wait_for_turn):
                self.result.value = self.action()
        except Exception as error:
            self.result.error = error
        finally:
            connections["default"].close()
            self.done.set()

    def _wait_for_turn(self, execute, sql, params, many, context):
        self.paused.set()
        self.turn.acquire()
        return execute(sql, params, many, context)

    def step(self) -> bool:
        """Run one statement; return False when the session waits for a lock."""
        if not self._at_rest():
            return False
        if not self.done.is_set():
            self.paused.clear()
            self.turn.release()
        return self._at_rest()

    def _at_rest(self) -> bool:
        """Wait until the session is done or before its next statement; False when it is blocked."""
        patience = time.monotonic() + STEP_SECONDS
        while not (self.paused.is_set() or self.done.is_set()):
            if self.pid and _is_blocked(self.pid):
                return False
            assert time.monotonic() < patience, "a session hangs"
            time.sleep(POLL_SECONDS)
        return True


def _is_blocked(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [pid])
        return cursor.fetchone()[0] > 0


def interleave(actions: Sequence[Action], schedule: Sequence[int]) -> list[Result]:
    """Run the actions, one statement of session ``schedule[n]`` at a time; then let all finish."""
    sessions = [Session(action) for action in actions]
    for session in sessions:
        session.start()
    order = iter(range(len(sessions)))
    for number in itertools.chain(schedule, itertools.cycle(range(len(sessions)))):
        sessions[number].step()
        for session in sessions:
            if session.done.is_set() and session.result.finished < 0:
                session.result.finished = next(order)
        if all(session.done.is_set() for session in sessions):
            return [session.result for session in sessions]
    raise AssertionError("unreachable")


def one_switch(steps: int, first: int = 0) -> list[int]:
    """Return the schedule in which one session is stopped after ``steps`` statements and the other runs through."""
    return [first] * steps + [1 - first] * 40 + [first] * 40


def schedules(*, deep: bool) -> list[list[int]]:
    """Return schedules with one switch after some statements; ``deep``: after each, and a hundred shuffled ones."""
    found = [one_switch(steps, first) for steps in range(1, 18, 1 if deep else 3) for first in (0, 1)]
    shuffled = random.Random(2026)  # noqa: S311
    return found + [[shuffled.randrange(2) for _ in range(40)] for _ in range(100 if deep else 0)]


def storm(actions: Sequence[Action]) -> list[Result]:
    """Start all actions at the same moment on real connections and return their results in the order given."""
    barrier = threading.Barrier(len(actions))
    results = [Result() for _ in actions]

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number].value = actions[number]()
        except Exception as error:
            results[number].error = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
