"""Measure the sender: ``manage.py bench_mail --notices 2000``."""

from typing import Any

from django.core.management.base import CommandParser

from tests.benches import mail
from tests.benches.command import BenchCommand


class Command(BenchCommand):
    help = "Send notices to a mail server on this machine, in a database made for it; compare with bare smtplib."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--notices", type=int, default=2000)

    def measure(self, *, notices: int, **options: Any) -> dict[str, float]:
        return mail.measure(notices)
