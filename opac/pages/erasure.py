"""What patrons erase by themselves: 入力 → 確認 → 完了, since nothing of it comes back (SPEC M11, decision 13)."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from opac import privacy_rooms
from patrons.account.access import patron_required
from patrons.models import Patron
from patrons.privacy import Erasable

COUNTED = _("%(name)s（%(count)s件）")
DONE = _("%(name)sを%(count)s件消しました。")


def erasable() -> dict[str, Erasable]:
    """Return what each room lets patrons erase, by the key that a form sends."""
    return {key: one for room in privacy_rooms.privacy() for key, one in getattr(room, "ERASABLE", {}).items()}


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

    def __init__(self, patron: Patron, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        counted = {key: (one, one.count(patron)) for key, one in erasable().items()}
        self.held = {key: pair for key, pair in counted.items() if pair[1]}
        self.fields["what"].choices = [(key, self.words(key)) for key in self.held]

    def words(self, key: str) -> str:
        one, count = self.held[key]
        return COUNTED % {"name": one.section, "count": count}

    @property
    def chosen(self) -> list[tuple[str, str]]:
        return [(key, self.words(key)) for key in self.cleaned_data["what"]]


@require_http_methods(["GET", "HEAD", "POST"])
@patron_required
def erasure(request: HttpRequest) -> HttpResponse:
    """Ask what is to go, show it once more, erase it. What is gone already is no error."""
    patron = request.patron
    initial = {"what": request.GET.getlist("what")}
    form = ErasureForm(patron, request.POST if request.method == "POST" else None, initial=initial)
    if not form.is_valid():
        return render(request, "opac/erasure.html", {"form": form})
    if "confirmed" not in request.POST:
        return render(request, "opac/erasure_confirm.html", {"chosen": form.chosen})
    for key in form.cleaned_data["what"]:
        one = erasable()[key]
        messages.success(request, DONE % {"name": one.section, "count": one.erase(patron)})
    return redirect("opac:erased")


@require_safe
@patron_required
def erased(request: HttpRequest) -> HttpResponse:
    """Say that it is done; what went stands in the messages."""
    return render(request, "opac/erased.html")
