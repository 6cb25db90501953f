"""How the library tells a patron that something is ready: every contact method and its facts, in one table (SPEC R2).

A new method is a member of ``ContactMethod`` with its words, a row of ``_FACTS``, and the migrations that
``makemigrations`` then writes; what can happen when staff tell by it (``ends_with``) comes along.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class ContactMethod(models.TextChoices):
    """How the library tells that a reservation is ready (連絡方法, SPEC R2), in the guide's words."""

    EMAIL = "email", _("eメール")
    TELEPHONE = "telephone", _("電話")
    MISSED_CALL = "missed_call", _("着信履歴")
    FAX = "fax", "FAX"
    NONE = "none", _("不要")

    @property
    def facts(self) -> "MethodFacts":
        return _FACTS[self]

    @classmethod
    def on_web(cls) -> tuple[str, ...]:
        """Return the methods that a patron may choose at home; in the library there are all."""
        return tuple(method.value for method in cls if method.facts.on_web)

    @classmethod
    def by_hand(cls) -> tuple[str, ...]:
        """Return the methods by which staff tell, from the 連絡リスト (SPEC D5)."""
        return tuple(method.value for method in cls if method.facts.ends_with)

    @classmethod
    def ends(cls) -> dict[str, str]:
        """Return how a contact by hand may end well, as code → the staff's word."""
        return dict(method.facts.ends_with for method in cls if method.facts.ends_with)


@dataclass(frozen=True)
class MethodFacts:
    """What there is to know of a method.

    ``needs`` is the patron's column that must be filled, "" for none; ``needed`` is what patrons call it, ``how`` tells
    on their settings page what to fill in. ``ends_with`` is the word, with its code, that staff note when they have
    told somebody so; None where they do not.
    """

    needs: str = ""
    needed: "_StrOrPromise" = ""
    how: "_StrOrPromise" = ""
    on_web: bool = False
    ends_with: tuple[str, str] | None = None


_FACTS = {
    ContactMethod.EMAIL: MethodFacts(
        needs="email",
        needed=_("メールアドレス"),
        how=_("「eメール」を選ぶには、上の「メールアドレス」を入力してください。"),
        on_web=True,
    ),
    ContactMethod.TELEPHONE: MethodFacts(
        needs="telephone",
        needed=_("電話番号"),
        how=_("「電話」を選ぶには、上の「電話番号」を入力してください。"),
        ends_with=("told", "伝えた"),
    ),
    ContactMethod.MISSED_CALL: MethodFacts(
        needs="telephone",
        needed=_("電話番号"),
        how=_("「着信履歴」を選ぶには、上の「電話番号」を入力してください。"),
        ends_with=("rang", "着信を残した"),
    ),
    ContactMethod.FAX: MethodFacts(
        needs="fax",
        needed=_("FAX番号"),
        how=_("「FAX」を選ぶには、上の「FAX番号」を入力してください。"),
        ends_with=("faxed", "FAXを送った"),
    ),
    ContactMethod.NONE: MethodFacts(on_web=True),
}
