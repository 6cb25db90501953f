"""Ask the database whether a promise of the house is broken: ``manage.py invariants``."""

from importlib import import_module
from importlib.util import find_spec

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

ROOMS = ("catalog", "patrons", "reservations", "loans", "notifications")
SHOWN_IDS = 10


def queries() -> dict[str, str]:
    """Return every room's ``invariants.QUERIES``: a sentence that must hold → SQL for the ids of rows that break it."""
    found: dict[str, str] = {}
    for room in ROOMS:
        if find_spec(f"{room}.invariants"):
            found |= import_module(f"{room}.invariants").QUERIES
    return found


def violations() -> dict[str, list]:
    """Return the sentences that do not hold, with the ids of the rows that break them."""
    broken = {}
    with connection.cursor() as cursor:
        for sentence, sql in queries().items():
            cursor.execute(sql)
            if ids := [row[0] for row in cursor.fetchall()]:
                broken[sentence] = ids
    return broken


class Command(BaseCommand):
    help = "Check every promise that can be asked of the database; exits with 1 when one is broken."

    def handle(self, *args, **options) -> None:
        broken = violations()
        for sentence, ids in broken.items():
            more = f" and {len(ids) - SHOWN_IDS} more" if len(ids) > SHOWN_IDS else ""
            self.stdout.write(f"{sentence}: {', '.join(map(str, ids[:SHOWN_IDS]))}{more}")
        self.stdout.write(f"violations: {sum(map(len, broken.values()))}")
        if broken:
            raise CommandError(f"{len(broken)} of {len(queries())} promises are broken")
