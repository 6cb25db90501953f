"""Until a patron has set their own password, no other page opens and no POST works (SPEC P2, promise 9)."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from patrons.account.access import patron_of

# The change itself, and every way to log out: on a terminal 「ログアウト」 ends the whole visit.
OPEN = ("patrons:password", "patrons:logout", "opac:leave", "opac:stay")


class OwnPasswordMiddleware:
    """Lead a patron without an own password to 「パスワード変更」 from every URL but that one and logout."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Without a session cookie nothing is read (promise 13).
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.path not in {reverse(page) for page in OPEN}:
            patron = patron_of(request)
            if patron is not None and patron.own_password_set_at is None:
                change = reverse("patrons:password")
                back = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
                return redirect(f"{change}?{back}" if back else change)
        return self.get_response(request)
