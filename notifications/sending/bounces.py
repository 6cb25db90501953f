"""Returned mail (RFC 3464): whose address does not work, believed only for a mail that we sent.

Anybody can send something that looks like returned mail. So it must carry the Message-ID of one of our mails, which
nobody but the patron's mail servers has seen, and name the address that mail went to.
"""

import glob
import mailbox
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from pathlib import Path

from django.db import transaction

from notifications.models import Kind, Mail, Notice
from patrons.models import Patron
from reservations.models import Reservation, State

MESSAGE_ID = re.compile(r"^message-id:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
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
        for key, message in _unread(box):
            tally.read += 1
            _count(tally, message, now)
            _mark(path, box, key, message)
    finally:
        box.flush()
        box.unlock()
        box.close()
    return tally


def _unread(box: mailbox.Mailbox) -> Iterator[tuple[str, mailbox.Message]]:
    for key in sorted(box.keys()):
        message = box[key]
        if "S" not in message.get_flags() and "R" not in message.get_flags():
            yield key, message


def _mark(path: Path, box: mailbox.Mailbox, key: str, message: mailbox.Message) -> None:
    """Mark a message as read; a Maildir's file is only renamed, so that nothing can go wrong with what it holds."""
    if not isinstance(box, mailbox.Maildir):
        message.add_flag("RO")
        box[key] = message
        return
    flags = "".join(sorted({*message.get_flags(), "S"}))
    for folder in ("new", "cur"):
        for file in (path / folder).glob(f"{glob.escape(key)}*"):
            file.rename(path / "cur" / f"{key}:2,{flags}")


def _count(tally: Tally, message: Message, now: datetime) -> None:
    try:
        bounce = parse(message)
    except (LookupError, ValueError, TypeError, AttributeError):  # what hostile MIME makes of the parser
        bounce = None
    if bounce is None:
        tally.other += 1
    elif mark_failing(bounce, now):
        tally.failing += 1
    else:
        tally.unknown += 1


def parse(message: Message) -> Bounce | None:
    """Return what a message reports as failed for good, None when it is no such report (delays are none)."""
    if message.get_content_type() != "multipart/report":
        return None
    failed: dict[str, str] = {}
    message_id = ""
    for _, part in zip(range(MOST_PARTS), message.walk(), strict=False):
        if part.get_content_type() == "message/delivery-status":
            failed |= _failures(part)
        elif part.get_content_type() in ("message/rfc822", "text/rfc822-headers", "message/global-headers"):
            message_id = message_id or _returned_id(part)
    return Bounce(message_id, failed) if failed and message_id else None


def _failures(part: Message) -> dict[str, str]:
    """Return address → status of the recipients that a delivery status calls failed."""
    failed = {}
    for fields in part.get_payload():
        if str(fields.get("Action", "")).strip().lower() != "failed":
            continue
        for name in ("Original-Recipient", "Final-Recipient"):
            _, _, address = str(fields.get(name, "")).partition(";")
            if address.strip():
                failed[address.strip().strip("<>").lower()] = str(fields.get("Status", "")).strip()[:20]
    return failed


def _returned_id(part: Message) -> str:
    payload = part.get_payload()
    if isinstance(payload, list):
        return str(payload[0].get("Message-ID", "")).strip() if payload else ""
    text = (part.get_payload(decode=True) or b"").decode(errors="replace")[:LONGEST]
    found = MESSAGE_ID.search(text)
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
