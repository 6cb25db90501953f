"""Sessions end when nobody is there, and after a day's work at the latest."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from patrons.account import sessions
from patrons.account.access import has_own_password
from patrons.protection.origin import remember_device


class SessionLimitsMiddleware:
    """Log out who was idle or in for too long; without a session cookie nothing is read (promise 13)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
        began = known and self._limit(request)
        response = self.get_response(request)
        if began and has_own_password(request.user):
            remember_device(request, response, request.user.username)
        return response

    def _limit(self, request: HttpRequest) -> bool:
        """Begin, end or touch a session; tell whether it began with this request, the first after a login."""
        now = timezone.now()
        if "started_at" not in request.session:
            sessions.begin(request, now=now)
            return True
        if sessions.has_ended(request.session, now=now):
            logout(request)
            messages.warning(
                request, _("しばらく操作がなかったため、ログアウトしました。もう一度ログインしてください。")
            )
        else:
            sessions.touch(request.session, now=now)
        return False
