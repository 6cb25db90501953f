"""「利用者情報設定」: what a patron changes without coming to a counter (SPEC M7)."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from django import forms
from django.core.validators import EmailValidator
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Library
from patrons.account import addresses
from patrons.models import ContactMethod, MailRequest, Patron
from patrons.people.telephone import has_area_code, is_written_in_digits, read_telephone

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

PRIVATE = ("email", "telephone", "fax")
MAILS_AN_HOUR = 5  # confirmation mails one patron can have sent, so that nobody is flooded


def masked(value: str) -> str:
    """Return an address as «h•••@example.jp» and a number as «•••-•••-2222»: personal data on a shared screen.

    It is enough to recognise it and too little to note down (decision 13).
    """
    if "@" in value:
        local, domain = value.rsplit("@", 1)
        return f"{local[:1]}•••@{domain}"
    return re.sub(r"[0-9](?=(?:[^0-9]*[0-9]){4})", "•", value)


class NarrowCharField(forms.CharField):
    """Text that is kept in half width however it was typed."""

    def to_python(self, value: str | None) -> str:
        return unicodedata.normalize("NFKC", super().to_python(value) or "")


class TelephoneField(NarrowCharField):
    """A telephone or FAX number: digits with hyphens, as people write it."""

    def __init__(self, label: "_StrOrPromise") -> None:
        widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "class": "short"})
        super().__init__(label=label, required=False, max_length=30, widget=widget)

    def clean(self, value: str | None) -> str:
        number = read_telephone(super().clean(value))
        if number and not is_written_in_digits(number):
            raise forms.ValidationError(_("数字とハイフンで入力してください。例：086-123-4567"), code="digits")
        if number and not has_area_code(number):
            raise forms.ValidationError(_("市外局番から入力してください。例：086-123-4567"), code="length")
        return number


class SettingsForm(forms.Form):
    email = NarrowCharField(
        label=gettext_lazy("メールアドレス"),
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "email", "autocapitalize": "none"}),
        validators=[EmailValidator(gettext_lazy("メールアドレスの形になっていません。例：hanako@example.jp"))],
        error_messages={"max_length": gettext_lazy("メールアドレスは254文字までです。")},
    )
    telephone = TelephoneField(gettext_lazy("電話番号"))
    fax = TelephoneField(gettext_lazy("FAX番号"))
    pickup_library = forms.ModelChoiceField(
        Library.objects.all(),
        label=gettext_lazy("いつもの受取館"),
        required=False,
        empty_label=gettext_lazy("予約のたびに選ぶ"),
    )
    contact_method = forms.ChoiceField(label=gettext_lazy("いつもの連絡方法"), widget=forms.RadioSelect)

    def __init__(self, patron: Patron, methods: Sequence[str], data: QueryDict | None = None, *, mask: bool) -> None:
        """Offer the contact methods of the face, and the one that is set, wherever it was set (SPEC R2).

        With ``mask`` (a shared screen) address and numbers are not shown, and a field left empty keeps what there is.
        """
        shown = ("pickup_library", "contact_method") if mask else ("pickup_library", "contact_method", *PRIVATE)
        super().__init__(data, initial={name: getattr(patron, name) for name in shown})
        self.patron, self.mask = patron, mask
        offered = [ContactMethod(method) for method in methods]
        if patron.contact_method not in offered:
            offered.append(ContactMethod(patron.contact_method))
        cast(forms.ChoiceField, self.fields["contact_method"]).choices = [
            (method.value, method.label) for method in offered
        ]
        for name in PRIVATE if mask else ():
            known = masked(getattr(patron, name)) or _("ありません")
            help_text = _("登録されているもの：%(known)s。変えるときだけ入力してください。")
            self.fields[name].help_text = help_text % {"known": known}

    def clean_email(self) -> str:
        address = self.cleaned_data["email"]
        if address and address != self.patron.email and self._mailed_too_often():
            raise forms.ValidationError(
                _("確認のメールを続けて送りました。1時間ほどたってから、もう一度お試しください。")
            )
        return address

    def _mailed_too_often(self) -> bool:
        asked = MailRequest.objects.filter(patron=self.patron, kind=addresses.CONFIRM)
        return asked.filter(created_at__gt=timezone.now() - timedelta(hours=1)).count() >= MAILS_AN_HOUR

    def clean(self) -> None:
        """Refuse a method whose address or number is missing, with the way to register it (SPEC R2)."""
        for name in PRIVATE if self.mask else ():
            if self.cleaned_data.get(name) == "":
                self.cleaned_data[name] = getattr(self.patron, name)
        if method := self.cleaned_data.get("contact_method"):
            facts = ContactMethod(method).facts
            if facts.needs and self.cleaned_data.get(facts.needs) == "":
                self.add_error("contact_method", facts.how)

    def save(self, *, now: datetime) -> str:
        """Write the settings and return the address that a confirmation was mailed to, "" when none was.

        An address that mail did not reach is confirmed anew when it is saved again.
        """
        patron, given = self.patron, self.cleaned_data
        for name in ("telephone", "fax", "pickup_library", "contact_method"):
            setattr(patron, name, given[name])
        patron.save(update_fields=("telephone", "fax", "pickup_library", "contact_method"))
        if given["email"] == patron.email and (not patron.email_failing_since or self._mailed_too_often()):
            return ""
        if given["email"]:
            addresses.ask_to_confirm(patron, given["email"], now=now)
        else:
            addresses.remove(patron, now=now)
        return given["email"]
