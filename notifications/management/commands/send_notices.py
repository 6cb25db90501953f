"""Send what is due: ``manage.py send_notices``, for cron every minute; overlapping runs share the work."""

import signal
import sys
from types import FrameType

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction
from django.utils import timezone

from catalog.models import Policy
from notifications.kinds import KINDS
from notifications.models import Kind, Mail
from notifications.sending import outbox
from notifications.sending.delivery import Delivery
from notifications.sending.run_facts import House
from patrons.models import MailRequest

STOPPED = 128 + signal.SIGTERM


class Command(BaseCommand):
    help = (
        "Send account mails and notices that are due, and print one line. Exits with 1 when the mail server does not "
        "work or a letter could not be written, with 143 when it was told to stop (SIGTERM), else with 0."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be sent; write and send nothing")

    def handle(self, *args, dry_run: bool, **options) -> None:
        if not Policy.current().mail_from:
            raise CommandError(
                "No mail leaves: the sender's address (図書館の決まり, 差出人アドレス) is not filled in yet."
            )
        if dry_run:
            self.stdout.write(would_send())
            return
        self._told_to_stop = False
        before = self._listen()
        try:
            tally = Delivery(stop=lambda: self._told_to_stop, progress=self._show).run()
        except DatabaseError as error:
            raise CommandError(f"The database does not answer; the next run goes on. {error}") from error
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        if sys.stderr.isatty():
            self.stderr.write("\r\033[K", ending="")
        self.stdout.write(str(tally))
        if tally.ended or tally.unwritten:
            sys.exit(STOPPED if tally.ended == "stopped" else 1)

    def _listen(self) -> dict:
        """Stop at the next boundary between two mails on SIGTERM and Ctrl-C; only a main thread can listen."""
        try:
            return {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}
        except ValueError:
            return {}

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._told_to_stop = True

    def _show(self, done: int, found: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done} of {found}", ending="")
            self.stderr.flush()


@transaction.atomic
def would_send() -> str:
    """Count, kind by kind, what a run at this moment would send; everything is rolled back."""
    now = timezone.now()
    outbox.collect(now, House())
    counts = {Kind.ACCOUNT: MailRequest.objects.filter(sent_at=None, patron__isnull=False).count()}
    counts |= {kind: len(outbox.awaited(kind)) for kind in KINDS}
    again = Mail.objects.free(now).count()
    transaction.set_rollback(True)
    words = [f"{kind} {count}" for kind, count in counts.items() if count]
    return f"would send: {', '.join(words) or 'nothing'}; to be tried again: {again}"
