"""Claim, send, record: the only way a mail leaves the house (promise 12).

Lock order as everywhere: the patron's notices hang below Patron, so a mail is claimed under the Patron row's lock, and
another run skips patrons that are being claimed. Nothing is sent inside a transaction: a claim is a Mail row with a
lease, written before; the result is recorded after. A run that dies in between leaves a lease that ends by itself, and
the next run sends the same row again with the same Message-ID.
"""

import smtplib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime, formataddr

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from catalog.models import Policy
from notifications import ready
from notifications.models import Kind, Mail, Notice
from patrons.mail import compose as compose_request
from patrons.models import MailRequest, Patron
from reservations.models import Reservation

LEASE = timedelta(minutes=10)
RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 480, 640))  # 24 hours in all
KINDS = {Kind.READY: ready}


@dataclass
class Tally:
    """What one run did, counted in mails."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    closed: int = 0

    def __str__(self) -> str:
        return f"sent {self.sent}, to be retried {self.retried}, failed {self.failed}, closed {self.closed}"


def collect(now: datetime) -> int:
    """Write a notice for whatever is due and has none yet; return how many."""
    return sum(kind.collect(now) for kind in KINDS.values())


def claim(now: datetime) -> Iterator[Mail]:
    """Yield mails to send, each leased to this run: account mails, then retries, then what is newly due."""
    yield from _claim_requests(now)
    yield from _claim_retries(now)
    yield from _claim_notices(now)


def _claim_requests(now: datetime) -> Iterator[Mail]:
    """Turn account mail requests into mails; drop those of unknown accounts (RULINGS 2)."""
    while True:
        with transaction.atomic():
            request = MailRequest.objects.filter(sent_at=None).select_for_update(skip_locked=True, no_key=True).first()
            if request is None:
                return
            if request.patron_id is None or not request.address:
                request.delete()
                continue
            request.sent_at = now
            request.save(update_fields=("sent_at",))
            subject, body = compose_request(request)
            mail = _write(Kind.ACCOUNT, request.patron, request.address, subject, body, now, request=request)
        yield mail


def _claim_retries(now: datetime) -> Iterator[Mail]:
    """Lease mails whose time has come again; one with a void notice is closed and its other notices set free."""
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    for mail in Mail.objects.filter(free, state=Mail.State.PENDING, next_attempt_at__lte=now):
        with transaction.atomic():
            leased = Mail.objects.filter(free, pk=mail.pk, state=Mail.State.PENDING).update(leased_until=now + LEASE)
            if not leased or not _still_whole(mail, now):
                continue
        yield mail


def _still_whole(mail: Mail, now: datetime) -> bool:
    """Tell whether everything in the mail is still due; if not, close it and free what is."""
    if mail.kind == Kind.ACCOUNT:
        return True
    notices = Notice.objects.filter(mail=mail)
    due = set(KINDS[mail.kind].still_due(notices).values_list("pk", flat=True))
    if due and len(due) == notices.count():
        return True
    notices.filter(pk__in=due).update(mail=None)
    notices.exclude(pk__in=due).update(state=Notice.State.VOID)
    _close(mail, Mail.State.CLOSED, now)
    return False


def _claim_notices(now: datetime) -> Iterator[Mail]:
    """Group each patron's pending notices of a kind into one mail."""
    pending = Notice.objects.filter(state=Notice.State.PENDING, mail=None)
    for kind, patron_id in pending.order_by("kind", "patron").values_list("kind", "patron").distinct():
        with transaction.atomic():
            patron = Patron.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=patron_id).first()
            mail = patron and _group(kind, patron, pending.filter(kind=kind, patron=patron), now)
        if mail:
            yield mail


def _group(kind: str, patron: Patron, pending, now: datetime) -> Mail | None:
    due = list(KINDS[kind].still_due(pending))
    pending.exclude(pk__in=[notice.pk for notice in due]).update(state=Notice.State.VOID)
    if not due:
        return None
    if not patron.email:
        _give_up(pending, now)
        return None
    subject, body = KINDS[kind].compose(patron, due, now)
    mail = _write(kind, patron, patron.email, subject, body, now)
    Notice.objects.filter(pk__in=[notice.pk for notice in due]).update(mail=mail)
    return mail


def _write(kind: str, patron: Patron, address: str, subject: str, body: str, now: datetime, **fields) -> Mail:
    domain = Policy.current().mail_from.rpartition("@")[2]
    return Mail.objects.create(
        kind=kind,
        patron=patron,
        address=address,
        message_id=f"<{uuid.uuid4()}@{domain}>",
        date=now,
        subject=subject,
        body=body,
        next_attempt_at=now,
        leased_until=now + LEASE,
        **fields,
    )


def send(mail: Mail, connection: BaseEmailBackend) -> None:
    """Hand one mail to the mail server; raises what the server or the network raises."""
    policy = Policy.current()
    EmailMessage(
        mail.subject,
        mail.body,
        formataddr((policy.organisation_name, policy.mail_from)),
        [mail.address],
        connection=connection,
        headers={
            "Message-ID": mail.message_id,
            "Date": format_datetime(timezone.localtime(mail.date)),
            "Auto-Submitted": "auto-generated",
        },
    ).send()


def record_sent(mail: Mail, now: datetime) -> None:
    """Write down that the server took the mail."""
    with transaction.atomic():
        Notice.objects.filter(mail=mail, state=Notice.State.PENDING).update(state=Notice.State.SENT)
        _close(mail, Mail.State.SENT, now)


def record_refused(mail: Mail, error: Exception, now: datetime) -> bool:
    """Write down a failure: try again later, or give up for good; return whether it will be tried again."""
    with transaction.atomic():
        if not _permanent(error) and mail.attempts < len(RETRIES):
            Mail.objects.filter(pk=mail.pk).update(
                attempts=F("attempts") + 1,
                next_attempt_at=now + RETRIES[mail.attempts],
                leased_until=None,
                last_error=type(error).__name__,
            )
            return True
        _give_up(Notice.objects.filter(mail=mail, state=Notice.State.PENDING), now)
        Patron.objects.filter(pk=mail.patron_id, email=mail.address).update(email_failing_since=now)
        _close(mail, Mail.State.FAILED, now, error=type(error).__name__)
    return False


def _permanent(error: Exception) -> bool:
    """Tell whether the server refused this address for good (a reply of 500 to 599)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600


def _give_up(notices, now: datetime) -> None:
    """Leave it to the counter: the reservation appears on its contact list."""
    Reservation.objects.filter(notices__in=notices).update(contact_failed_at=now)
    notices.update(state=Notice.State.FAILED)


def _close(mail: Mail, state: str, now: datetime, error: str = "") -> None:
    Mail.objects.filter(pk=mail.pk).update(state=state, closed_at=now, leased_until=None, body="", last_error=error)
