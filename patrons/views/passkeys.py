"""「パスキー」: the patron's list, a new one, another name, removal; and 「パスキーでログイン」."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.contrib import messages
from django.contrib.auth import login as start_session
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from patrons.account import passkeys as keys
from patrons.account.access import PatronRequest, patron_of, patron_required
from patrons.account.passkeys import PasskeyRefusedError
from patrons.account.redirects import next_page, page_after_login
from patrons.forms import LoginForm, NameForm, NewPasskeyForm
from patrons.forms.login import passkeys_shut_words
from patrons.protection.origin import device_words, origin_of
from patrons.protection.throttle import ShutError

Given = ParamSpec("Given")
Request = TypeVar("Request", bound=HttpRequest)


def where_offered(
    view: Callable[Concatenate[Request, Given], HttpResponse],
) -> Callable[Concatenate[Request, Given], HttpResponse]:
    """Open a view only on a site that can have passkeys."""

    @wraps(view)
    def guarded(request: Request, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponse:
        if not keys.offered():
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_POST
@never_cache
@where_offered
def challenge(request: HttpRequest) -> HttpResponse:
    """Give the browser what it asks the device with; a visitor's session that holds it is short."""
    try:
        asked = keys.begin_login(origin_of(request, ""), request.session, now=timezone.now())
    except ShutError as shut:
        return JsonResponse({"words": passkeys_shut_words(shut)}, status=429)
    if not request.user.is_authenticated:
        request.session.set_expiry(keys.LIVES)
    return JsonResponse(asked)


@require_POST
@never_cache
@where_offered
def login(request: HttpRequest) -> HttpResponse:
    """Let in whose device answered; a refusal is shown on the login page, where a password does as well."""
    if patron := patron_of(request):
        return redirect(page_after_login(request, patron.user))
    try:
        user = keys.finish_login(request.POST.get("answer", ""), request.session, now=timezone.now())
    except PasskeyRefusedError as refused:
        context = {"form": LoginForm(), "next": next_page(request), "refused": str(refused)}
        return render(request, "patrons/login.html", context | keys.on_page(), status=400)
    start_session(request, user)
    return redirect(page_after_login(request, user))


@sensitive_post_parameters("current")
@require_http_methods(["GET", "HEAD", "POST"])
@patron_required
@where_offered
def passkeys(request: PatronRequest) -> HttpResponse:
    """List the patron's passkeys; a POST with name and password asks the browser for a new one."""
    patron, asked = request.patron, ""
    form = NewPasskeyForm(patron.user, request.POST or None, initial={"name": gettext(device_words(request))})
    if form.is_valid():
        try:
            name = form.cleaned_data["name"]
            asked = json.dumps(keys.begin_registration(patron, name, request.session, now=timezone.now()))
        except PasskeyRefusedError as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "passkeys": patron.passkeys.all(), "asked": asked}
    return render(request, "patrons/passkeys.html", context | keys.on_page())


@require_POST
@patron_required
@where_offered
def registration(request: PatronRequest) -> HttpResponse:
    """Keep what the device made."""
    answer = request.POST.get("answer", "")
    try:
        keys.finish_registration(request.patron, answer, request.session, now=timezone.now())
    except PasskeyRefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, gettext("パスキーを登録しました。次から「パスキーでログイン」を使えます。"))
    return redirect("patrons:passkeys")


@require_http_methods(["GET", "HEAD", "POST"])
@patron_required
@where_offered
def passkey(request: PatronRequest, pk: int) -> HttpResponse:
    """Show one passkey and give it another name."""
    row = get_object_or_404(request.patron.passkeys, pk=pk)
    form = NameForm(request.POST or None, initial={"name": row.name})
    if form.is_valid():
        row.name = form.cleaned_data["name"]
        row.save(update_fields=("name",))
        messages.success(request, gettext("パスキーの名前を変えました。"))
        return redirect("patrons:passkeys")
    return render(request, "patrons/passkey.html", {"form": form, "passkey": row})


@require_POST
@patron_required
@where_offered
def removal(request: PatronRequest, pk: int) -> HttpResponse:
    """Remove a passkey; no login with it works from now on."""
    row = get_object_or_404(request.patron.passkeys, pk=pk)
    keys.remove(request.patron, row, now=timezone.now())
    messages.success(request, gettext("パスキーを削除しました。"))
    return redirect("patrons:passkeys")
