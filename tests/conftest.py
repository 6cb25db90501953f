"""What every test may ask for: the database, a browser page, a mail server."""

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from opac import postgres
from tests import settings

pytest_plugins = ["tests.browser", "tests.mail"]


@pytest.fixture(scope="session")
def cluster() -> Iterator[None]:
    """Run the tests' own PostgreSQL unless DATABASE_URL named one; worker processes share it."""
    if not settings.OWN_CLUSTER:
        yield
        return
    with postgres.running(settings.HOME, fast=True):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(cluster: None, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Let pytest-django make its databases (one a worker) once the cluster runs."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> str:
    """Return the rows the migrations wrote, serialized while the database is new."""
    with django_db_blocker.unblock():
        return connection.creation.serialize_db_to_string()
