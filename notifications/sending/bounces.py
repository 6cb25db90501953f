"""Returned mail (RFC 3464): whose address does not work, believed only for a mail that we sent.

Anybody can send something that looks like returned mail. So it must carry the Message-ID of one of our mails, which
nobody but the patron's mail servers has seen, and name the address that mail went to.
"""

import glob
import mailbox
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from itertools import islice
from pathlib import Path

from django.db import transaction

from notifications.models import Kind, Mail, Notice
from patrons.models import Patron
from reservations.models import Reservation, State

MESSAGE_ID = re.compile(r"^message-id:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
RETURNED = ("message/rfc822", "text/rfc822-headers", "message/global-headers")
READ_BEFORE = frozenset("RS")  # flags: R of an mbox, S of a Maildir
MOST_PARTS = 50  # of one message; the rest of a monster is not looked at
LONGEST = 200_000  # characters of a part that are searched for the Message-ID


@dataclass
class Tally:
    """What one reading found, counted in messages."""

    read: int = 0
    failing: int = 0
    unknown: int = 0
    other: int = 0

    def __str__(self) -> str:
        return f"read {self.read}, addresses failing {self.failing}, unknown {self.unknown}, not bounces {self.other}"


@dataclass(frozen=True)
class Bounce:
    """One report: of which mail, which addresses failed, with which status (5.1.1)."""

    message_id: str
    failed: dict[str, str]


def read(path: Path, now: datetime) -> Tally:
    """Read the unread messages of a Maildir or mbox and mark them as read; a bad one stops nothing."""
    tally = Tally()
    box = mailbox.Maildir(path, create=False) if path.is_dir() else mailbox.mbox(path, create=False)
    box.lock()
    try:
        for key in sorted(box.keys()):
            message = box[key]
            if READ_BEFORE.intersection(message.get_flags()):
                continue
            tally.read += 1
            bounce = parse(message)
            if bounce is None:
                tally.other += 1
            elif mark_failing(bounce, now):
                tally.failing += 1
            else:
                tally.unknown += 1
            _mark(path, box, key, message)
    finally:
        box.flush()
        box.unlock()
        box.close()
    return tally


def _mark(
    path: Path, box: mailbox.Maildir | mailbox.mbox, key: str, message: mailbox.MaildirMessage | mailbox.mboxMessage
) -> None:
    """Mark a message as read; a Maildir's file is only renamed, so that nothing can go wrong with what it holds."""
    if isinstance(box, mailbox.mbox) and isinstance(message, mailbox.mboxMessage):
        message.add_flag("RO")
        box[key] = message
        return
    flags = "".join(sorted({*message.get_flags(), "S"}))
    for folder in ("new", "cur"):
        for file in (path / folder).glob(f"{glob.escape(key)}*"):
            file.rename(path / "cur" / f"{key}:2,{flags}")


def parse(message: Message) -> Bounce | None:
    """Return what a message reports as failed for good, None when it is no such report (delays are none)."""
    if message.get_content_type() != "multipart/report":
        return None
    failed: dict[str, str] = {}
    message_id = ""
    try:
        for part in islice(message.walk(), MOST_PARTS):
            if part.get_content_type() == "message/delivery-status":
                failed |= _failures(part)
            elif part.get_content_type() in RETURNED:
                message_id = message_id or _returned_id(part)
    except (LookupError, ValueError, TypeError, AttributeError):  # what hostile MIME makes of the parser
        return None
    return Bounce(message_id, failed) if failed and message_id else None


def _failures(status: Message) -> dict[str, str]:
    """Return address → status code of the recipients that a delivery status calls failed."""
    failed = {}
    recipients = status.get_payload()
    for fields in recipients if isinstance(recipients, list) else ():
        if not isinstance(fields, Message) or str(fields.get("Action", "")).strip().lower() != "failed":
            continue
        for name in ("Original-Recipient", "Final-Recipient"):
            _, _, address = str(fields.get(name, "")).partition(";")
            if address.strip():
                failed[address.strip().strip("<>").lower()] = str(fields.get("Status", "")).strip()[:20]
    return failed


def _returned_id(returned: Message) -> str:
    """Return the Message-ID of a mail that came back whole, or of which the headers came back as a text."""
    payload = returned.get_payload()
    if isinstance(payload, list):
        first = payload[0] if payload else None
        return str(first.get("Message-ID", "")).strip() if isinstance(first, Message) else ""
    text = returned.get_payload(decode=True)
    found = MESSAGE_ID.search(text.decode(errors="replace")[:LONGEST]) if isinstance(text, bytes) else None
    return found[1] if found else ""


@transaction.atomic
def mark_failing(bounce: Bounce, now: datetime) -> bool:
    """Mark the patron's address as failing and leave ready reservations to the counter; False for a stranger's mail.

    Lock order: Patron, then Reservation, then Mail.
    """
    mail = Mail.objects.filter(message_id=bounce.message_id).first()
    if mail is None or mail.address.lower() not in bounce.failed:
        return False
    patron = Patron.objects.select_for_update(no_key=True).get(pk=mail.patron_id)
    if patron.email == mail.address and patron.email_failing_since is None:
        Patron.objects.filter(pk=patron.pk).update(email_failing_since=now)
    told = Notice.objects.filter(mail=mail, kind=Kind.READY)
    untold = Reservation.objects.filter(notices__in=told, state=State.READY, contacted_at=None, contact_failed_at=None)
    untold.update(contact_failed_at=now)
    Notice.objects.filter(mail=mail, state=Notice.State.SENT).update(state=Notice.State.FAILED)
    status = f"bounced {bounce.failed[mail.address.lower()]}"
    Mail.objects.filter(pk=mail.pk, state=Mail.State.SENT).update(state=Mail.State.FAILED, last_error=status)
    return True
