"""A visit to a shared device ends by 「ログアウト」, by idleness or after ten minutes; nothing is left behind."""

from collections.abc import Callable
from math import floor
from typing import cast

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from catalog import terminals
from catalog.requests import PortalRequest
from opac.faces import face as faces

KEY = "visit"
LONGEST_CODE = 40  # characters filled in from an address; a code has 12 digits
GRACE_SECONDS = 30  # between the countdown on the screen and the server's own end


class VisitMiddleware:
    """End a login on a terminal that is idle, too long, or shown by another device."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note the time of every request of a login on a terminal; its end by ``visit_ends_in``, however busy it is."""
        known = cast(PortalRequest, request)
        known.visit_ends_in = None
        if settings.SESSION_COOKIE_NAME in request.COOKIES and KEY in request.session:
            left = seconds_left(known)
            if left < 0:
                logout(request)
            else:
                known.visit_ends_in = left
        response = self.get_response(request)
        if known.terminal and request.user.is_authenticated:
            now = timezone.now().timestamp()
            began = request.session.get(KEY, {}).get("began", now)
            request.session[KEY] = {"terminal": known.terminal.pk, "began": began, "seen": now}
            request.session.set_expiry(0)
        return response


def seconds_left(request: PortalRequest) -> int:
    """Return how long a visit may still last, below 0 when it is over: idle, too long, or on another device."""
    visit, face, now = request.session[KEY], request.face, timezone.now().timestamp()
    if request.terminal is None or request.terminal.pk != visit["terminal"]:
        return -1
    if face.idle_seconds is not None and now - visit["seen"] > face.idle_seconds + GRACE_SECONDS:
        return -1
    return floor(visit["began"] + (face.visit_seconds or 0) - now)


@csrf_exempt  # ends a visit and changes nothing else; the pages before a login carry no token
@require_POST
def leave(request: PortalRequest) -> HttpResponse:
    """End the visit by its button."""
    return end(request)


def end(request: PortalRequest) -> HttpResponse:
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
def stay(request: PortalRequest) -> HttpResponse:
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
    if request.method == "POST":
        terminal = terminals.enrol(request.POST.get("code", ""), now=timezone.now())
        if terminal:
            logout(request)
            onward = redirect("opac:start")
            faces.mark(onward, terminal)
            return onward
    wrong = request.method == "POST"
    context = {"wrong": wrong, "scanned": "" if wrong else request.GET.get("code", "")[:LONGEST_CODE]}
    response = render(request, "opac/enrol.html", context, status=400 if wrong else 200)
    add_never_cache_headers(response)
    return response
