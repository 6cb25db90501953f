"""Forms of 「新着資料お知らせメール」 and of the reminders."""

import re
import unicodedata
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.japanese.fold import fold
from catalog.models import Library, MaterialType
from catalog.search.query import LONGEST
from notifications.kinds import SWITCHES
from notifications.models import Alert, Reminders
from notifications.models.alert import MOST
from patrons.models import Patron

CONDITIONS = ("keyword", "author", "ndc", "material_type", "library")


class KindField(forms.ModelChoiceField):
    """A 資料種別 under its name in the language of the page."""

    def label_from_instance(self, kind: MaterialType) -> str:
        return kind.label


class AlertForm(forms.ModelForm):
    """One condition; at least one part must be given, and the same condition is not saved twice."""

    keyword = forms.CharField(
        label=_("キーワード"),
        required=False,
        max_length=LONGEST,
        help_text=_("書名や件名などに含まれることば。例：岡山 歴史"),
    )
    author = forms.CharField(label=_("著者"), required=False, max_length=LONGEST, help_text=_("例：内田百閒"))
    ndc = forms.CharField(
        label=_("分類（NDC）"),
        required=False,
        max_length=10,
        help_text=_("分類番号のはじめの部分。例：913（日本の小説）、596（料理）"),
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "decimal"}),
    )
    material_type = KindField(
        MaterialType.objects.all(),
        label=_("資料種別"),
        required=False,
        empty_label=_("すべての種別"),
        to_field_name="code",
    )
    library = forms.ModelChoiceField(
        Library.objects.all(), label=_("所蔵館"), required=False, empty_label=_("すべての館"), to_field_name="code"
    )

    class Meta:
        model = Alert
        fields = CONDITIONS

    def __init__(self, patron: Patron, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.patron = patron

    def clean_ndc(self) -> str:
        number = unicodedata.normalize("NFKC", self.cleaned_data["ndc"]).strip().rstrip(".")
        if number and not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", number):
            raise forms.ValidationError(gettext("分類は番号で入力してください。例：913、645.7"), code="digits")
        return number

    def clean(self) -> dict:
        given = super().clean() or {}
        for name in ("keyword", "author"):
            if given.get(name) and not fold(given[name]):
                self.add_error(name, gettext("文字か数字を入力してください。"))
        if self.errors:
            return given
        theirs = Alert.objects.filter(patron=self.instance.patron)
        if not any(given.get(name) for name in CONDITIONS):
            # At a field, or the table's constraint would say the same once more by its name.
            self.add_error("keyword", forms.ValidationError(gettext("条件を1つ以上入力してください。"), code="nothing"))
        elif theirs.filter(**{name: given[name] for name in CONDITIONS}).exists():
            raise forms.ValidationError(gettext("同じ条件が登録されています。"), code="twice")
        elif theirs.count() >= MOST:
            words = _("登録できる条件は%(most)s件までです。使わない条件を削除してから登録してください。")
            raise forms.ValidationError(words, code="most", params={"most": MOST})
        return given


class RemindersForm(forms.ModelForm):
    """Which reminders a patron wants (decision 23)."""

    class Meta:
        model = Reminders
        fields = tuple(SWITCHES)
        labels: ClassVar = {kind: switch.label for kind, switch in SWITCHES.items()}
        help_texts: ClassVar = {kind: switch.help_text for kind, switch in SWITCHES.items()}
