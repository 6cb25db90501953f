"""The portal's settings as the tests use them: development's, on a cluster that only tests use.

The address of that cluster is known before it runs; ``tests/conftest.py`` starts it.
"""

import os
from pathlib import Path

from opac.postgres import Server

HOME = Path(__file__).resolve().parent.parent / ".portal" / "postgres-test"

os.environ.setdefault("DEBUG", "1")
OWN_CLUSTER = "DATABASE_URL" not in os.environ
if OWN_CLUSTER:
    os.environ["DATABASE_URL"] = Server(HOME, fast=True).url
# Playwright's plain interface keeps an event loop in the test's thread; Django would refuse queries there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from opac.settings import *  # noqa: E402, F403
