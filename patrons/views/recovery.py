"""「パスワードを忘れたとき」 and the link that was mailed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from patrons.account import recovery
from patrons.account.links import LinkEndedError, open_link
from patrons.forms import ForgottenForm, OwnPasswordForm
from patrons.models import AccountPolicy
from patrons.protection.origin import origin_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Take a card number and answer the same whatever it is."""
    form = ForgottenForm(request.POST or None)
    if form.is_valid():
        card_number = form.cleaned_data["card_number"]
        recovery.ask(card_number, origin_of(request, card_number), now=timezone.now())
        minutes = AccountPolicy.current().reset_link_minutes
        return render(request, "patrons/forgotten_asked.html", {"minutes": minutes})
    return render(request, "patrons/forgotten.html", {"form": form})


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest, token: str) -> HttpResponse:
    """Set a new password through a link; opening the link alone changes nothing."""
    now = timezone.now()
    try:
        form = OwnPasswordForm(open_link(token, recovery.RESET, now=now).owner, request.POST or None)
        if form.is_valid():
            recovery.reset(token, form.cleaned_data["password"], now=now)
            messages.success(request, _("新しいパスワードを設定しました。新しいパスワードでログインしてください。"))
            return redirect("patrons:login")
    except LinkEndedError:
        return render(request, "patrons/link_ended.html", {"kind": recovery.RESET}, status=410)
    return render(request, "patrons/reset.html", {"form": form})
