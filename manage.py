#!/usr/bin/env python3
"""Run a management command of the portal.

With ``DATABASE_URL`` unset the command runs in development: ``DEBUG`` is on and the embedded
PostgreSQL in the project's own ``.portal`` folder is started, or joined when it already runs.
The last process that uses it stops it.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOME = Path(__file__).resolve().parent / ".portal" / "postgres"
TRUE = {"1", "true", "yes", "on", "y", "ok", "t"}  # as django-environ reads them


def main() -> None:
    """Choose the settings, see to the database, hand over to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opac.settings")
    if "DATABASE_URL" not in os.environ:
        os.environ.setdefault("DEBUG", "1")
    with database():
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


@contextmanager
def database() -> Iterator[None]:
    """Run the embedded server in development, and pass its address on to the settings and to children.

    The children of runserver find DATABASE_URL set and start nothing.
    """
    if "DATABASE_URL" in os.environ or os.environ.get("DEBUG", "").lower() not in TRUE:
        yield
        return
    from opac.sample import postgres

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        with postgres.database(HOME):
            yield
    except postgres.PostgresError as error:
        sys.exit(f"The embedded PostgreSQL cannot be used. {error}")


if __name__ == "__main__":
    main()
