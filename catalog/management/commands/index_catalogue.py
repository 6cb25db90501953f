"""Bring the search index of this machine after the catalogue."""

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError
from django.db import close_old_connections

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
        """Do what was asked; what follows waits where the folder of the index cannot even be opened."""
        self.said = ""
        while True:
            try:
                with indexer.only_indexer():
                    return self.work(options)
            except indexer.AnotherIndexerRuns:
                raise CommandError("Another indexer runs on this machine.") from None
            except (OSError, indexer.Unwritable) as error:
                if not options["follow"]:
                    raise CommandError(str(error)) from error
                self.wait(str(error))

    def work(self, options: dict[str, Any]) -> None:
        if options["rebuild"]:
            self.rebuild()
        elif options["follow"]:
            self.follow()
        else:
            self.once()

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
        """Apply changes until stopped; a full disk or a database that is away for a while is waited for."""
        follower, self.forget_at = None, 0.0
        while True:
            try:
                follower = follower or self.follower()
                self.apply(follower)
            except indexer.Outdated as reason:
                self.stdout.write(f"{reason} Building it anew.")
                follower = None
            except (indexer.Unwritable, OSError, ValueError) as error:
                follower = None  # its writer is of no more use
                self.wait(str(error))
            except DatabaseError as error:
                self.wait(f"The database does not answer: {error}")
                close_old_connections()

    def apply(self, follower: indexer.Follower) -> None:
        follower.apply()
        if time.monotonic() > self.forget_at:
            indexer.forget_applied()
            self.forget_at = time.monotonic() + FORGET_EVERY_SECONDS
        if self.said:
            self.stderr.write("Going on.")
            self.said = ""
        time.sleep(POLL_SECONDS)

    def wait(self, reason: str) -> None:
        """Say once what keeps the index from following, and wait a little."""
        if reason != self.said:
            self.stderr.write(f"{reason} Waiting.")
            self.said = reason
        time.sleep(PATIENCE_SECONDS)

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
