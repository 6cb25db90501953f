"""Measure search on many synthetic records, beside the limit in the same run: ``manage.py bench_search --titles N``."""

import gc
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from catalog.search.ask import find
from catalog.search.index import indexer, on_disk
from tests.benches.clock import milliseconds, percentile, summary
from tests.benches.command import BenchCommand
from tests.benches.database import own_database
from tests.benches.search.limit import Bitmaps
from tests.benches.search.load import load
from tests.benches.search.queries import flat, queries
from tests.benches.search.records import records
from tests.benches.search.times import (
    Asked,
    entered,
    round_trip,
    throughput,
    timed,
    timed_pages,
    together,
    update_times,
    wrong_totals,
)

SAMPLE = 20_000  # records that queries are drawn from


class Command(BenchCommand):
    help = "Measure search: a database and an index of their own, at least 120 queries, the limit beside them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--titles", type=int, default=100_000)
        parser.add_argument("--json", action="store_true", help="print the last line, a JSON object, alone")

    def measure(self, *, titles: int, json: bool, **options: Any) -> dict[str, Any]:
        self.quiet = json
        settings.ALLOWED_HOSTS = ["testserver"]
        settings.DEBUG = False  # as in production: no log of queries is kept
        with tempfile.TemporaryDirectory() as folder, own_database("bench_search"):
            settings.SEARCH_INDEX = folder
            return self.measure_here(titles)

    def measure_here(self, titles: int) -> dict[str, Any]:
        """Measure in the database and the index that are set now."""
        asked = list(flat(queries(list(islice(records(titles), SAMPLE)))))
        limit = self.fill(titles, asked)
        build_s = self.build()
        gc.freeze()  # a server does not hold the limit's million records, and does not walk through them
        wrong = wrong_totals(asked, limit)
        for line in wrong:
            self.say(f"wrong total: {line}")
        times, classes = self.answers(asked, limit)
        return {
            "titles": titles,
            "queries": len(asked),
            **times,
            **self.surroundings(asked),
            "build_s": round(build_s, 1),
            "records_per_s": round(titles / build_s),
            "wrong_totals": len(wrong),
            "classes": classes,
        }

    def fill(self, titles: int, asked: Asked) -> Bitmaps:
        """Write the records into the database and, for the same queries, into the limit."""
        limit = Bitmaps(query for _, query in asked)
        load(records(titles), self.progress("loaded"), lambda pk, *record: limit.add(pk, *entered(*record)))
        return limit

    def build(self) -> float:
        """Build the index and return the seconds it took."""
        started = time.monotonic()
        with indexer.only_indexer():
            indexer.rebuild(self.progress("indexed"))
        return time.monotonic() - started

    def answers(self, asked: Asked, limit: Bitmaps) -> tuple[dict[str, float], dict[str, Any]]:
        """Ask the search and the limit; return the times of all queries together, and class by class."""
        times, limits = timed(asked, find), timed(asked, limit.answer)
        every, limit_p95 = together(times), percentile(together(limits), 0.95)
        classes = {
            name: summary(of_class) | {"limit_p95_ms": summary(limits[name])["p95_ms"]}
            for name, of_class in times.items()
        }
        for name, numbers in classes.items():
            self.say(f"{name:<30} {numbers}")
        per_limit = percentile(every, 0.95) / max(limit_p95, 0.001)
        beside = {"limit_p95_ms": round(limit_p95, 3), "p95_per_limit_p95": round(per_limit, 1)}
        return summary(every) | beside, classes

    def surroundings(self, asked: Asked) -> dict[str, float]:
        """Measure what stands around an answer: the database's, the page's, changes, threads, the index on disk."""
        pages = together(timed_pages(asked))
        round_trips = [milliseconds(round_trip) for _ in range(200)]
        return {
            "roundtrip_ms": round(percentile(round_trips, 0.5), 3),
            "update_ms": round(percentile(update_times(), 0.5), 1),
            "page_p95_ms": round(percentile(pages, 0.95), 1),
            "queries_per_s_two_threads": round(throughput(asked)),
            "index_mb": round(_bytes_of(on_disk.current()) / 1e6, 1),
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


def _bytes_of(folder: Path | None) -> int:
    return sum(path.stat().st_size for path in folder.iterdir()) if folder else 0
