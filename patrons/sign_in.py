"""Who stands behind a card number and a password."""

import unicodedata

from django.contrib.auth.hashers import check_password, make_password
from django.utils.crypto import constant_time_compare

from patrons.models import User


def user_for(username: str, password: str) -> User | None:
    """Return the active login whose password this is, None otherwise.

    Every call asks the database once and hashes once, whether the login exists, is closed, has its own password or
    still the initial one, so that the time tells nothing (SPEC P7).
    """
    user = User.objects.select_related("patron").filter(username=username).first()
    right = fits(user, password)
    return user if user and right and user.is_active else None


def fits(user: User | None, password: str) -> bool:
    """Tell whether a password, in full or half width, is the login's; one hash whatever the answer."""
    password = unicodedata.normalize("NFKC", password)
    if user and user.has_usable_password():
        return check_password(password, user.password)
    make_password(password)
    patron = getattr(user, "patron", None)
    initial = patron.initial_password if patron and not patron.own_password_set_at else None
    return initial is not None and constant_time_compare(password, initial)
