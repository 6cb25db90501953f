"""Leave a kind of mail by one link, without logging in (RFC 8058, SPEC N4).

The link is signed and names a patron and a kind, no title and no address; it ends with nothing but the kind itself,
so that a link in an old mail still works. Opening it changes nothing, the POST behind it does.
"""

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from notifications.models import Alert, Kind, Notice, Reminders
from patrons.models import Patron

_SIGNER = signing.Signer(salt="notifications.unsubscribe")
REMINDERS = (Kind.LAST_DAY, Kind.DUE_SOON, Kind.OVERDUE)
KINDS = (*REMINDERS, Kind.ARRIVALS)


def link(patron: Patron, kind: str) -> str:
    """Return the absolute URL that stops this kind for this patron; always the same one."""
    token = _SIGNER.sign_object([patron.pk, str(kind)])
    return settings.SITE_URL.rstrip("/") + reverse("notifications:unsubscribe", args=(token,))


def read(token: str) -> tuple[Patron, Kind] | None:
    """Return whom and what a link is about, None when it was made up or the patron is gone."""
    try:
        pk, kind = _SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    patron = Patron.objects.filter(pk=pk).first()
    return (patron, Kind(kind)) if patron and kind in KINDS else None


@transaction.atomic
def stop(patron: Patron, kind: Kind) -> None:
    """Switch a kind off; what was to be told of it is told no more. Safe to repeat."""
    Patron.objects.select_for_update(no_key=True).get(pk=patron.pk)
    if kind == Kind.ARRIVALS:
        Alert.objects.filter(patron=patron, active=True).update(active=False)
    else:
        Reminders.objects.update_or_create(patron=patron, defaults={kind.value: False})
    waiting = Notice.objects.filter(patron=patron, kind=kind, state=Notice.State.PENDING, mail=None)
    waiting.update(state=Notice.State.VOID, found=None)
