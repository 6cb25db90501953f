"""Measure search on many synthetic records, beside the limit in the same run."""

import gc
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.test import Client

from catalog.bench.clock import milliseconds, percentile, summary
from catalog.bench.limit import Bitmaps
from catalog.bench.load import load, own_database
from catalog.bench.queries import flat, queries
from catalog.bench.records import Record, records
from catalog.japanese.fold import fold
from catalog.models import Title
from catalog.search.ask import find
from catalog.search.index import indexer, on_disk
from catalog.search.query import Query

SAMPLE = 20_000  # records that queries are drawn from
ROUNDS = 5
UPDATES = 20
THREADS = 2
THREAD_SECONDS = 5


class Command(BaseCommand):
    help = "Measure search: a database and an index of their own, at least 120 queries, the limit beside them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--titles", type=int, default=100_000)
        parser.add_argument("--json", action="store_true", help="print the last line, a JSON object, alone")

    def handle(self, *args: Any, titles: int, **options: Any) -> None:
        self.quiet = options["json"]
        settings.ALLOWED_HOSTS = ["testserver"]
        settings.DEBUG = False  # as in production: no log of queries is kept
        with tempfile.TemporaryDirectory() as folder, own_database("bench_search"):
            settings.SEARCH_INDEX = folder
            result = self.measure(titles)
        self.stdout.write(json.dumps(result, ensure_ascii=False))

    def measure(self, titles: int) -> dict[str, Any]:
        by_class = queries(list(islice(records(titles), SAMPLE)))
        asked = list(flat(by_class))
        limit = Bitmaps(query for _, query in asked)
        load(records(titles), self.progress("loaded"), lambda pk, *record: limit.add(pk, *entered(*record)))
        started = time.monotonic()
        with indexer.only_indexer():
            indexer.rebuild(self.progress("indexed"))
        build_s = time.monotonic() - started
        gc.freeze()  # a server does not hold the limit's million records, and does not walk through them
        wrong = wrong_totals(asked, limit)
        times, limits = timed(asked, find), timed(asked, limit.answer)
        client = Client()  # one: a server loads its middleware once, too
        pages = timed(asked[:: len(asked) // 60 or 1], lambda query: client.get(f"/search/{query.address()}"))
        every = [time_ for of_class in times.values() for time_ in of_class]
        limit_p95 = percentile([time_ for of_class in limits.values() for time_ in of_class], 0.95)
        classes = {
            name: summary(of_class) | {"limit_p95_ms": summary(limits[name])["p95_ms"]}
            for name, of_class in times.items()
        }
        for name, numbers in classes.items():
            self.say(f"{name:<30} {numbers}")
        for line in wrong:
            self.say(f"wrong total: {line}")
        return {
            "titles": titles,
            "queries": len(asked),
            **summary(every),
            "limit_p95_ms": round(limit_p95, 3),
            "p95_per_limit_p95": round(percentile(every, 0.95) / max(limit_p95, 0.001), 1),
            "roundtrip_ms": round(percentile([milliseconds(round_trip) for _ in range(200)], 0.5), 3),
            "update_ms": round(percentile(update_times(), 0.5), 1),
            "page_p95_ms": round(percentile([time_ for of_class in pages.values() for time_ in of_class], 0.95), 1),
            "queries_per_s_two_threads": round(throughput([query for _, query in asked])),
            "index_mb": round(sum(path.stat().st_size for path in Path(on_disk.current()).iterdir()) / 1e6, 1),
            "build_s": round(build_s, 1),
            "records_per_s": round(titles / build_s),
            "wrong_totals": len(wrong),
            "classes": classes,
        }

    def progress(self, word: str) -> Callable[..., None]:
        def show(done: int, total: int | None = None) -> None:
            if not self.quiet and sys.stdout.isatty():
                self.stdout.write(f"\r{word}: {done:,}   ", ending="")
                self.stdout.flush()

        return show

    def say(self, line: str) -> None:
        if not self.quiet:
            self.stdout.write(line)


def timed(asked: list[tuple[str, Query]], answer: Callable[[Query], object]) -> dict[str, list[float]]:
    """Ask every query some times, interleaved; the first round warms up. Return the median time of each query."""
    rounds = [[milliseconds(lambda query=query: answer(query)) for _, query in asked] for _ in range(ROUNDS + 1)][1:]
    times: dict[str, list[float]] = {}
    for number, (name, _) in enumerate(asked):
        times.setdefault(name, []).append(percentile([round_[number] for round_ in rounds], 0.5))
    return times


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


def wrong_totals(asked: list[tuple[str, Query]], limit: Bitmaps) -> list[str]:
    """Name the queries whose total differs from the plain truth; one kana is bounded on purpose."""
    totals = [(query, find(query).total, limit.answer(query)[0]) for name, query in asked if name != "one kana"]
    return [f"{query.address()} {found}, not {true}" for query, found, true in totals if found != true]


def round_trip() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def update_times() -> list[float]:
    """Change a record, bring the index after it, and read the index again: milliseconds each."""
    follower = indexer.Follower()
    pks = list(Title.objects.order_by("pk").values_list("pk", flat=True)[:UPDATES])

    def update(pk: int) -> None:
        Title.objects.filter(pk=pk).update(year=1999)
        while follower.apply() == 0:
            time.sleep(0.001)
        find(Query.of("見本"))

    return [milliseconds(lambda pk=pk: update(pk)) for pk in pks]


def throughput(asked: list[Query]) -> float:
    """Return how many searches a second two threads answer."""
    until, counts = time.monotonic() + THREAD_SECONDS, [0] * THREADS

    def ask(thread: int) -> None:
        number = thread
        while time.monotonic() < until:
            find(asked[number % len(asked)])
            counts[thread], number = counts[thread] + 1, number + 1

    threads = [threading.Thread(target=ask, args=(thread,)) for thread in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / THREAD_SECONDS
