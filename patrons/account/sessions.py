"""Sessions begin with the account rules' limits, end when nobody is there and after a day's work at the latest.

How long a session lives is decided when it begins (``begin``) and kept in it, so that no later request asks the rules.
"""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from patrons.account.access import has_own_password
from patrons.models import AccountPolicy, LoginSession, User
from patrons.protection.origin import device_words, remember_device

SEEN_EVERY = 60  # seconds between two writes of «last seen»


class SessionLimitsMiddleware:
    """Log out who was idle or in for too long; without a session cookie nothing is read (promise 13)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        known = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
        begins = known and "started_at" not in request.session  # the first request after a login
        if begins:
            begin(request, now=now)
        elif known and has_ended(request.session, now=now):
            logout(request)
            messages.warning(
                request, _("しばらく操作がなかったため、ログアウトしました。もう一度ログインしてください。")
            )
        elif known:
            touch(request.session, now=now)
        response = self.get_response(request)
        if begins and has_own_password(request.user):
            remember_device(request, response, request.user.username)
        return response


def begin(request: HttpRequest, *, now: datetime) -> None:
    """Note when and on what a login began and how long it may last by the account rules; terminals are stricter."""
    policy = AccountPolicy.current()
    idle, longest = policy.idle_minutes * 60, policy.session_hours * 3600
    moment = int(now.timestamp())
    facts = {"started_at": moment, "seen_at": moment, "device": device_words(request), "idle": idle, "longest": longest}
    request.session.update(facts)
    request.session.set_expiry(longest)


def has_ended(session: SessionBase, *, now: datetime) -> bool:
    """Tell whether a session was idle or open for too long."""
    moment = int(now.timestamp())
    idle_for, open_for = moment - session["seen_at"], moment - session["started_at"]
    return idle_for > session["idle"] or open_for > session["longest"]


def touch(session: SessionBase, *, now: datetime) -> None:
    """Note that the patron is there, at most once a minute."""
    moment = int(now.timestamp())
    if moment - session["seen_at"] >= SEEN_EVERY:
        session["seen_at"] = moment


def end_others(user: User, *, but: str | None) -> int:
    """End every session of a login but one (by key) and return how many there were."""
    return LoginSession.objects.filter(user=user).exclude(session_key=but).delete()[0]
