"""「ログイン」: the card's number, however it is typed, and a password."""

from math import ceil

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patrons.people.card import read_card_number
from patrons.protection.throttle import ShutError

LONGEST_TYPED = 100  # characters; more is nobody's number or password and is not hashed


class CardNumberField(forms.CharField):
    """A card number in full or half width, with spaces or hyphens; cleans to digits (SPEC P1)."""

    def __init__(self) -> None:
        attributes = {"inputmode": "numeric", "autocomplete": "username", "class": "short"}
        super().__init__(
            label=_("利用者カードの番号"),
            max_length=LONGEST_TYPED,
            widget=forms.TextInput(attrs=attributes),
            error_messages={
                "required": _("利用者カードの番号を入力してください。"),
                "max_length": _("利用者カードの番号は20桁までです。"),
            },
        )

    def widget_attrs(self, widget: forms.Widget) -> dict:
        """Let more be typed than fits: the answer explains, the field does not cut."""
        return {}

    def clean(self, value: str | None) -> str:
        number = read_card_number(super().clean(value))
        if not (number.isascii() and number.isdigit()):
            raise forms.ValidationError(gettext("利用者カードの番号は数字で入力してください。"), code="digits")
        return number


class LoginForm(forms.Form):
    card_number = CardNumberField()
    password = forms.CharField(
        label=_("パスワード"),
        strip=False,
        max_length=LONGEST_TYPED,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "short"}),
        error_messages={
            "required": _("パスワードを入力してください。"),
            "max_length": _("パスワードは20文字までです。"),
        },
    )

    def shut(self, shut: ShutError) -> None:
        """Say until when one has to wait; the words are the same for numbers that nobody has."""
        self.add_error(None, shut_words(shut))

    def refuse(self) -> None:
        """Say that the pair does not fit, in the same words whatever was wrong (SPEC P7)."""
        self.add_error(None, gettext("利用者カードの番号かパスワードが違います。もう一度入力してください。"))


class ForgottenForm(forms.Form):
    card_number = CardNumberField()


def shut_words(shut: ShutError) -> str:
    """Say until when no password is taken, and where to go in a hurry; seconds are rounded up."""
    words = gettext(
        "パスワードの間違いが続いたため、%(wait)sほどお待ちください。お急ぎのときは図書館のカウンターへお越しください。"
    )
    return words % {"wait": wait_words(shut)}


def passkeys_shut_words(shut: ShutError) -> str:
    """Say until when no passkey is taken, and what does instead."""
    words = gettext(
        "パスキーでのログインが続けてうまくいかなかったため、%(wait)sほどお待ちください。パスワードでもログインできます。"
    )
    return words % {"wait": wait_words(shut)}


def wait_words(shut: ShutError) -> str:
    """Say how long the wait is, rounded up: seconds up to a minute, then minutes."""
    left = max(1, ceil((shut.until - timezone.now()).total_seconds()))
    if left <= 60:
        return gettext("%(count)s秒") % {"count": left}
    return gettext("%(count)s分") % {"count": ceil(left / 60)}
