"""Send what is due: ``manage.py send_notices``, for cron every minute; overlapping runs share the work."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, transaction
from django.utils import timezone

from catalog.models import Policy
from notifications.kinds import KINDS
from notifications.models import Kind, Mail
from notifications.run_facts import RunFacts
from notifications.sending import outbox
from notifications.sending.delivery import Delivery
from patrons.models import MailRequest

STOPPED = 128 + signal.SIGTERM


class Command(BaseCommand):
    help = (
        "Send account mails and notices that are due, and print one line. Exits with 1 when the mail server does not "
        "work or a letter could not be written, with 143 when it was told to stop (SIGTERM), else with 0."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be sent; write and send nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        if not Policy.current().mail_from:
            raise CommandError(
                "No mail leaves: the sender's address (図書館の決まり, 差出人アドレス) is not filled in yet."
            )
        if dry_run:
            self.stdout.write(would_send())
            return
        try:
            with signals_to_stop() as told:
                tally = Delivery(stop=lambda: bool(told), progress=self.progress).run()
        except DatabaseError as error:
            raise CommandError(f"The database does not answer; the next run goes on. {error}") from error
        if sys.stderr.isatty():
            self.stderr.write("\r\033[K", ending="")
        self.stdout.write(str(tally))
        if tally.ended or tally.unwritten:
            sys.exit(STOPPED if tally.ended == "stopped" else 1)

    def progress(self, done: int, found: int) -> None:
        """Count on a terminal; stay silent in a log."""
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done} of {found}", ending="")
            self.stderr.flush()


@contextmanager
def signals_to_stop() -> Iterator[list[int]]:
    """Give a list that SIGTERM and Ctrl-C enter themselves into, to stop between two mails.

    Only a main thread can listen; in another one the list stays empty.
    """
    told: list[int] = []
    try:
        before = {
            number: signal.signal(number, lambda number, frame: told.append(number))
            for number in (signal.SIGTERM, signal.SIGINT)
        }
    except ValueError:
        before = {}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@transaction.atomic
def would_send() -> str:
    """Count, kind by kind, what a run at this moment would send; everything is rolled back."""
    now = timezone.now()
    outbox.collect(now, RunFacts())
    counts: dict[str, int] = {Kind.ACCOUNT: MailRequest.objects.filter(sent_at=None, patron__isnull=False).count()}
    counts |= {kind: len(outbox.awaited(kind)) for kind in KINDS}
    again = Mail.objects.free(now).count()
    transaction.set_rollback(True)
    words = [f"{kind} {count}" for kind, count in counts.items() if count]
    return f"would send: {', '.join(words) or 'nothing'}; to be tried again: {again}"
