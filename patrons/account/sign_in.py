"""Who stands behind a card number and a password."""

import unicodedata
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from patrons.models import AccountPolicy, MailRequest, User
from patrons.protection import throttle
from patrons.protection.origin import Origin


def sign_in(username: str, password: str, origin: Origin, *, now: datetime) -> User | None:
    """Return the active login whose password this is, None otherwise; ShutError when there were too many tries.

    Every try that is let through asks the database equally often and hashes once, whether the login exists, is
    closed, has its own password or still the initial one, so that the time tells nothing (SPEC P7).
    """
    policy = AccountPolicy.current()
    ticket = throttle.charge_login(username, origin, policy, now=now)
    user = User.objects.select_related("patron").filter(username=username).first()
    patron = getattr(user, "patron", None)
    days = None if origin.terminal else policy.initial_password_days
    usable = patron is not None and patron.initial_password_works(days, on=timezone.localdate(now))
    if _fits(user, password, initial_works=usable) and user and user.is_active:
        throttle.give_back(ticket)
        return user
    if ticket.locks_card:
        tell_lock(user, now=now)
    return None


def is_password_of(user: User, password: str, *, now: datetime) -> bool:
    """Tell whether a password is that of somebody who is logged in; ShutError after too many wrong ones."""
    ticket = throttle.charge_recheck(user.pk, now=now)
    right = check_password(unicodedata.normalize("NFKC", password), user.password)
    if right:
        throttle.give_back(ticket)
    return right


def tell_lock(user: User | None, *, now: datetime) -> None:
    """Have a patron with an address told that their card is shut for a while; for others a row that is dropped."""
    patron = getattr(user, "patron", None)
    if patron and not patron.email:
        patron = None
    address = patron.email if patron else ""
    MailRequest.objects.create(kind=MailRequest.Kind.LOCKED, patron=patron, address=address, created_at=now)


def _fits(user: User | None, password: str, *, initial_works: bool) -> bool:
    """Compare with the own password, or hash for nothing and compare with the initial one."""
    password = unicodedata.normalize("NFKC", password)
    if user and user.has_usable_password():
        return user.check_password(password)  # renews a hash of an older pepper, which ends the login's other sessions
    make_password(password)
    return initial_works and user is not None and constant_time_compare(password, user.patron.initial_password)
