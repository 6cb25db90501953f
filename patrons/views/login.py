"""「ログイン」 and logout."""

from django.contrib import messages
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from patrons.access import patron_of
from patrons.forms import LoginForm
from patrons.redirects import next_or_my, next_page
from patrons.sign_in import user_for


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Let a patron in; who is in already goes on."""
    if patron_of(request):
        return redirect(next_or_my(request))
    form = LoginForm(request.POST or None)
    if form.is_valid():
        user = user_for(form.cleaned_data["card_number"], form.cleaned_data["password"])
        if user:
            start_session(request, user)
            return redirect(next_or_my(request))
        form.refuse()
    return render(request, "patrons/login.html", {"form": form, "next": next_page(request)})


@require_POST
@never_cache
def logout(request: HttpRequest) -> HttpResponse:
    """End the session and show the start page."""
    end_session(request)
    messages.success(request, "ログアウトしました。")
    return redirect("opac:start")
