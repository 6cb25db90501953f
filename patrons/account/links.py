"""Links in account mails: signed, bound to one MailRequest row, good for a while and once (SPEC P4 and P5)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from patrons.models import AccountPolicy, MailRequest

_SALT = "patrons.links"  # links signed under this name outlive a module that moves
_PAGES = {
    MailRequest.Kind.CONFIRM_ADDRESS: "patrons:confirm_address",
    MailRequest.Kind.RESET_PASSWORD: "patrons:reset",
}


class LinkEndedError(Exception):
    """The link was made up, was used, is too old, or something else changed in the meantime."""


def link_for(request: MailRequest) -> str:
    """Return the absolute URL that the mail of this row carries, on the configured site, never the Host header's."""
    token = signing.dumps([request.kind, request.pk], salt=_SALT)
    return settings.SITE_URL.rstrip("/") + reverse(_PAGES[MailRequest.Kind(request.kind)], args=(token,))


def ends_at(request: MailRequest) -> datetime:
    """Return until when the row's link works, counted from when it was asked for."""
    policy = AccountPolicy.current()
    lives = {
        MailRequest.Kind.CONFIRM_ADDRESS: timedelta(hours=policy.address_link_hours),
        MailRequest.Kind.RESET_PASSWORD: timedelta(minutes=policy.reset_link_minutes),
    }
    return request.created_at + lives[MailRequest.Kind(request.kind)]


def open_link(token: str, kind: str, *, now: datetime, lock: bool = False) -> MailRequest:
    """Return the row behind a token that still works; LinkEndedError otherwise.

    With ``lock`` (in a transaction whose caller holds the patron) nobody else can use the link at the same time.
    """
    try:
        signed_kind, pk = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError) as error:
        raise LinkEndedError from error
    rows = MailRequest.objects.select_related("patron__user")
    if lock:
        rows = MailRequest.objects.select_for_update(no_key=True)
    row = rows.filter(pk=pk, kind=kind, used_at=None, patron__isnull=False).first()
    if signed_kind != kind or row is None or now >= ends_at(row):
        raise LinkEndedError
    return row
