"""Steps of a patron at the touch panel: by taps alone, on the keyboard of the screen."""

import re
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from catalog.models import Terminal
from patrons.models import Patron
from tests.browser import Shape
from tests.opac.terminal_setup import device

PANEL = Shape(1080, 1400, touch=True)
LYING = Shape(1280, 800, touch=True)
SIZES = pytest.mark.parametrize("page", [PANEL, LYING], indirect=True)
FINGERS_ONLY = """for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, (event) => {
  if (event.isTrusted && event.pointerType !== "touch") throw new Error(`${kind} by no finger`);
}, true);"""
# What the panel has nowhere: words of links and buttons.
NOT_HERE = re.compile(
    "予約かご|順番予約にする|順番予約を解除|利用者情報設定|My 本棚|本棚に|読書チャレンジ|新着資料お知らせメール"
    "|パスキー|デジタル利用者カード|わたしのデータ|フィード|新着資料をメールで"
)


def begin(page: Page) -> Patron:
    """Register the panel as staff do, then let fingers alone near it."""
    patron = device(page, Terminal.Kind.TOUCH)
    page.context.add_init_script(FINGERS_ONLY)
    return patron


def tap(page: Page, name: str, role: Literal["link", "button"] = "link") -> None:
    """Tap what is named so, once it is seen that the page offers nothing that is not for the panel."""
    look(page)
    with page.expect_navigation():
        page.get_by_role(role, name=re.compile(name)).first.tap()


def look(page: Page) -> None:
    offered = page.locator("a:visible, button:visible").all_inner_texts()
    assert [words for words in offered if NOT_HERE.search(words)] == []
    assert page.locator("a[href^=http], a[href^=mailto], a[href^=tel], a[target], a[download]").count() == 0


def write(page: Page, *keys: str, panel: str = "") -> None:
    """Tap keys of the screen's keyboard, after turning it to another panel where one is named."""
    keyboard = page.get_by_role("region", name="画面のキーボード")
    for key in (panel, *keys) if panel else keys:
        keyboard.get_by_role("button", name=key, exact=True).tap()


def send(page: Page, *keys: str, panel: str = "") -> None:
    """Tap keys, the last of which sends the form."""
    write(page, *keys[:-1], panel=panel)
    with page.expect_navigation():
        write(page, keys[-1])


def log_in(page: Page, patron: Patron, password: str = "abcd1234") -> None:
    """Fill in the login, whose card field waits for its digits."""
    send(page, *patron.card_number, "次の欄へ", *password, "ログイン")


def end(page: Page) -> None:
    page.get_by_role("button", name="ログアウト").tap()
    page.wait_for_url("/")
    expect(page.get_by_role("link", name="My ライブラリログイン")).to_be_visible()
    assert "sessionid" not in {cookie["name"] for cookie in page.context.cookies()}
