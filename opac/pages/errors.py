"""Pages that say what went wrong, what is kept and what to do.

Those for 500 and 503 ask nothing of the database, which may be the cause.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from patrons.protection.hashers import HashingBusyError

RETRY_SECONDS = 30


@dataclass(frozen=True)
class Sorry:
    """What one page says: the status as its code, what happened, and what to do."""

    code: int
    title: Promise
    lead: Promise


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


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _explained(request, BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _explained(request, FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or old, as after a long pause or a logout in another tab."""
    return _explained(request, OLD_FORM)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _explained(request, NOT_FOUND)


def _explained(request: HttpRequest, sorry: Sorry) -> HttpResponse:
    return render(request, "opac/sorry.html", {"sorry": sorry}, status=sorry.code)


def server_error(request: HttpRequest) -> HttpResponse:
    return _without_database(request, SERVER_ERROR)


def busy(request: HttpRequest) -> HttpResponse:
    """Say 混み合っています: nothing was changed, and the same request may be sent again."""
    response = _without_database(request, BUSY)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def _without_database(request: HttpRequest, sorry: Sorry) -> HttpResponse:
    """Write a page that is still one of a shared device: the button that ends the visit, no link out.

    Who has a session is taken to be logged in.
    """
    context: dict[str, object] = {"sorry": sorry}
    face, terminal = getattr(request, "face", None), getattr(request, "terminal", None)
    if face and face.idle_seconds:
        context["request"] = SimpleNamespace(face=face, terminal=terminal, path=request.path)
        context["user"] = {"is_authenticated": settings.SESSION_COOKIE_NAME in request.COOKIES}
    return HttpResponse(render_to_string("opac/sorry.html", context), status=sorry.code)


class BusyMiddleware:
    """Turn a database that is away, a lock not got in time or too many logins at once into 503 instead of 500."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return busy(request) if isinstance(exception, (OperationalError, HashingBusyError)) else None
