"""「ことばと読みやすさ」: part of 「利用者情報設定」, saved with the account and applied after every login."""

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from patrons.models import Patron, TextSize


class TypographyForm(forms.Form):
    language = forms.ChoiceField(
        label=_("ページのことば"),
        required=False,
        help_text=_("ログインしたときのページと、図書館からのメールのことばです。"),
        choices=[("", _("決めない（ページで選んだことばのまま）")), *settings.LANGUAGES],
    )
    text_size = forms.ChoiceField(
        label=_("文字の大きさ"),
        required=False,
        choices=[(size.value, size.label) for size in TextSize],
        widget=forms.RadioSelect,
    )
    wide_spacing = forms.BooleanField(label=_("文字と行の間を広くする"), required=False)
    furigana = forms.BooleanField(
        label=_("ふりがなをつける"), required=False, help_text=_("読みの分かる書名、著者名、シリーズ名につきます。")
    )

    def __init__(self, patron: Patron, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={name: getattr(patron, name) for name in self.base_fields})
        self.patron = patron

    def clean_text_size(self) -> str:
        return self.cleaned_data["text_size"] or self.patron.text_size

    def save(self) -> None:
        """Write what was chosen; the next page is shown so."""
        for name, value in self.cleaned_data.items():
            setattr(self.patron, name, value)
        self.patron.save(update_fields=list(self.cleaned_data))
