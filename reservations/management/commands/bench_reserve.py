"""Measure a storm: ``manage.py bench_reserve --patrons 200`` ends with one line of JSON."""

import json

from django.core.management.base import BaseCommand, CommandParser

from reservations.bench import measure


class Command(BaseCommand):
    help = "Let many patrons reserve one title at once over HTTP; its rows are made and taken away again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--patrons", type=int, default=200)

    def handle(self, *args, **options) -> None:
        self.stdout.write(json.dumps(measure(options["patrons"])))
