"""Measure the import: ``manage.py bench_import --records N``."""

import resource
import tempfile
import time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from pymarc import MARCReader

from catalog.marc.loading import run
from catalog.models import ImportRun
from tests.benches.clock import milliseconds
from tests.benches.command import BenchCommand
from tests.benches.database import own_database
from tests.benches.marc_file import write_file

PROCESSES = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


class Command(BenchCommand):
    help = (
        "Make N records like those of JAPAN/MARC and import them into a database of their own; the last line is JSON. "
        "pymarc_records_per_s is bare reading by pymarc alone, without mapping or database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--records", type=int, default=10_000)

    def measure(self, *, records: int, **options: Any) -> dict[str, float]:
        with tempfile.TemporaryDirectory() as folder, own_database("bench_import"):
            path = Path(folder) / "bench.mrc"
            write_file(path, records)
            pymarc_seconds = milliseconds(lambda: _read_by_pymarc(path)) / 1000
            this_run, seconds = _import(path)
            peak = sum(resource.getrusage(who).ru_maxrss for who in PROCESSES) / 1024
        if this_run.created + this_run.changed + this_run.unchanged != records:
            raise CommandError(f"Only {this_run.created} of {records} records were taken.")
        return {
            "records": records,
            "records_per_s": round(records / seconds),
            "pymarc_records_per_s": round(records / pymarc_seconds),
            "peak_mb": round(peak),
        }


def _import(path: Path) -> tuple[ImportRun, float]:
    this_run = ImportRun(name=path.name)
    started = time.perf_counter()
    try:
        with run.only_import():
            run.Import(path, this_run).work(timezone.now)
    except run.AnotherImportRuns:
        raise CommandError("Another import is running.") from None
    return this_run, time.perf_counter() - started


def _read_by_pymarc(path: Path) -> None:
    with path.open("rb") as file:
        for record in MARCReader(file):
            if record is None:
                raise CommandError("The bench's own records cannot be read by pymarc.")
