"""A mail address counts once a link mailed to it was followed; the old address is told (SPEC P4).

Lock order: Patron, then MailRequest.
"""

from datetime import datetime

from django.db import transaction

from patrons.account.links import ends_at, open_link
from patrons.models import MailRequest, Patron

CONFIRM = MailRequest.Kind.CONFIRM_ADDRESS


@transaction.atomic
def ask_to_confirm(patron: Patron, address: str, *, now: datetime) -> None:
    """Have a link mailed to a new address; links to addresses asked for before end."""
    Patron.objects.select_for_update(no_key=True).get(pk=patron.pk)
    MailRequest.objects.open_links(patron, CONFIRM).update(used_at=now)
    MailRequest.objects.create(kind=CONFIRM, patron=patron, address=address, created_at=now)


@transaction.atomic
def remove(patron: Patron, *, now: datetime) -> None:
    """Forget a patron's address and tell it so."""
    locked = Patron.objects.select_for_update(no_key=True).get(pk=patron.pk)
    MailRequest.objects.open_links(patron, CONFIRM).update(used_at=now)
    _change(locked, "", now)
    patron.email = ""


@transaction.atomic
def confirm(token: str, *, now: datetime) -> Patron:
    """Let the address behind a link count from now on; LinkEndedError when the link works no more."""
    row = open_link(token, CONFIRM, now=now)
    patron = Patron.objects.select_for_update(no_key=True).get(pk=row.owner.pk)
    row = open_link(token, CONFIRM, now=now, lock=True)
    row.used_at = now
    row.save(update_fields=("used_at",))
    _change(patron, row.address, now)
    return patron


def pending(patron: Patron, *, now: datetime) -> str:
    """Return the address that waits to be confirmed, "" when there is none."""
    row = MailRequest.objects.open_links(patron, CONFIRM).last()
    return row.address if row and now < ends_at(row) else ""


def _change(patron: Patron, address: str, now: datetime) -> None:
    """Write the address, end reset links that went to the old one, and tell the old one."""
    old = patron.email
    patron.email, patron.email_failing_since = address, None
    patron.save(update_fields=("email", "email_failing_since"))
    MailRequest.objects.open_links(patron, MailRequest.Kind.RESET_PASSWORD).update(used_at=now)
    if old and old != address:
        MailRequest.objects.create(kind=MailRequest.Kind.ADDRESS_CHANGED, patron=patron, address=old, created_at=now)
