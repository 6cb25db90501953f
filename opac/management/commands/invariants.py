"""Ask the database whether a promise of the house is broken: ``manage.py invariants``."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from catalog import invariants as of_catalog
from loans import invariants as of_loans
from notifications import invariants as of_notifications
from patrons import invariants as of_patrons
from reservations import invariants as of_reservations

# A sentence that must hold → SQL for the ids of rows that break it.
QUERIES: dict[str, str] = {
    **of_catalog.QUERIES,
    **of_patrons.QUERIES,
    **of_reservations.QUERIES,
    **of_loans.QUERIES,
    **of_notifications.QUERIES,
}
SHOWN_IDS = 10


def violations() -> dict[str, list]:
    """Return the sentences that do not hold, with the ids of the rows that break them."""
    broken = {}
    with connection.cursor() as cursor:
        for sentence, sql in QUERIES.items():
            cursor.execute(sql)
            if ids := [row[0] for row in cursor.fetchall()]:
                broken[sentence] = ids
    return broken | {sentence: ids for sentence, ask in of_reservations.ASKED.items() if (ids := ask())}


class Command(BaseCommand):
    help = "Check every promise that can be asked of the database; exits with 1 when one is broken."

    def handle(self, *args: object, **options: object) -> None:
        broken = violations()
        for sentence, ids in broken.items():
            more = f" and {len(ids) - SHOWN_IDS} more" if len(ids) > SHOWN_IDS else ""
            self.stdout.write(f"{sentence}: {', '.join(map(str, ids[:SHOWN_IDS]))}{more}")
        self.stdout.write(f"violations: {sum(map(len, broken.values()))}")
        if broken:
            raise CommandError(f"{len(broken)} of {len(QUERIES) + len(of_reservations.ASKED)} promises are broken")
