"""The session engine: Django's database sessions in ``LoginSession`` rows, so that a patron can see and end them.

How long a session lives is decided when it begins (``begin``) and kept in it, so that no later request asks the rules.
"""

from datetime import datetime

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest

from patrons.models import AccountPolicy, LoginSession, User
from patrons.protection.origin import device_words

SEEN_EVERY = 60  # seconds between two writes of «last seen»


class SessionStore(DatabaseStore):
    """Sessions whose row says whose they are."""

    @classmethod
    def get_model_class(cls) -> type[LoginSession]:
        return LoginSession

    def create_model_instance(self, data: dict) -> LoginSession:
        row = super().create_model_instance(data)
        row.describe(data)
        return row


def begin(request: HttpRequest, *, now: datetime) -> None:
    """Note when and on what a login began and how long it may last by the account rules; terminals are stricter."""
    policy = AccountPolicy.current()
    idle, longest = policy.idle_minutes * 60, policy.session_hours * 3600
    moment = int(now.timestamp())
    facts = {"started_at": moment, "seen_at": moment, "device": device_words(request), "idle": idle, "longest": longest}
    request.session.update(facts)
    request.session.set_expiry(longest)


def has_ended(session: SessionStore, *, now: datetime) -> bool:
    """Tell whether a session was idle or open for too long."""
    moment = int(now.timestamp())
    idle_for, open_for = moment - session["seen_at"], moment - session["started_at"]
    return idle_for > session["idle"] or open_for > session["longest"]


def touch(session: SessionStore, *, now: datetime) -> None:
    """Note that the patron is there, at most once a minute."""
    moment = int(now.timestamp())
    if moment - session["seen_at"] >= SEEN_EVERY:
        session["seen_at"] = moment


def end_others(user: User, *, but: str | None) -> int:
    """End every session of a login but one (by key) and return how many there were."""
    return LoginSession.objects.filter(user=user).exclude(session_key=but).delete()[0]
