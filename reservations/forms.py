"""What a patron fills in: the basket, a change, a pause."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import cast
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from catalog.languages.days import written
from catalog.models import Library, Title
from patrons.models import ContactMethod, Patron
from reservations.limits import RefusedError
from reservations.models import Reservation
from reservations.wish import ReservingPlace, usual_method

Sent = QueryDict | None  # what a form that came back holds, None for a fresh one
PAUSES = (1, 2, 3, 4, 6, 8, 12)  # weeks, where no calendar can be pressed with a finger
FIELD_OF_RULE = {
    "no_pickup": "pickup_library",
    "audiovisual_pickup": "pickup_library",
    "no_contact": "contact_method",
    "contact_not_offered": "contact_method",
    "contact_missing": "contact_method",
    "pause_day": "sleeps_until",
}


class RefusableForm(forms.Form):
    def refuse(self, error: RefusedError) -> None:
        """Write what a verb refused beside the field it is about."""
        for refusal in error.refusals:
            field = FIELD_OF_RULE.get(refusal.rule)
            self.add_error(field if field in self.fields else None, refusal.sentence)


class CollectForm(RefusableForm):
    """「受取館」 and 「連絡方法」, as every reservation has them."""

    pickup_library = forms.ModelChoiceField(
        Library.objects.none(),
        label=gettext_lazy("受取館"),
        empty_label=gettext_lazy("お選びください"),
        error_messages={
            "required": gettext_lazy("受取館をお選びください。"),
            "invalid_choice": gettext_lazy("受取館をお選びください。"),
        },
    )
    contact_method = forms.ChoiceField(
        label=gettext_lazy("連絡方法"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy("予約資料が準備できたときのお知らせです。"),
        error_messages={
            "required": gettext_lazy("連絡方法をお選びください。"),
            "invalid_choice": gettext_lazy("連絡方法をお選びください。"),
        },
    )

    def offer(self, face: ReservingPlace, titles: Iterable[Title], *, kept_method: str = "") -> None:
        """Offer the contact methods of the face, and the libraries that hand out at least one of the titles."""
        only_audiovisual = all(title.material_type.audiovisual for title in titles)
        libraries = cast("forms.ModelChoiceField[Library]", self.fields["pickup_library"])
        libraries.queryset = Library.objects.handing_out(audiovisual=only_audiovisual)
        methods = [ContactMethod(one) for one in dict.fromkeys((*face.contact_methods, kept_method)) if one]
        offered = cast(forms.ChoiceField, self.fields["contact_method"])
        offered.choices = [(method.value, method.label) for method in methods]


class BasketForm(CollectForm):
    """What to reserve of the basket; the numbers in ``titles`` keep the basket's order."""

    titles = forms.TypedMultipleChoiceField(
        coerce=int,
        label=gettext_lazy("予約する資料"),
        error_messages={
            "required": gettext_lazy("予約する資料をお選びください。"),
            "invalid_choice": gettext_lazy("予約かごが変わりました。予約する資料をもう一度お確かめください。"),
        },
    )
    as_sequence = forms.BooleanField(label=gettext_lazy("順番予約にする（上から順に届きます）"), required=False)
    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, patron: Patron, face: ReservingPlace, titles: Sequence[Title], data: Sent = None) -> None:
        initial = {"pickup_library": patron.pickup_library_id, "contact_method": usual_method(patron, face)}
        super().__init__(data, initial=initial)
        to_choose = cast(forms.TypedMultipleChoiceField, self.fields["titles"])
        to_choose.choices = [(title.pk, str(title)) for title in titles]
        self.offer(face, titles)
        if not face.sequences:
            del self.fields["as_sequence"]


class ChangeForm(CollectForm):
    def __init__(self, reservation: Reservation, face: ReservingPlace, data: Sent = None) -> None:
        initial = {
            "pickup_library": reservation.pickup_library_id,
            "contact_method": reservation.contact_method,
        }
        super().__init__(data, initial=initial)
        self.offer(face, [reservation.title], kept_method=reservation.contact_method)


class PauseForm(RefusableForm):
    """Until when a reservation sleeps; ``by_weeks`` offers a list of days where nobody can type one."""

    sleeps_until = forms.DateField(
        label=gettext_lazy("順番に戻る日"),
        help_text=gettext_lazy("この日の前日までは、順番をとばして次の方へお渡しします。順番はそのままです。"),
        error_messages={
            "required": gettext_lazy("日付をお選びください。"),
            "invalid": gettext_lazy("日付をお選びください。"),
        },
    )

    def __init__(self, today: date, data: Sent = None, *, by_weeks: bool = False) -> None:
        super().__init__(data)
        if by_weeks:
            days = [today + timedelta(weeks=weeks) for weeks in PAUSES]
            self.fields["sleeps_until"].widget = forms.Select(choices=[(day.isoformat(), written(day)) for day in days])
            return
        earliest = (today + timedelta(days=1)).isoformat()
        self.fields["sleeps_until"].widget = forms.DateInput(
            format="%Y-%m-%d", attrs={"type": "date", "min": earliest, "class": "short"}
        )
