"""Steps of a patron at the keyboard terminal: by Tab, arrows, Enter and typing alone, with the focus in sight.

On every stop the focus is somewhere (never lost to the page itself) and is drawn.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from catalog.models import Terminal
from patrons.models import Patron
from tests.browser import DESKTOP, Shape
from tests.opac.terminal_setup import device

SIZES = pytest.mark.parametrize("page", [DESKTOP, Shape(1280, 800)], indirect=True)
MOST_STOPS = 90
NO_POINTER = """addEventListener("pointerdown", (event) => {
  if (event.isTrusted) throw new Error("pressed with a pointer");
}, true);"""
STOP = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const words = one.ariaLabel || one.labels?.[0]?.textContent || one.textContent || one.value || "";
  const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return [one.tagName, words.replace(/\\s+/g, " ").trim(), drawn];
}"""


def stop(page: Page) -> str:
    """Return the name of what has the focus, which must be something and must be seen."""
    tag, words, drawn = page.evaluate(STOP)
    assert (tag != "BODY", drawn) == (True, True), (page.url, tag, words)
    return words


def tab_to(page: Page, words: str, kind: str = "*") -> None:
    """Press Tab until the focus stands on what is named so (and is of a ``kind``, a selector).

    After an action the focus stands on what it did, so the way may lead once over the end of the page to its top.
    """
    passed, over_the_end = [], False
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if not over_the_end and page.evaluate("document.activeElement === document.body"):
            over_the_end = True
            continue
        passed.append(stop(page))
        if re.search(words, passed[-1]) and page.evaluate("kind => document.activeElement.matches(kind)", kind):
            return
    raise AssertionError(f"{words} is not among {passed}")


def told(page: Page, words: str) -> None:
    """See that the focus stands on what the page says of the last action."""
    said = stop(page)
    assert re.search(words, said), said


def mend(page: Page, label: str, text: str = "") -> None:
    """Go from the list of what to mend to a field, and write there anew."""
    tab_to(page, f"^{label}：", "a")
    page.keyboard.press("Enter")
    expect(page.locator(":is(input, select, textarea):focus")).to_have_count(1)
    stop(page)
    if text:
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(text)


def choose(page: Page, words: str, key: str = "Enter") -> None:
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press(key)


def write(page: Page, label: str, text: str) -> None:
    tab_to(page, label, "input")
    page.keyboard.type(text)


def begin(page: Page) -> Patron:
    """Register the device, then let no pointer near it."""
    patron = device(page, Terminal.Kind.KEYBOARD)
    page.context.add_init_script(NO_POINTER)
    return patron


def enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def log_in(page: Page, patron: Patron, password: str = "abcd1234") -> None:
    write(page, "利用者カードの番号", patron.card_number)
    write(page, "パスワード", password)
    enter(page)


def open_my_library(page: Page, patron: Patron) -> None:
    choose(page, "^My ライブラリログイン$")
    log_in(page, patron)
    page.wait_for_url("/my/")


def search(page: Page, words: str) -> None:
    write(page, "かんたん検索", words)
    enter(page)
    page.wait_for_url(re.compile(r"/search/\?"))


def end(page: Page) -> None:
    choose(page, "^ログアウト$")
    page.wait_for_url("/")
    assert "sessionid" not in {cookie["name"] for cookie in page.context.cookies()}
