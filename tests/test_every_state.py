"""What pages become when they are used: done, refused, empty, full, late, failed. Each state is judged as a page is.

``tests/test_every_page.py`` opens every address once, as it stands. A chapter of ``tests/states`` does something and
yields at each state. Ordinary runs tell each chapter once, ``portal.py test --deep`` on every face that has it, the web
on a phone in the light and at a desk in the dark. ``PORTAL_PICTURES`` takes pictures as there.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from catalog.models import Terminal
from tests import build, page_checks
from tests.browser import DESKTOP, DESKTOP_DARK, PHONE, Shape, go_on_as
from tests.conftest import DEEP
from tests.states import failing_urls, patrons, visitors
from tests.states.form_input import Told
from tests.test_every_page import FACES, World

KEYBOARD, TOUCH = Terminal.Kind.KEYBOARD, Terminal.Kind.TOUCH
SHAPES = {"web": (PHONE, DESKTOP_DARK), KEYBOARD: (DESKTOP,), TOUCH: (Shape(1080, 1400),)}
# Each chapter, who lives it, and the faces it happens on; an ordinary run takes the first.
CHAPTERS = (
    (visitors.links, "visitor", ("web",)),
    (visitors.found, "visitor", FACES),
    (visitors.refused, "visitor", FACES),
    (patrons.nothing_yet, "beginner", FACES),
    (patrons.one_by_one, "patron", (TOUCH,)),
    (patrons.by_basket, "patron", ("web", KEYBOARD)),
    (patrons.refused, "patron", ("web", KEYBOARD)),
    (patrons.shelved, "patron", ("web", KEYBOARD)),
    (patrons.waited_for, "patron", FACES),
    (patrons.lent, "patron", FACES),
    (patrons.failed, "patron", FACES),
)


def tellings() -> list:
    """Return (chapter, role, face, shape) of each telling; ordinary ones take the web's shapes in turn."""
    told = []
    for number, (chapter, role, several) in enumerate(CHAPTERS):
        for face in several if DEEP else several[:1]:
            shapes = SHAPES[face] if DEEP else [SHAPES[face][number % len(SHAPES[face])]]
            name = f"{chapter.__module__.rpartition('.')[2]}-{chapter.__name__}-{face}"
            told += [pytest.param(chapter, role, face, shape, id=f"{name}-{shape}") for shape in shapes]
    return told


@pytest.fixture
def world(live_server, settings, tmp_path: Path) -> World:
    """Let there be a world with an index of its own, and pages that fail."""
    settings.ROOT_URLCONF, settings.SEARCH_INDEX = failing_urls.__name__, tmp_path
    world = World()
    world.users["beginner"] = build.patron("玉野 次郎").user
    return world


@pytest.mark.parametrize(("chapter", "role", "face", "page"), tellings(), indirect=["page"])
def test_every_state_serves_everyone(
    chapter: Callable[[Page, World, str], Told], role: str, face: str, page: Page, live_server, world: World
) -> None:
    go_on_as(world.client(face, role), page, live_server.url)
    answers: list = []
    page.on("response", lambda answer: answers.append(answer) if answer.request.is_navigation_request() else None)
    wrong = {}
    for name, status, words in chapter(page, world, face):
        page_checks.photograph(page, name, f"{face}-{role}")
        found = [] if answers[-1].status == status else [f"status {answers[-1].status}"]
        found += [] if words in page.locator("body").inner_text() else [f"does not say {words}"]
        found += page_checks.policy(answers[-1].headers.get("content-security-policy", ""))
        if found := found + page_checks.source(answers[-1].text()) + page_checks.seen(page, face):
            wrong[name] = found
    assert not wrong, "\n".join(f"{name}: {fault}" for name, found in wrong.items() for fault in found)
