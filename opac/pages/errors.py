"""Pages that say what went wrong, what is kept and what to do.

Those for 500 and 503 ask nothing of the database, which may be the cause.
"""

import errno
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import SimpleNamespace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.database import faults
from opac import request_log
from patrons.protection.hashers import HashingBusyError

RETRY_SECONDS = 30
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})  # of a disk, as for a large upload

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sorry:
    """What one page says: the status as its code, what happened, and what to do, and where (a link) to see it."""

    code: int
    title: Promise
    lead: Promise
    link: str = ""


BAD_REQUEST = Sorry(
    400,
    _("ご指定の内容を読み取れませんでした"),
    _("アドレスや入力の形が正しくないようです。予約などの記録は変わっていません。"),
)
FORBIDDEN = Sorry(403, _("このページは開けません"), _("ログインが必要なページか、ご本人だけが見られるページです。"))
OLD_FORM = Sorry(
    403,
    _("もう一度、画面を開き直してください"),
    _(
        "時間がたったか、ほかの画面でログアウトしたため、送信を受け付けませんでした。記録は変わっていません。前の画面に戻り、"
        "開き直してからもう一度お試しください。"
    ),
)
NOT_FOUND = Sorry(
    404,
    _("ページが見つかりません"),
    _("アドレスが変わったか、資料がなくなった可能性があります。書名や著者名から探し直せます。"),
)
SERVER_ERROR = Sorry(
    500,
    _("申し訳ありません。うまく表示できませんでした"),
    _("こちらの不具合です。時間をおいて、もう一度お試しください。続くときは図書館職員までお知らせください。"),
)
BUSY = Sorry(
    503,
    _("ただいま混み合っています"),
    _("30秒ほどおいて、もう一度お試しください。記録は変わっていません。お急ぎの場合は図書館へお電話ください。"),
)
# The answer of a COMMIT may be what was lost.
UNKNOWN = Sorry(
    503,
    _("ただいま混み合っています"),
    _(
        "送信した内容を記録できたかどうか、こちらからお伝えできません。30秒ほどおいて、予約一覧でお確かめください。"
        "もう一度送信しても、予約が二重になることはありません。お急ぎの場合は図書館へお電話ください。"
    ),
    link="reservations:list",
)
READING = frozenset({"GET", "HEAD", "OPTIONS"})
STAFF = "/admin/"
SAME_FOR_EVERYBODY = frozenset({"/robots.txt"})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Explain a request that cannot be read; a session that the database could not save comes here, too."""
    return _later(request, exception) or _explained(request, BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _explained(request, FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or old, as after a long pause or a logout in another tab."""
    return _explained(request, OLD_FORM)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _explained(request, NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """Explain what no view and no middleware expected; middlewares that find the database away end here."""
    return _later(request, sys.exc_info()[1]) or _without_database(request, SERVER_ERROR)


def busy(request: HttpRequest, sorry: Sorry = BUSY) -> HttpResponse:
    """Say 混み合っています and when to try again."""
    response = _without_database(request, sorry)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def _later(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """Return the page for a fault that passes, None for any other."""
    fault = faults.passing(error)
    if fault is None:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            log.error("503: %s", error.strerror)
            return busy(request)
        return busy(request) if isinstance(error, HashingBusyError) else None
    log.warning("503: %s", fault)
    if request.method in READING or not faults.outcome_unknown(fault):
        return busy(request)
    return busy(request, replace(UNKNOWN, link="") if request.path_info.startswith(STAFF) else UNKNOWN)


def _explained(request: HttpRequest, sorry: Sorry) -> HttpResponse:
    """Write a page with the library's name and who is logged in, or without, where neither is known."""
    if not hasattr(request, "user"):
        return _without_database(request, sorry)
    context = {"sorry": sorry, "reference": request_log.current()}
    try:
        return render(request, "opac/sorry.html", context, status=sorry.code)
    except Exception as error:
        if faults.passing(error):
            return _without_database(request, sorry)
        raise


def _without_database(request: HttpRequest, sorry: Sorry) -> HttpResponse:
    """Write a page that is still one of a shared device: the button that ends the visit, no link out.

    Who has a session is taken to be logged in. The language is the address's: the fault may have come before the
    middleware that sets it.
    """
    context: dict[str, object] = {"sorry": sorry, "reference": request_log.current()}
    face, terminal = getattr(request, "face", None), getattr(request, "terminal", None)
    if face and face.idle_seconds:
        context["request"] = SimpleNamespace(face=face, terminal=terminal, path=request.path)
        context["user"] = {"is_authenticated": settings.SESSION_COOKIE_NAME in request.COOKIES}
    with translation.override(translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE):
        return HttpResponse(render_to_string("opac/sorry.html", context), status=sorry.code)


class BusyMiddleware:
    """Turn a database that is away, a lock not got in time or too many logins at once into 503 instead of 500.

    It stands outermost. What a view raises comes to ``process_exception``; what the middlewares within raise, Django
    hands to ``server_error`` and ``bad_request``, which say the same.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in SAME_FOR_EVERYBODY:
            request.COOKIES.clear()  # nobody is looked up for it
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return _later(request, exception)
