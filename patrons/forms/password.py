"""「パスワード変更」: the first own password, and a later one."""

from typing import TYPE_CHECKING

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patrons.account.passwords import refuse_bad_password
from patrons.account.sign_in import is_password_of
from patrons.forms.login import shut_words
from patrons.models import Patron, User
from patrons.protection.throttle import ShutError

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


def password_field(label: "_StrOrPromise", missing: "_StrOrPromise", *, new: bool) -> forms.CharField:
    """Make a password field that a password manager understands; nothing typed is cut or stripped."""
    kind = "new-password" if new else "current-password"
    return forms.CharField(
        label=label,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": kind, "class": "short"}),
        error_messages={"required": missing},
    )


def refuse_wrong_password(user: User, password: str) -> None:
    """Raise ValidationError unless this is the password of somebody who is logged in; wrong ones are counted."""
    try:
        right = is_password_of(user, password, now=timezone.now())
    except ShutError as shut:
        raise forms.ValidationError(shut_words(shut), code="shut") from shut
    if not right:
        raise forms.ValidationError(gettext("今のパスワードが違います。"), code="wrong")


class OwnPasswordForm(forms.Form):
    """A new password, twice."""

    password = password_field(_("新しいパスワード"), _("新しいパスワードを入力してください。"), new=True)
    again = password_field(_("新しいパスワード（確認）"), _("確認のため、もう一度入力してください。"), new=True)

    def __init__(self, patron: Patron, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.patron = patron
        self.fields["password"].help_text = gettext(
            "半角の英字と数字で、4文字から20文字まで。大文字と小文字は区別します。"
        )

    def clean_password(self) -> str:
        refuse_bad_password(self.cleaned_data["password"], self.patron)
        return self.cleaned_data["password"]

    def clean(self) -> None:
        password, again = self.cleaned_data.get("password"), self.cleaned_data.get("again")
        if password and again and password != again:
            self.add_error("again", gettext("新しいパスワードと同じものを入力してください。"))


class ChangePasswordForm(OwnPasswordForm):
    """A new password in place of an own one, which is asked for."""

    current = password_field(_("今のパスワード"), _("今のパスワードを入力してください。"), new=False)
    field_order = ("current", "password", "again")

    def clean_current(self) -> str:
        refuse_wrong_password(self.patron.user, self.cleaned_data["current"])
        return self.cleaned_data["current"]
