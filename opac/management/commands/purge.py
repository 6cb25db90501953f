"""Forget what is over in every room that keeps something for a while: ``manage.py purge``, daily.

How long is kept stands in rows of the admin: 「図書館の決まり」, 「メールの決まり」, 「アカウントの決まり」.
"""

from django.core.management.base import BaseCommand
from django.utils import timezone

from opac import privacy_rooms


class Command(BaseCommand):
    help = "Delete what may be forgotten: old mails, cancelled reservations, ended sessions, counters, look-ups."

    def handle(self, *args: object, **options: object) -> None:
        """Print counts only: what is gone is nobody's business any more."""
        gone = privacy_rooms.purge(on=timezone.localdate())
        counts = ", ".join(f"{kind} {count}" for kind, count in gone.items())
        self.stdout.write(f"forgotten: {sum(gone.values())} ({counts})")
