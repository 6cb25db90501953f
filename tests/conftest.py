"""What every test may ask for: the database, a browser page, a mail server."""

import os
from collections.abc import Callable, Iterator
from typing import Protocol, cast

import hypothesis
import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from pytest_django import DjangoDbBlocker

from opac.sample import postgres
from tests import settings

pytest_plugins = ["tests.browser", "tests.mail"]

DEEP = bool(os.environ.get("PORTAL_DEEP"))  # portal.py test --deep
# Ordinary runs try the same examples every time: only a change makes them fail. Deep runs look for new ones.
hypothesis.settings.register_profile(
    "ordinary", max_examples=25, stateful_step_count=20, deadline=None, derandomize=True
)
hypothesis.settings.register_profile("deep", max_examples=200, stateful_step_count=30, deadline=None)
hypothesis.settings.load_profile("deep" if DEEP else "ordinary")


class Emptied(Protocol):
    """What Django's cases have beside what its stubs tell: how all tables are emptied after a test."""

    _fixture_teardown: Callable[[TransactionTestCase], None]


@pytest.fixture(autouse=True)
def japanese() -> None:
    """Begin every test in Japanese: a request in another language leaves that language to its thread."""
    translation.activate("ja")


@pytest.fixture(scope="session")
def deep() -> bool:
    """Tell whether tests run at their full depth: every interleaving instead of one, and the like."""
    return DEEP


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
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Let every test find the rows that migrations wrote and Okayama's rules, also after one that empties all tables.

    Django's own ``serialized_rollback`` keeps them on the connection object, and the browser's event loop gives the
    thread another one.
    """
    from opac.sample import rules  # reads models, which are not there yet when this file is imported

    with django_db_blocker.unblock():
        rules.write()
        rows = connection.creation.serialize_db_to_string()
    cases = cast(Emptied, TransactionTestCase)
    empty = cases._fixture_teardown

    def empty_and_write_rows(case: TransactionTestCase) -> None:
        empty(case)
        for model in (ContentType, Group):  # emptying made them anew, under other numbers
            model.objects.all().delete()
        connection.creation.deserialize_db_from_string(rows)
        ContentType.objects.clear_cache()

    cases._fixture_teardown = empty_and_write_rows
