"""The database as Django's settings name it (ENGINE): a server that is silent is given up, and said to be away.

PostgreSQL's own timeouts work while it answers. Behind a dead line, a stalled proxy or a commit that waits for a
replica nobody ends the wait but we: a connection is opened within ``DATABASE_PATIENCE`` seconds or not at all, one that
was kept says within as long that it lives, and no answer is waited for much longer than ``STATEMENT_TIMEOUT``.
"""

from time import monotonic
from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import IsolationLevel
from psycopg.abc import PQGenConn

REFUSED_SECONDS = 1  # after a wait in vain, until somebody tries again
GRACE_SECONDS = 1  # more than the server itself takes to give up a statement


class Silence:
    """Remembers that the server did not answer, so that one thread tries again and the others are refused at once."""

    def __init__(self) -> None:
        self.until = 0.0

    def begins(self) -> None:
        self.until = monotonic() + REFUSED_SECONDS

    def ends(self) -> None:
        self.until = 0.0

    @property
    def lasts(self) -> bool:
        return monotonic() < self.until

    def let_one_try(self) -> None:
        """Raise OperationalError to all but the first who comes after the time is over."""
        if self.lasts:
            raise psycopg.OperationalError("the database did not answer a moment ago")
        if self.until:
            self.until = monotonic() + settings.DATABASE_PATIENCE + REFUSED_SECONDS


silence = Silence()


class PromptConnection(psycopg.Connection):
    """A connection whose answers are waited for ``answer_seconds`` at most; None waits for ever."""

    answer_seconds: float | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        bound = self.answer_seconds if timeout is None else timeout
        began = monotonic()
        try:
            return super().wait(gen, interval, bound)
        except psycopg.OperationalError as error:
            if bound is None or monotonic() - began < bound:
                raise
            silence.begins()
            self.close()  # what was asked may still be carried out
            raise psycopg.OperationalError(f"no answer within {bound:g} s") from error

    @classmethod
    def _connect_gen(cls, conninfo: str = "") -> PQGenConn["PromptConnection"]:
        """Give up earlier than libpq, which waits two seconds or more."""
        steps, end = super()._connect_gen(conninfo), monotonic() + settings.DATABASE_PATIENCE
        try:
            wanted = next(steps)
            while True:
                ready = yield wanted
                if monotonic() >= end:
                    silence.begins()
                    raise psycopg.OperationalError(f"no connection within {settings.DATABASE_PATIENCE:g} s")
                wanted = steps.send(ready)
        except StopIteration as made:
            return made.value


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, with connections that give up."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> PromptConnection:
        silence.let_one_try()
        self.isolation_level = IsolationLevel.READ_COMMITTED
        connection = PromptConnection.connect(**conn_params)
        silence.ends()
        if settings.STATEMENT_TIMEOUT:
            connection.answer_seconds = settings.STATEMENT_TIMEOUT / 1000 + GRACE_SECONDS
        return connection

    def is_usable(self) -> bool:
        """Ask a connection that was kept whether it lives."""
        if self.connection is None or silence.lasts:
            return False
        usual, self.connection.answer_seconds = self.connection.answer_seconds, settings.DATABASE_PATIENCE
        try:
            return super().is_usable()
        finally:
            if self.connection is not None:
                self.connection.answer_seconds = usual
