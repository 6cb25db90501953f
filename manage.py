#!/usr/bin/env python3
"""Run a management command of the portal.

With ``DATABASE_URL`` unset the command runs in development: ``DEBUG`` is on and the embedded
PostgreSQL in the project's own ``.portal`` folder is started, or joined when it already runs.
"""

import os
import sys


def main() -> None:
    """Choose the settings, see to the database, hand over to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opac.settings")
    if "DATABASE_URL" not in os.environ:
        os.environ.setdefault("DEBUG", "1")

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
