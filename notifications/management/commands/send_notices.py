"""Send what is due: ``manage.py send_notices``, for cron every minute; overlapping runs share the work."""

import smtplib
from datetime import datetime
from itertools import chain

from django.core.mail import get_connection
from django.core.management.base import BaseCommand
from django.utils import timezone

from notifications import outbox
from notifications.models import Mail


class Command(BaseCommand):
    help = "Send account mails and notices that are due; prints one line and exits with 0 unless the server is down."

    def handle(self, *args, **options) -> None:
        now = timezone.now()
        outbox.collect(now)
        tally = outbox.Tally()
        mails = outbox.claim(now)
        first = next(mails, None)
        if first:
            with get_connection() as connection:
                for mail in chain([first], mails):
                    self._deliver(mail, connection, tally)
        self.stdout.write(str(tally))

    def _deliver(self, mail: Mail, connection, tally: outbox.Tally) -> None:
        now: datetime = timezone.now()
        try:
            outbox.send(mail, connection)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            again = outbox.record_refused(mail, error, now)
            tally.retried += again
            tally.failed += not again
            connection.close()
        else:
            outbox.record_sent(mail, now)
            tally.sent += 1
