"""Measure a storm: ``manage.py bench_reserve --patrons 200``."""

from typing import Any

from django.core.management.base import CommandParser

from tests.benches import storm
from tests.benches.command import BenchCommand


class Command(BenchCommand):
    help = "Let many patrons reserve one title at once over HTTP; its rows are made and taken away again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--patrons", type=int, default=200)

    def measure(self, *, patrons: int, **options: Any) -> dict[str, float]:
        return storm.measure(patrons)
