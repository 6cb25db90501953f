"""Send again what could not be delivered, when staff say that the address works now."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from notifications.kinds import KINDS
from notifications.models import Kind, Mail, Notice
from patrons.models import Patron
from reservations.models import Reservation


def resend(mails: Iterable[Mail], now: datetime) -> int:
    """Let the notices of failed mails wait again where they are still due; return how many mails that were."""
    return sum(_resend(mail, now) for mail in mails if mail.kind != Kind.ACCOUNT)


@transaction.atomic
def _resend(mail: Mail, now: datetime) -> bool:
    """Lock order: Patron, then Reservation, then Notice. The next run writes a new mail to the patron's address."""
    Patron.objects.select_for_update(no_key=True).get(pk=mail.patron_id)
    failed = Notice.objects.filter(mail=mail, state=Notice.State.FAILED)
    due = list(KINDS[mail.kind].still_due(failed, now).exclude(kind=Kind.ARRIVALS).values_list("pk", flat=True))
    if not due:
        return False
    Patron.objects.filter(pk=mail.patron_id, email=mail.address).update(email_failing_since=None)
    Reservation.objects.filter(notices__in=due).update(contact_failed_at=None)
    Notice.objects.filter(pk__in=due).update(state=Notice.State.PENDING, mail=None)
    return True
