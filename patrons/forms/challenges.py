"""The form of a 「読書チャレンジ」."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patrons.forms.shelves import DayField, WholeNumberField
from patrons.models import Challenge
from patrons.models.challenge import MOST_GOAL
from patrons.reading.challenges import MOST

LONGEST = timedelta(days=3 * 366)
TOO_MANY = _("読書チャレンジの数がいっぱいです。終わったチャレンジを消してから、始めてください。")


class ChallengeForm(forms.ModelForm):
    """A goal, what is counted, and for how long."""

    name = forms.CharField(label=_("チャレンジの名前"), max_length=60, help_text=_("例：冬の読書、シリーズを読みきる"))
    unit = forms.ChoiceField(
        label=_("数えるもの"),
        choices=[(unit.value, unit.label) for unit in Challenge.Unit],
        widget=forms.RadioSelect,
    )
    goal = WholeNumberField(
        label=_("目標"), most=MOST_GOAL, help_text=_("むりのない数から始められます。あとで変えられます。")
    )
    first = DayField(label=_("始まりの日"))
    last = DayField(label=_("終わりの日"))

    class Meta:
        model = Challenge
        fields = ("name", "unit", "goal", "first", "last")

    def clean(self) -> dict:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", gettext("終わりの日は、始まりの日よりあとにしてください。"))
        elif first and last and last - first > LONGEST:
            self.add_error("last", gettext("期間は3年までにしてください。"))
        theirs = self.instance.patron.challenges.exclude(pk=self.instance.pk)
        if self.errors:
            return given
        if theirs.filter(name=given["name"], first=first, last=last).exists():
            raise forms.ValidationError(gettext("同じ名前と期間のチャレンジがあります。"), code="twice")
        if not self.instance.pk and theirs.count() >= MOST:
            raise forms.ValidationError(TOO_MANY, code="most")
        return given
