"""Leave a kind of mail by one link, without logging in (RFC 8058, SPEC N4).

The link (``notifications.letters``) is signed and names a patron and a kind, no title and no address; it ends
with nothing but the kind itself, so that a link in an old mail still works. Opening it changes nothing, the POST behind
it does.
"""

from django.core import signing
from django.db import transaction

from notifications.kinds import KINDS
from notifications.letters import SIGNER
from notifications.models import Kind, Notice, Reminders
from patrons.models import Patron

STOPPABLE = tuple(kind for kind, row in KINDS.items() if row.can_be_stopped)


def read(token: str) -> tuple[Patron, Kind] | None:
    """Return whom and what a link is about, None when it was made up or the patron is gone."""
    try:
        pk, kind = SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    patron = Patron.objects.filter(pk=pk).first()
    return (patron, Kind(kind)) if patron and kind in STOPPABLE else None


@transaction.atomic
def stop(patron: Patron, kind: Kind) -> None:
    """Switch a kind off; what was to be told of it is told no more. Safe to repeat."""
    Patron.objects.select_for_update(no_key=True).get(pk=patron.pk)
    if stop_otherwise := KINDS[kind].stop:
        stop_otherwise(patron)
    else:
        Reminders.objects.update_or_create(patron=patron, defaults={kind.value: False})
    waiting = Notice.objects.filter(patron=patron, kind=kind, state=Notice.State.PENDING, mail=None)
    waiting.update(state=Notice.State.VOID, found=None)
