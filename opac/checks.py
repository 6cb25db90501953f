"""System checks of the house: what must hold where the portal runs, asked by ``check`` and ``migrate``."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


@register(Tags.database)
def trigrams_of_japanese(*, databases: Sequence[str] | None = None, **asked: object) -> list[CheckMessage]:
    """Refuse a database whose pg_trgm finds nothing in Japanese, as with locale C: search would be blind."""
    broken = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            if is_blind(cursor):
                broken.append(alias)
    return [
        Error(
            f"pg_trgm finds no trigrams in Japanese text in the database '{alias}'.",
            hint="Create the cluster with --encoding=UTF8 --locale=C.UTF-8 (from PostgreSQL 17 also "
            "--locale-provider=builtin --builtin-locale=C.UTF-8), not with locale C.",
            id="opac.E001",
        )
        for alias in broken
    ]


@register(Tags.security, deploy=True)
def secret_of_the_reading_log(**asked: object) -> list[CheckMessage]:
    """Refuse a secret of the reading log that is short, or that something else is signed or hashed with, too."""
    others = {settings.SECRET_KEY, *settings.PASSWORD_PEPPERS.values()}
    weak = [number for number, secret in settings.READING_LOG_SECRETS.items() if len(secret) < 32 or secret in others]
    return [
        Error(
            f"READING_LOG_SECRETS: version {number} is shorter than 32 letters or serves another purpose, too.",
            hint='python3 -c "import secrets; print(secrets.token_urlsafe(32))" makes one.',
            id="opac.E002",
        )
        for number in weak
    ]


def is_blind(cursor: Any) -> bool:
    """Ask a database for the trigrams of 図書館; before the first migration the extension may be missing."""
    cursor.execute("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'")
    if not cursor.fetchone()[0]:
        return False
    cursor.execute("SELECT cardinality(show_trgm('図書館'))")
    return cursor.fetchone()[0] == 0
