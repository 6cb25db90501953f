"""A login on one device: Django's session with the facts that a patron's list of sessions shows."""

from datetime import UTC, datetime

from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models

from patrons.models.user import User


class LoginSession(AbstractBaseSession):
    """A session; ``user`` is empty until somebody logs in with it."""

    user = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="sessions", verbose_name="ログイン"
    )
    started_at = models.DateTimeField("開始", null=True, blank=True)
    seen_at = models.DateTimeField("最後の操作", null=True, blank=True)
    device = models.CharField("端末", max_length=80, blank=True)

    objects = BaseSessionManager()

    class Meta:
        verbose_name = verbose_name_plural = "ログイン中の端末"
        ordering = ("-seen_at",)
        indexes = (models.Index(fields=("expire_date",), name="session_end"),)

    @classmethod
    def get_session_store_class(cls):
        from patrons.account.sessions import SessionStore  # the engine needs this model first

        return SessionStore

    def describe(self, data: dict) -> None:
        """Copy into columns what the session's data say."""
        self.user_id = data.get("_auth_user_id")
        self.started_at = _moment(data.get("started_at"))
        self.seen_at = _moment(data.get("seen_at"))
        self.device = data.get("device", "")


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
