"""WCAG 2.2 by keyboard, where a page must do something; what a page must look like is judged on every page by
``tests/layout_audit.py``."""

import pytest
from playwright.sync_api import Page, expect

from tests import build, layout_audit
from tests.browser import DESKTOP_DARK, PHONE


@pytest.fixture
def filled(page: Page) -> Page:
    library = build.library()
    for number in range(3):
        build.item(build.title(f"見本の資料 {number}", creator="見本 著者"), library)
    return page


@pytest.mark.parametrize("page", [DESKTOP_DARK, PHONE], indirect=True)
def test_focus_is_seen_on_every_stop_and_the_first_skips_to_the_text(filled: Page) -> None:
    filled.goto("/search/?q=見本")
    assert layout_audit.tabs(filled) == []
    filled.goto("/search/?q=見本")
    filled.keyboard.press("Tab")
    expect(filled.get_by_role("link", name="本文へ移動")).to_be_focused()
    filled.keyboard.press("Enter")
    expect(filled.locator("main")).to_be_focused()


def test_a_search_is_made_by_keyboard_alone(filled: Page) -> None:
    filled.goto("/")
    filled.get_by_label("かんたん検索").focus()
    filled.keyboard.type("見本")
    filled.keyboard.press("Enter")
    expect(filled.get_by_role("status")).to_contain_text("件見つかりました")
