"""Send again what could not be delivered, when staff say that the address works now.

Lock order: Patron, then Reservation, then Notice.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from notifications.kinds import KINDS
from notifications.models import Mail, Notice
from patrons.models import Patron
from reservations.models import Reservation


def resend(mails: Iterable[Mail], now: datetime) -> int:
    """Let the notices of failed mails wait again where they are still due; return how many mails that were.

    The next run writes new mails, to the patrons' addresses of then.
    """
    sent_again = 0
    for mail in mails:
        row = KINDS.get(mail.kind)  # account mails have none: who needs one asks for it anew
        if row is None or not row.keeps_its_words:
            continue
        with transaction.atomic():
            Patron.objects.select_for_update(no_key=True).get(pk=mail.patron_id)
            failed = Notice.objects.filter(mail=mail, state=Notice.State.FAILED)
            due = list(row.module.still_due(failed, now).values_list("pk", flat=True))
            if not due:
                continue
            Patron.objects.filter(pk=mail.patron_id, email=mail.address).update(email_failing_since=None)
            Reservation.objects.filter(notices__in=due).update(contact_failed_at=None)
            Notice.objects.filter(pk__in=due).update(state=Notice.State.PENDING, mail=None)
            sent_again += 1
    return sent_again
