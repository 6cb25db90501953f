"""A visit to a shared device ends by 「ログアウト」, by idleness or after ten minutes; nothing is left behind."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from catalog import terminals
from opac.faces import face as faces

KEY = "visit"
LONGEST_CODE = 40  # characters filled in from an address; a code has 12 digits
GRACE_SECONDS = 30  # between the countdown on the screen and the server's own end


class VisitMiddleware:
    """End a login on a terminal that is idle, too long, or shown by another device."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.visit_ends_in = None
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            self._look_at_the_clock(request, timezone.now())
        response = self.get_response(request)
        if request.terminal and request.user.is_authenticated:
            now = timezone.now().timestamp()
            began = request.session.get(KEY, {}).get("began", now)
            request.session[KEY] = {"terminal": request.terminal.pk, "began": began, "seen": now}
            request.session.set_expiry(0)
        return response

    def _look_at_the_clock(self, request: HttpRequest, now: datetime) -> None:
        """End a session that may not be used: it works on the terminal where it began, in time.

        One that goes on tells its page by ``visit_ends_in`` (seconds) when it will end however busy somebody is.
        """
        visit = request.session.get(KEY)
        if visit is None:
            return
        face, time = request.face, now.timestamp()
        here = request.terminal and request.terminal.pk == visit["terminal"]
        left = visit["began"] + face.visit_seconds - time if here else -1
        if left < 0 or time - visit["seen"] > face.idle_seconds + GRACE_SECONDS:
            logout(request)
        else:
            request.visit_ends_in = int(left)


@csrf_exempt  # ends a visit and changes nothing else; the pages before a login carry no token
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the visit by its button."""
    return end(request)


def end(request: HttpRequest) -> HttpResponse:
    """Log out, forget the basket and every other cookie but the device's own.

    The next person begins on the start page in Japanese, whatever language this one read.
    """
    logout(request)
    with translation.override(settings.LANGUAGE_CODE):
        response = redirect("opac:start")
    for name in request.COOKIES.keys() - {faces.COOKIE}:
        response.delete_cookie(name)
    if request.terminal:
        faces.mark(response, request.terminal)  # a device that is used never runs into the end of its cookie
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@csrf_exempt
@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Say that somebody is still there: the middleware notes the time of any request.

    A page that shows a patron (``?in``) after their visit has ended, or any page of a device that is no terminal any
    more, is told so by 410.
    """
    ended = not request.terminal or ("in" in request.GET and not request.user.is_authenticated)
    return HttpResponse(status=410 if ended else 204)


def enrol(request: HttpRequest) -> HttpResponse:
    """Make the device in front of a member of staff a terminal, by the code the admin showed.

    A camera that reads the admin's QR code opens this page with ``?code=…``: the code is filled in and still works
    only when it is sent, once.
    """
    wrong = False
    if request.method == "POST":
        terminal = terminals.enrol(request.POST.get("code", ""), now=timezone.now())
        if terminal:
            logout(request)
            response = redirect("opac:start")
            faces.mark(response, terminal)
            return response
        wrong = True
    context = {"wrong": wrong, "scanned": "" if wrong else request.GET.get("code", "")[:LONGEST_CODE]}
    response = render(request, "opac/enrol.html", context, status=400 if wrong else 200)
    add_never_cache_headers(response)
    return response
