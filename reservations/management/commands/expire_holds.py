"""End the reservations nobody came for: ``manage.py expire_holds``, every morning by cron (SPEC D4)."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from reservations import holds


class Command(BaseCommand):
    help = "End every ready reservation whose last day to collect is over; safe to run again."

    def handle(self, *args: object, **options: object) -> None:
        ended = sum(1 for _ in holds.expire(now=timezone.now()))
        self.stdout.write(f"expired: {ended}")
