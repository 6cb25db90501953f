"""A real browser on the real pages: the ``page`` fixture and the shapes a page is looked at in.

@pytest.mark.parametrize("page", [PHONE, DESKTOP], indirect=True)
def test_patron_finds_a_title(page): ...
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 30_000  # milliseconds; test machines are small and shared


@dataclass(frozen=True)
class Shape:
    """The window a page is opened in: CSS pixels, colour scheme, and whether fingers press what is on it."""

    width: int
    height: int
    dark: bool = False
    touch: bool = False

    def __str__(self) -> str:
        return f"{self.width}px{'-dark' if self.dark else ''}"


PHONE, DESKTOP = Shape(375, 812), Shape(1280, 900)
PHONE_DARK, DESKTOP_DARK = Shape(375, 812, dark=True), Shape(1280, 900, dark=True)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a parametrised test by the shape of its window."""
    return str(val) if isinstance(val, Shape) else None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Run the system's Chromium, or the one that PORTAL_CHROMIUM names, once a worker."""
    with sync_playwright() as playwright:
        running = launch(playwright)
        yield running
        running.close()


def launch(playwright: Playwright) -> Browser:
    """Start the browser without a window."""
    return playwright.chromium.launch(executable_path=program(), args=ARGUMENTS)


def program() -> str:
    """Return the path of the browser."""
    found = os.environ.get("PORTAL_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "Chromium is missing; python3 portal.py test says how to get it"
    return found


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Browser, live_server) -> Iterator[Page]:
    """Open an empty page on the live server, at desktop size or in the Shape given as parameter.

    The test fails if the page raised an error in a script or broke the Content-Security-Policy.
    """
    shape = getattr(request, "param", DESKTOP)
    context = browser.new_context(
        base_url=live_server.url,
        viewport={"width": shape.width, "height": shape.height},
        color_scheme="dark" if shape.dark else "light",
        has_touch=shape.touch,
        locale="ja-JP",
        timezone_id="Asia/Tokyo",
    )
    context.set_default_timeout(PATIENCE)
    problems: list[str] = []
    context.on("weberror", lambda error: problems.append(str(error.error)))
    context.on("console", lambda message: problems.extend(_broken_policies(message)))
    yield context.new_page()
    context.close()
    assert problems == []


def go_on_as(client: Client, page: Page, url: str) -> None:
    """Give the page's browser the client's cookies of the site at a URL."""
    page.context.add_cookies([{"name": name, "value": one.value, "url": url} for name, one in client.cookies.items()])


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """Run axe; return each rule that was broken with the elements that break it.

    Axe would load the style sheets once more by itself, at wrong addresses and beside what the test does next;
    the rules that run here need none of it.
    """
    found = Axe().run(page, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
    return [(rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in found]


def _broken_policies(message: ConsoleMessage) -> list[str]:
    """Return what the page did against the policy; axe, which a test puts into the page, has no address."""
    broken = message.type == "error" and "Content Security Policy" in message.text and message.location["url"]
    return [message.text] if broken else []
