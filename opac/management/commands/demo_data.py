"""Write the sample library: ``manage.py demo_data``. Dates are relative to today; a second run changes nothing."""

from io import StringIO

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from catalog.models import Library, Title
from opac.sample import catalogue, dice, people, rules, shelves
from opac.sample.circulation import Circulation
from patrons.models import Patron

KEY_PEOPLE = """\
Patrons (log in at /login/):
  {first}   first password 45670910, has never logged in
  {reader}   {password}   reads a lot
Staff (log in at /admin/), all with the password {password}:
  desk-chuo, desk-saiwaicho, …   counter of each library
  catalogue   cataloguing
  manager   everything"""


class Command(BaseCommand):
    help = "Write the sample library into an empty database."

    def handle(self, *args: object, **options: object) -> None:
        if not Patron.objects.filter(card_number=people.FIRST_CARD).exists():
            if Title.objects.exists() or Library.objects.exists():
                raise CommandError("This database holds a library already; the sample wants an empty one.")
            self._write()
        self.stdout.write(
            KEY_PEOPLE.format(first=people.FIRST_CARD, reader=people.reader_card(), password=people.PASSWORD)
        )

    @transaction.atomic
    def _write(self) -> None:
        """Write everything or nothing, so that a broken run can simply be started again."""
        now, rolled = timezone.localtime(), dice()
        rules.write()
        libraries = catalogue.libraries()
        call_command("fill_calendar", *map(str, range(now.year - 1, now.year + 2)), stdout=StringIO())
        titles = catalogue.titles(now.date(), rolled)
        items = catalogue.items(titles, libraries, now.date(), rolled)
        _take_statistics()
        patrons = people.build(libraries, now, rolled)
        Circulation(libraries, patrons, items, now, rolled).build()
        shelves.build(titles, now)
        self.stdout.write(f"{len(libraries)} libraries, {len(titles)} titles, {len(items)} copies, sixty patrons")


def _take_statistics() -> None:
    """Tell PostgreSQL's planner of the rows just written.

    Nobody else sees them before the end of the transaction. Where the server last looked at tables whose rows had been
    taken back, it plans for none, and the loans that follow take minutes for seconds.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
