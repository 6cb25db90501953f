"""Measure the counter: ``manage.py bench_desk`` scans over HTTP and prints one line of JSON."""

import json

from django.core.management.base import BaseCommand, CommandParser

from loans.bench import measure


class Command(BaseCommand):
    help = "Check out and check in over HTTP, one scan after the other; its rows are made and taken away again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scans", type=int, default=500)

    def handle(self, *args, **options) -> None:
        self.stdout.write(json.dumps(measure(options["scans"])))
