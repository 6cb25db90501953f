"""「ログイン」 and logout."""

from django.contrib import messages
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from patrons.account import passkeys
from patrons.account.access import patron_of
from patrons.account.redirects import next_page, page_after_login
from patrons.account.sign_in import sign_in
from patrons.forms import LoginForm
from patrons.protection.origin import origin_of
from patrons.protection.throttle import ShutError


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Let a patron in; who is in already goes on."""
    if patron := patron_of(request):
        return redirect(page_after_login(request, patron.user))
    form = LoginForm(request.POST or None)
    if form.is_valid():
        card_number = form.cleaned_data["card_number"]
        origin = origin_of(request, card_number)
        try:
            user = sign_in(card_number, form.cleaned_data["password"], origin, now=timezone.now())
        except ShutError as shut:
            form.shut(shut)
        else:
            if user:
                start_session(request, user)
                return redirect(page_after_login(request, user))
            form.refuse()
    context = {"form": form, "next": next_page(request)}
    return render(request, "patrons/login.html", context | passkeys.on_page())


@require_POST
@never_cache
def logout(request: HttpRequest) -> HttpResponse:
    """End the session, have the device forget a saved card, and show the start page."""
    end_session(request)
    messages.success(request, _("ログアウトしました。"))
    response = redirect("opac:start")
    response["Clear-Site-Data"] = '"storage"'
    return response
