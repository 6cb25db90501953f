"""What patrons erase by themselves: 入力 → 確認 → 完了, since nothing of it comes back (SPEC M11, decision 13)."""

from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from opac.privacy_rooms import ERASABLE
from patrons.account.access import PatronRequest, patron_required
from patrons.models import Patron

COUNTED = _("%(name)s（%(count)s件）")
DONE = _("%(name)sを%(count)s件消しました。")


class ErasureForm(forms.Form):
    """Which kinds are to go; only those that hold something are offered."""

    what = forms.MultipleChoiceField(
        label=_("消すもの"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("消すものを選んでください。"),
            "invalid_choice": _("もう一度選んでください。"),
        },
    )

    def __init__(self, patron: Patron, data: QueryDict | None = None, *, initial: dict[str, list[str]]) -> None:
        super().__init__(data, initial=initial)
        counted = {key: (one, one.count(patron)) for key, one in ERASABLE.items()}
        self.held = {key: pair for key, pair in counted.items() if pair[1]}
        what = cast(forms.MultipleChoiceField, self.fields["what"])
        what.choices = [(key, self.words(key)) for key in self.held]

    def words(self, key: str) -> str:
        one, count = self.held[key]
        return COUNTED % {"name": one.section, "count": count}

    @property
    def chosen(self) -> list[tuple[str, str]]:
        return [(key, self.words(key)) for key in self.cleaned_data["what"]]


@require_http_methods(["GET", "HEAD", "POST"])
@patron_required
def erasure(request: PatronRequest) -> HttpResponse:
    """Ask what is to go, show it once more, erase it. What is gone already is no error."""
    patron = request.patron
    initial = {"what": request.GET.getlist("what")}
    form = ErasureForm(patron, request.POST if request.method == "POST" else None, initial=initial)
    if not form.is_valid():
        return render(request, "opac/erasure.html", {"form": form})
    if "confirmed" not in request.POST:
        return render(request, "opac/erasure_confirm.html", {"chosen": form.chosen})
    for key in form.cleaned_data["what"]:
        one = ERASABLE[key]
        messages.success(request, DONE % {"name": one.section, "count": one.erase(patron)})
    return redirect("opac:erased")


@require_safe
@patron_required
def erased(request: PatronRequest) -> HttpResponse:
    """Say that it is done; what went stands in the messages."""
    return render(request, "opac/erased.html")
