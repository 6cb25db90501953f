"""The running portal, once for all tests of faults, and the people who use it."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests import build
from tests.faults import portal as portals
from tests.faults.portal import Caller, Portal


@pytest.fixture(scope="session")
def running_portal(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Portal]:
    with django_db_blocker.unblock(), portals.running(tmp_path_factory.mktemp("portal")) as portal:
        yield portal


@pytest.fixture
def portal(running_portal: Portal, transactional_db: None) -> Iterator[Portal]:
    """The portal on a whole line; a test breaks it."""
    yield running_portal
    running_portal.line.heal()
    portals.wait_for(running_portal)


@pytest.fixture
def callers(portal: Portal) -> dict[str, Caller]:
    """A visitor, a patron and the desk, each known from an earlier page."""
    library = build.library()
    people = {
        "visitor": Caller(),
        "patron": Caller(build.patron(pickup_library=library).user),
        "desk": Caller(build.staff(library=library)),
    }
    for path, who in (("/my/", people["patron"]), ("/admin/desk/", people["desk"])):
        assert portal.ask(path, who).status == 200
    return people
