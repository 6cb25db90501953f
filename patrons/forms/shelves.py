"""Forms of 「My 本棚」."""

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, cast

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patrons.models import Mark, Shelf, ShelfEntry
from patrons.models.shelf import MOST_PAGES
from patrons.reading.shelves import MOST_SHELVES, MOST_TITLES

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

TOO_MANY = _("本棚の数がいっぱいです。使わない本棚を片づけてから、作ってください。")
NUMBERS = re.compile(r"[0-9]+")


class DayField(forms.DateField):
    """A day, as a browser sends it or as people write it: 2026年11月3日, ２０２６／１１／３."""

    def __init__(self, label: "_StrOrPromise", *, required: bool = True, help_text: "_StrOrPromise" = "") -> None:
        widget = forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d")
        words = {"invalid": _("日付を読み取れませんでした。例：2026年11月3日")}
        super().__init__(label=label, required=required, help_text=help_text, widget=widget, error_messages=words)

    def to_python(self, value: str | date | None) -> date | None:
        numbers = NUMBERS.findall(unicodedata.normalize("NFKC", value)) if isinstance(value, str) else []
        return super().to_python("-".join(numbers) if len(numbers) == 3 else value)


class WholeNumberField(forms.IntegerField):
    """A whole number in digits of any width."""

    def __init__(
        self, label: "_StrOrPromise", *, most: int, required: bool = True, help_text: "_StrOrPromise" = ""
    ) -> None:
        words = {
            "invalid": _("数字で入力してください。"),
            "min_value": _("1以上の数を入力してください。"),
            "max_value": _("数が大きすぎます。"),
        }
        widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "short"})
        super().__init__(
            label=label,
            required=required,
            help_text=help_text,
            min_value=1,
            max_value=most,
            error_messages=words,
            widget=widget,
        )


class ShelfForm(forms.ModelForm):
    """A shelf's name."""

    name = forms.CharField(label=_("本棚の名前"), max_length=40, help_text=_("例：冬に読む本、子どもと読んだ絵本"))

    class Meta:
        model = Shelf
        fields = ("name",)

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        theirs = self.instance.patron.shelves.exclude(pk=self.instance.pk)
        if theirs.filter(name=name).exists():
            raise forms.ValidationError(gettext("同じ名前の本棚があります。ほかの名前にしてください。"), code="twice")
        if not self.instance.pk and theirs.count() >= MOST_SHELVES:
            raise forms.ValidationError(TOO_MANY, code="most")
        return name


class EntryForm(forms.ModelForm):
    """What the patron says of a title: how far, when it was read, its pages, a note; and which shelf it stands on."""

    shelf = forms.ModelChoiceField(Shelf.objects.none(), label=_("本棚"), empty_label=None)
    mark = forms.ChoiceField(
        label=_("しるし"), choices=[(mark.value, mark.label) for mark in Mark], widget=forms.RadioSelect
    )
    read_on = DayField(
        label=_("読んだ日"),
        required=False,
        help_text=_(
            "「読んだ」のときだけ残ります。おぼえていなければ、空けておけます（読書チャレンジには数えません）。"
        ),
    )
    pages = WholeNumberField(
        label=_("ページ数"), most=MOST_PAGES, required=False, help_text=_("ページ数の読書チャレンジで数えます。")
    )
    note = forms.CharField(
        label=_("メモ"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("ご自分だけに見えます。"),
    )

    class Meta:
        model = ShelfEntry
        fields = ("mark", "read_on", "pages", "note")

    def __init__(
        self,
        shelves: "QuerySet[Shelf]",
        data: QueryDict | None,
        *,
        today: date,
        initial: dict[str, object],
        instance: ShelfEntry | None = None,
    ) -> None:
        super().__init__(data, initial=initial, instance=instance)
        self.today = today
        cast(forms.ModelChoiceField, self.fields["shelf"]).queryset = shelves

    def clean_read_on(self) -> date | None:
        day = self.cleaned_data["read_on"]
        if day and day > self.today:
            raise forms.ValidationError(gettext("読んだ日は、今日までの日にしてください。"), code="future")
        return day

    def clean(self) -> dict:
        given = super().clean() or {}
        if given.get("mark") != Mark.READ and "read_on" in given:
            given["read_on"] = None
        return given


class ShelvedForm(EntryForm):
    """An entry that stands on its shelf: its place there can be said, too."""

    place = WholeNumberField(label=_("何番目に置くか"), most=MOST_TITLES, required=False)

    field_order = ("mark", "read_on", "pages", "note", "shelf", "place")


class AdditionForm(EntryForm):
    """A title that is to be put on a shelf; without shelves the first one is made."""

    field_order: tuple[str, ...] = ("shelf", "mark", "read_on", "pages", "note")

    def __init__(
        self, shelves: "QuerySet[Shelf]", data: QueryDict | None, *, today: date, initial: dict[str, object]
    ) -> None:
        super().__init__(shelves, data, today=today, initial=initial)
        if not shelves:
            del self.fields["shelf"]


class WrittenForm(AdditionForm):
    """A book that the library does not have, by its name."""

    name = forms.CharField(label=_("書名"), max_length=500)
    creator = forms.CharField(label=_("著者"), max_length=200, required=False)

    field_order = ("name", "creator", *AdditionForm.field_order)
