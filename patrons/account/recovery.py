"""「パスワードを忘れたとき」: a link to the registered address sets a new password (SPEC P5).

Lock order: Patron, then its User and MailRequests.
"""

from datetime import datetime

from django.db import transaction

from patrons.account import passkeys
from patrons.account.links import open_link
from patrons.account.passwords import set_own_password
from patrons.models import MailRequest, Patron
from patrons.protection import throttle
from patrons.protection.origin import Origin

RESET = MailRequest.Kind.RESET_PASSWORD


def ask(card_number: str, origin: Origin, *, now: datetime) -> None:
    """Have a link mailed to a card's address, if there is one and not too many were asked for.

    In every other case a row is written all the same, which the sender drops: neither the answer nor its time tells
    whether a card or an address exists.
    """
    try:
        throttle.charge_recovery(card_number, origin, now=now)
        allowed = True
    except throttle.ShutError:
        allowed = False
    patron = Patron.objects.with_card(card_number).filter(user__is_active=True).first()
    address = patron.email if patron and allowed else ""
    receiver = patron if address else None
    MailRequest.objects.create(kind=RESET, patron=receiver, address=address, created_at=now)


@transaction.atomic
def reset(token: str, password: str, *, now: datetime) -> None:
    """Set the password behind a link; every session, passkey and other link of the patron ends.

    LinkEndedError when the link works no more; the caller checked the password's rules.
    """
    owner = open_link(token, RESET, now=now).owner
    patron = Patron.objects.select_for_update(no_key=True).get(pk=owner.pk)
    open_link(token, RESET, now=now, lock=True)
    set_own_password(patron, password, now=now)
    passkeys.end_all(patron, now=now)
    throttle.forget_card(patron.card_number)
