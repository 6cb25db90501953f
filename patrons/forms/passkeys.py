"""「パスキー」: a name for a new one, with the password that shows who asks, and another name later."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from patrons.forms.password import password_field, refuse_wrong_password
from patrons.models import Passkey, User

LONGEST_NAME = Passkey._meta.get_field("name").max_length


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("パスキーの名前"),
        max_length=LONGEST_NAME,
        help_text=_("どの端末のものか、あとで分かる名前にしてください。例：わたしのスマートフォン"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("パスキーの名前を入力してください。"),
            "max_length": _("パスキーの名前は40文字までです。"),
        },
    )


class NewPasskeyForm(NameForm):
    """Who has only an open session, and not the password, makes no passkey."""

    current = password_field(_("今のパスワード"), _("今のパスワードを入力してください。"), new=False)

    def __init__(self, user: User, data: QueryDict | None, *, initial: dict[str, str]) -> None:
        super().__init__(data, initial=initial)
        self.user = user

    def clean_current(self) -> str:
        refuse_wrong_password(self.user, self.cleaned_data["current"])
        return self.cleaned_data["current"]
