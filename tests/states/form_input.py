"""What the chapters of ``tests/states`` share: pressing buttons, and what a refused form keeps."""

import re
from collections.abc import Iterator

from playwright.sync_api import Page, expect

Told = Iterator[tuple[str, int, str]]
"""The states of a chapter: a name, the status it answers with, and words that must be seen there."""


def send(page: Page, button: str, **typed: str) -> None:
    """Fill in fields by their names and press a button of the page."""
    for name, text in typed.items():
        page.locator(f"main [name={name}]").fill(text)
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name=re.compile(f"^{button}")).first.click()


def kept(page: Page, **typed: str) -> None:
    """See that a refused form kept what was typed."""
    for name, text in typed.items():
        expect(page.locator(f"main [name={name}]")).to_have_value(text)
