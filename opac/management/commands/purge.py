"""Forget what is over in every room that keeps something for a while: ``manage.py purge``, daily."""

from importlib import import_module

from django.core.management.base import BaseCommand
from django.utils import timezone

ROOMS = ("notifications", "reservations", "patrons")  # the upper ones let go first


class Command(BaseCommand):
    help = "Delete what may be forgotten: old mails, cancelled reservations, ended sessions, counters, look-ups."

    def handle(self, *args, **options) -> None:
        today = timezone.localdate()
        gone = sum(import_module(f"{room}.privacy").purge(on=today) for room in ROOMS)
        self.stdout.write(f"forgotten: {gone}")
