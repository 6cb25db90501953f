"""Measure the counter: ``manage.py bench_desk --scans 500``."""

from typing import Any

from django.core.management.base import CommandParser

from tests.benches import counter
from tests.benches.command import BenchCommand


class Command(BenchCommand):
    help = "Check out and check in over HTTP, one scan after the other; its rows are made and taken away again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scans", type=int, default=500)

    def measure(self, *, scans: int, **options: Any) -> dict[str, float]:
        return counter.measure(scans)
