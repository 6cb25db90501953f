"""The portal's settings as the tests use them: development's, on a cluster that only tests use.

The address of that cluster is known before it runs; ``tests/conftest.py`` starts it.
"""

import os
from pathlib import Path

from opac.sample.postgres import Server

HOME = Path(__file__).resolve().parent.parent / ".portal" / "postgres-test"

os.environ.setdefault("DEBUG", "1")
URL = Server(HOME, fast=True).url
# Worker processes inherit the address from the first one, so it is compared, not only looked for.
OWN_CLUSTER = os.environ.setdefault("DATABASE_URL", URL) == URL
# Playwright's plain interface keeps an event loop in the test's thread; Django would refuse queries there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from opac.settings import *  # noqa: E402, F403

SEARCH_INDEX = HOME.parent / "no-index"  # a test that wants one makes its own
