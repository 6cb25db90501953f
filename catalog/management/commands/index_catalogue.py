"""Bring the search index of this machine after the catalogue."""

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, close_old_connections

from catalog.search.index import indexer

POLL_SECONDS = 0.5
PATIENCE_SECONDS = 5
FORGET_EVERY_SECONDS = 3600


class Command(BaseCommand):
    help = "Bring the search index after the catalogue: once, for ever, or anew. Without an index it is built."

    def add_arguments(self, parser: CommandParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--once", action="store_true", help="apply what has changed and end (for cron; the default)")
        how.add_argument("--follow", action="store_true", help="stay and apply every change within two seconds")
        how.add_argument("--rebuild", action="store_true", help="build anew beside the old one, then switch")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with indexer.only_indexer():
                if options["rebuild"]:
                    self.rebuild()
                elif options["follow"]:
                    self.follow()
                else:
                    self.once()
        except indexer.AnotherIndexerRuns:
            raise CommandError("Another indexer runs on this machine.") from None

    def rebuild(self) -> None:
        started = time.monotonic()
        titles = indexer.rebuild(self.progress)
        took = time.monotonic() - started
        self.stdout.write(f"{titles} titles in {took:.1f} s ({titles / max(took, 0.001):.0f} a second).")

    def once(self) -> None:
        follower = self.follower()
        self.stdout.write(f"{follower.apply()} titles brought up to date.")
        follower.close()
        indexer.forget_applied()

    def follow(self) -> None:
        """Apply changes until stopped; a database that is away for a while is waited for."""
        follower, forget_at = self.follower(), 0.0
        while True:
            try:
                follower.apply()
                if time.monotonic() > forget_at:
                    indexer.forget_applied()
                    forget_at = time.monotonic() + FORGET_EVERY_SECONDS
                time.sleep(POLL_SECONDS)
            except indexer.Outdated as reason:
                self.stdout.write(f"{reason} Building it anew.")
                follower = self.follower()
            except OperationalError as error:
                self.stderr.write(f"The database does not answer: {error}")
                time.sleep(PATIENCE_SECONDS)
                close_old_connections()

    def follower(self) -> indexer.Follower:
        """Return a follower of the index in use, which is built first where that is needed."""
        try:
            return indexer.Follower()
        except indexer.Outdated as reason:
            self.stdout.write(str(reason))
            self.rebuild()
            return indexer.Follower()

    def progress(self, done: int, total: int) -> None:
        """Draw a bar on a terminal; stay silent in a log."""
        if sys.stdout.isatty():
            width = 40 * done // max(total, 1)
            self.stdout.write(f"\r[{'#' * width:<40}] {done}/{total}", ending="" if done < total else "\n")
            self.stdout.flush()
