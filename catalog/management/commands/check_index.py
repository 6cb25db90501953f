"""Compare the search index of this machine with the catalogue, and shorten the change log."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.search.index.check import problems
from catalog.search.index.indexer import forget_applied


class Command(BaseCommand):
    help = "Compare the search index with the catalogue; ends with an error when something is missing or too much."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sample", type=int, default=1000, help="titles looked up one by one (default 1000)")
        parser.add_argument("--all", action="store_true", help="look up every title")

    def handle(self, *args: Any, **options: Any) -> None:
        forget_applied()
        found = list(problems(None if options["all"] else options["sample"]))
        for problem in found[:50]:
            self.stderr.write(problem)
        if found:
            raise CommandError(f"{len(found)} problems. Build the index anew: manage.py index_catalogue --rebuild")
        self.stdout.write("The index agrees with the catalogue.")
