"""A login on one device: Django's session with the facts that a patron's list of sessions shows, and its engine."""

from datetime import UTC, datetime
from typing import cast

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from patrons.models.user import User


class SessionStore(DatabaseStore):
    """The session engine: sessions whose row says whose they are.

    The name of the class is part of the salt that sessions are signed with: another name would end them all.
    """

    @classmethod
    def get_model_class(cls) -> "type[LoginSession]":
        return LoginSession

    def create_model_instance(self, data: dict) -> "LoginSession":
        """Copy into columns what the session's data say."""
        row = cast(LoginSession, super().create_model_instance(data))
        row.user_id, row.device = data.get("_auth_user_id"), data.get("device", "")
        row.started_at, row.seen_at = (
            datetime.fromtimestamp(data[name], UTC) if name in data else None for name in ("started_at", "seen_at")
        )
        return row


class LoginSession(AbstractBaseSession):
    """A session; ``user`` is empty until somebody logs in with it."""

    user = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="sessions", verbose_name="ログイン"
    )
    started_at = models.DateTimeField("開始", null=True, blank=True)
    seen_at = models.DateTimeField("最後の操作", null=True, blank=True)
    device = models.CharField("端末", max_length=80, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "ログイン中の端末"
        ordering = ("-seen_at",)
        indexes = (models.Index(fields=("expire_date",), name="session_end"),)

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        return SessionStore
