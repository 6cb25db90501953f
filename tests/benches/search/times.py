"""What is measured of the search: answers, whole pages, changed records, two threads, and the limit beside them."""

import threading
import time
from collections.abc import Callable, Iterable
from functools import partial

from django.db import connection
from django.test import Client

from catalog.japanese.fold import fold
from catalog.models import Title
from catalog.search.ask import find
from catalog.search.index import indexer
from catalog.search.query import Query
from tests.benches.clock import milliseconds, percentile
from tests.benches.search.limit import Bitmaps
from tests.benches.search.records import Record

ROUNDS = 5
PAGES = 60
UPDATES = 20
THREADS = 2
THREAD_SECONDS = 5
Asked = list[tuple[str, Query]]  # class and query
Times = dict[str, list[float]]  # class → milliseconds of each query


def timed(asked: Asked, answer: Callable[[Query], object]) -> Times:
    """Ask every query some times, interleaved; the first round warms up. Return the median time of each query."""
    rounds = [[milliseconds(partial(answer, query)) for _, query in asked] for _ in range(ROUNDS + 1)][1:]
    times: Times = {}
    for number, (name, _) in enumerate(asked):
        times.setdefault(name, []).append(percentile([round_[number] for round_ in rounds], 0.5))
    return times


def timed_pages(asked: Asked) -> Times:
    """Fetch the results pages of some of the queries."""
    client = Client()  # one: a server loads its middleware once, too
    return timed(asked[:: len(asked) // PAGES or 1], lambda query: client.get(f"/search/{query.address()}"))


def together(times: Times) -> list[float]:
    return [time_ for of_class in times.values() for time_ in of_class]


def entered(record: Record, text: str) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Return what the bitmaps take of a record whose folded text is known."""
    fields = {"any": text, "publisher": fold(record.publisher), "title": text}
    fields["creator"] = "\n".join(line for line in text.split("\n") if line.startswith("C"))
    decade = str(record.year // 10 * 10)
    return fields, {
        "type": (record.kind,),
        "library": tuple(f"lib{number}" for number in record.libraries),
        "ndc": (record.ndc[0],),
        "decade": (decade,),
        "language": (record.language,),
        "available": () if record.lent else ("1",),
    }


def wrong_totals(asked: Asked, limit: Bitmaps) -> list[str]:
    """Name the queries whose total differs from the plain truth; one kana is bounded on purpose."""
    totals = [(query, find(query).total, limit.answer(query)[0]) for name, query in asked if name != "one kana"]
    return [f"{query.address()} {found}, not {true}" for query, found, true in totals if found != true]


def round_trip() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def update_times() -> list[float]:
    """Change a record, bring the index after it, and read the index again: milliseconds each."""
    follower = indexer.Follower()

    def update(pk: int) -> None:
        Title.objects.filter(pk=pk).update(year=1999)
        while follower.apply() == 0:
            time.sleep(0.001)
        find(Query.of("見本"))

    pks: Iterable[int] = Title.objects.order_by("pk").values_list("pk", flat=True)[:UPDATES]
    return [milliseconds(partial(update, pk)) for pk in pks]


def throughput(asked: Asked) -> float:
    """Return how many searches a second two threads answer."""
    until, counts = time.monotonic() + THREAD_SECONDS, [0] * THREADS

    def ask(thread: int) -> None:
        number = thread
        while time.monotonic() < until:
            find(asked[number % len(asked)][1])
            counts[thread], number = counts[thread] + 1, number + 1

    threads = [threading.Thread(target=ask, args=(thread,)) for thread in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / THREAD_SECONDS
