"""The pages of the staff's second factor: the code at a login, the app's enrolment, the recovery codes."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, cast

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from patrons.account import second_factor
from patrons.account.redirects import next_page
from patrons.forms.login import wait_words
from patrons.models import User
from patrons.people.card import qr
from patrons.protection.throttle import ShutError


class Asked(Protocol):
    """A user as ``django_otp`` hands them over."""

    def is_verified(self) -> bool:
        """Tell whether the second factor was given in this session."""


class StaffRequest(HttpRequest):
    """A request of staff whose password was right."""

    user: User


class CodeForm(forms.Form):
    code = forms.CharField(
        label="確認コード",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}),
        error_messages={"required": "確認コードを入力してください。", "max_length": "確認コードが長すぎます。"},
    )

    def refuse(self) -> None:
        self.add_error("code", "確認コードが違います。アプリに出ている新しい数字を入力してください。")

    def shut(self, shut: ShutError) -> None:
        self.add_error("code", f"間違いが続いたため、{wait_words(shut)}ほどお待ちください。")


def is_required() -> bool:
    """Tell whether this library asks its staff for a second factor."""
    return settings.STAFF_TOTP == "required"


def is_verified(user: User | AnonymousUser) -> bool:
    """Tell whether somebody gave the second factor in this session."""
    return cast(Asked, user).is_verified()


def has_passed(request: HttpRequest) -> bool:
    """Tell whether a session of the staff may go on: the second factor was given, or none is asked for."""
    return not is_required() or is_verified(request.user)


def second_factor_urls() -> list[URLPattern]:
    """Return the pages that open between password and second factor."""
    return [
        path("second-factor/", code, name="second_factor"),
        path("second-factor/enrolment/", enrolment, name="second_factor_enrolment"),
        path("second-factor/codes/", codes, name="second_factor_codes"),
    ]


def after_password(view: Callable[[StaffRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Open a page to staff whose password was right; a library without a second factor has no such page."""

    @sensitive_post_parameters("code")
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not (request.user.is_active and request.user.is_staff):
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        if not is_required():
            raise Http404
        return view(cast(StaffRequest, request))

    return guarded


@after_password
def code(request: StaffRequest) -> HttpResponse:
    """Ask for the code after the password; who has no app yet is led to the enrolment."""
    onward = next_page(request) or reverse("admin:index")
    if is_verified(request.user):
        return redirect(onward)
    if not second_factor.is_enrolled(request.user):
        return redirect("admin:second_factor_enrolment")
    form = CodeForm(request.POST or None)
    if form.is_valid() and _tried(form, lambda typed: second_factor.check(request, typed, now=timezone.now())):
        return redirect(onward)
    return _page(request, "admin/second_factor.html", "確認コードの入力", form=form, next=next_page(request))


@after_password
@sensitive_variables("made")
def enrolment(request: StaffRequest) -> HttpResponse:
    """Show the picture an app scans, and the recovery codes once its first code was right."""
    if second_factor.is_enrolled(request.user):
        return redirect("admin:second_factor_codes" if is_verified(request.user) else "admin:second_factor")
    form = CodeForm(request.POST or None)
    made = form.is_valid() and _tried(form, lambda typed: second_factor.enrol(request, typed, now=timezone.now()))
    if made:
        return _page(request, "admin/second_factor_codes.html", "回復コード", codes=made, left=len(made))
    device = second_factor.new_device(request)
    address = device.config_url
    secret = address.partition("secret=")[2].partition("&")[0]
    return _page(
        request, "admin/second_factor_enrolment.html", "二段階認証の登録", form=form, qr=qr(address), secret=secret
    )


@after_password
@sensitive_variables("made")
def codes(request: StaffRequest) -> HttpResponse:
    """Say how many recovery codes are left; a POST makes new ones and shows them this once."""
    if not is_verified(request.user):
        return redirect("admin:second_factor")
    made = second_factor.renew_codes(request.user) if request.method == "POST" else []
    left = second_factor.codes_left(request.user)
    return _page(request, "admin/second_factor_codes.html", "回復コード", codes=made, left=left)


def _tried(form: CodeForm, step: Callable[[str], Any]) -> Any:
    """Try the typed code and put a refusal into the form."""
    try:
        answer = step(form.cleaned_data["code"])
    except ShutError as shut:
        form.shut(shut)
        return None
    if not answer:
        form.refuse()
    return answer


def _page(request: HttpRequest, template: str, title: str, **context: object) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), "title": title, **context})
