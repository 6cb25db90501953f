"""The life of a patron's password: initial, own, put back.

Lock order: Patron, then its User and MailRequests.
"""

import re
import unicodedata
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from patrons.account import passkeys
from patrons.account.sessions import end_others
from patrons.models import MailRequest, Patron

SHORTEST, LONGEST = 4, 20
_ALLOWED = re.compile(r"[0-9A-Za-z]*")


def refuse_bad_password(password: str, patron: Patron) -> None:
    """Raise ValidationError with every rule the password breaks (SPEC P3), in words that say what to type."""
    narrow = unicodedata.normalize("NFKC", password)
    foreign = not _ALLOWED.fullmatch(password)
    wide = foreign and bool(_ALLOWED.fullmatch(narrow))
    rules = (
        (wide, _("全角の文字が入っています。半角の英字と数字で入力してください。")),
        (foreign and not wide, _("使えるのは半角の英字と数字だけです。記号や空白は使えません。")),
        (len(password) < SHORTEST, _("%(shortest)s文字以上で入力してください。") % {"shortest": SHORTEST}),
        (len(password) > LONGEST, _("%(longest)s文字以下で入力してください。") % {"longest": LONGEST}),
        (narrow == patron.initial_password, _("初期パスワードと同じものは使えません。")),
        (narrow == patron.card_number, _("利用者カードの番号と同じものは使えません。")),
    )
    if problems := [words for broken, words in rules if broken]:
        raise ValidationError(problems)


@transaction.atomic
def set_own_password(patron: Patron, password: str, *, now: datetime, session: str | None = None) -> None:
    """Set a patron's own password, which opens My ライブラリ; the caller checked the rules.

    Open reset links end, and every session but the one with the key ``session``.
    """
    _write(patron, password, own_password_set_at=now, put_back_on=patron.put_back_on, now=now)
    end_others(patron.user, but=session)


@transaction.atomic
def put_back_to_initial(patron: Patron, *, now: datetime) -> None:
    """Let the initial password work again, and nothing else until an own one is set (SPEC P6); passkeys end."""
    _write(patron, None, own_password_set_at=None, put_back_on=timezone.localdate(now), now=now)
    passkeys.end_all(patron, now=now)
    end_others(patron.user, but=None)


def _write(
    patron: Patron,
    password: str | None,
    *,
    own_password_set_at: datetime | None,
    put_back_on: date | None,
    now: datetime,
) -> None:
    """Write the password (None: no own one) under the patron's lock, and end reset links that were mailed before."""
    locked = Patron.objects.select_for_update(no_key=True, of=("self",)).select_related("user").get(pk=patron.pk)
    locked.user.set_password(password)
    locked.user.save(update_fields=("password",))
    locked.own_password_set_at, locked.put_back_on = own_password_set_at, put_back_on
    locked.save(update_fields=("own_password_set_at", "put_back_on"))
    MailRequest.objects.open_links(locked, MailRequest.Kind.RESET_PASSWORD).update(used_at=now)
    patron.user, patron.own_password_set_at, patron.put_back_on = locked.user, own_password_set_at, put_back_on
