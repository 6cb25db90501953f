"""Races with real connections: acts that run at the same moment, and a point where they wait for each other."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import connections

PATIENCE = 0.8  # seconds that a racer waits for one that a lock keeps away


class Meeting:
    """A point in the code where racers wait for each other, but not for ever: one held by a lock never comes."""

    def __init__(self, racers: int = 2) -> None:
        self._barrier = threading.Barrier(racers)

    def after(self, function: Callable) -> Callable:
        """Return the function followed by the wait, to be put in its place."""

        def and_wait(*args: Any, **kwargs: Any) -> Any:
            answer = function(*args, **kwargs)
            with suppress(threading.BrokenBarrierError):
                self._barrier.wait(PATIENCE)
            return answer

        return and_wait

    def before(self, function: Callable) -> Callable:
        """Return the wait followed by the function."""

        def wait_and(*args: Any, **kwargs: Any) -> Any:
            with suppress(threading.BrokenBarrierError):
                self._barrier.wait(PATIENCE)
            return function(*args, **kwargs)

        return wait_and


def dawdling(function: Callable) -> Callable:
    """Return the function followed by a pause in which an act that no lock keeps away comes to its end."""

    def and_pause(*args: Any, **kwargs: Any) -> Any:
        answer = function(*args, **kwargs)
        time.sleep(PATIENCE)
        return answer

    return and_pause


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run acts at the same moment, each on its own connection; return their answers or what they raised."""
    answers: list[Any] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def racer(place: int) -> None:
        start.wait()
        try:
            answers[place] = acts[place]()
        except Exception as error:
            answers[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=racer, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
