"""Measure the sender: ``manage.py bench_mail --notices 2000`` prints one line of JSON."""

import json

from django.core.management.base import BaseCommand, CommandParser

from notifications.bench import measure


class Command(BaseCommand):
    help = "Send notices to a mail server on this machine, in a database made for it; compare with bare smtplib."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--notices", type=int, default=2000)

    def handle(self, *args, notices: int, **options) -> None:
        self.stdout.write(json.dumps(measure(notices)))
