"""Pages that say what went wrong, what is kept and what to do.

Those for 500 and 503 ask nothing of the database, which may be the cause.
"""

from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from patrons.protection.hashers import HashingBusyError

RETRY_SECONDS = 30


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "opac/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "opac/403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or old, as after a long pause or a logout in another tab."""
    return render(request, "opac/403_form.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "opac/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponse(render_to_string("opac/500.html", _device(request)), status=500)


def busy(request: HttpRequest) -> HttpResponse:
    """Say 混み合っています: nothing was changed, and the same request may be sent again."""
    response = HttpResponse(render_to_string("opac/503.html", _device(request)), status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def _device(request: HttpRequest) -> dict[str, Any]:
    """Return what a page needs to be one of a shared device: the button that ends the visit, no link out.

    Who has a session is taken to be logged in.
    """
    face = getattr(request, "face", None)
    if not face or not face.idle_seconds:
        return {}
    shown = SimpleNamespace(face=face, terminal=request.terminal, path=request.path)
    return {"request": shown, "user": {"is_authenticated": settings.SESSION_COOKIE_NAME in request.COOKIES}}


class BusyMiddleware:
    """Turn a database that is away, a lock not got in time or too many logins at once into 503 instead of 500."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return busy(request) if isinstance(exception, (OperationalError, HashingBusyError)) else None
