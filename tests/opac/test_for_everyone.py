"""WCAG 2.2 beyond what axe sees: keyboard, focus, zoom, text spacing, forced colours, reduced motion."""

import pytest
from playwright.sync_api import Page, expect

from tests import build
from tests.browser import DESKTOP, DESKTOP_DARK, PHONE, Shape

SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
CUT_OFF = """() => [...document.querySelectorAll("main *, header *, footer *")].filter((one) => {
  const style = getComputedStyle(one);
  const decorated = one.closest("[aria-hidden=true], .visually-hidden, .shelf__title, thead");
  const hides = ["hidden", "clip"].includes(style.overflowY) && one.textContent.trim();
  return !decorated && hides && one.scrollHeight > one.clientHeight + 1;
}).map((one) => one.className)"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ADDRESSES = ["/", "/search/", "/search/?q=見本", "/search/detail/", "/login/", "/basket/", "/help/"]


@pytest.fixture
def filled(page: Page) -> Page:
    library = build.library()
    for number in range(3):
        build.item(build.title(f"見本の資料 {number}", creator="見本 著者"), library)
    return page


@pytest.mark.parametrize("page", [Shape(320, 640)], indirect=True)
@pytest.mark.parametrize("address", ADDRESSES)
def test_at_400_percent_and_with_wide_spacing_nothing_is_lost(filled: Page, address: str) -> None:
    filled.goto(address)
    assert filled.evaluate(WIDER) <= 0
    filled.evaluate(SPACING)
    assert (filled.evaluate(WIDER) <= 0, filled.evaluate(CUT_OFF)) == (True, [])


@pytest.mark.parametrize("page", [DESKTOP, DESKTOP_DARK, PHONE], indirect=True)
def test_focus_is_seen_on_every_stop_and_the_first_skips_to_the_text(filled: Page) -> None:
    filled.goto("/search/?q=見本")
    filled.keyboard.press("Tab")
    expect(filled.get_by_role("link", name="本文へ移動")).to_be_focused()
    seen = set()
    for _ in range(40):
        stop = filled.evaluate("""() => {
          const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
          const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
          const free = !top || one.contains(top) || top.contains(one);
          const inside = box.bottom > 0 && box.top < innerHeight;
          return [one.outerHTML.slice(0, 90), parseFloat(style.outlineWidth), style.outlineStyle, inside, free];
        }""")
        if stop[0].startswith("<body"):
            break
        assert stop[1:] == [4, "solid", True, True], stop
        seen.add(stop[0])
        filled.keyboard.press("Tab")
    assert len(seen) > 10


def test_skip_link_leads_into_the_text(filled: Page) -> None:
    filled.goto("/search/?q=見本")
    filled.keyboard.press("Tab")
    filled.keyboard.press("Enter")
    expect(filled.locator("main")).to_be_focused()


def test_a_search_is_made_by_keyboard_alone(filled: Page) -> None:
    filled.goto("/")
    filled.get_by_label("かんたん検索").focus()
    filled.keyboard.type("見本")
    filled.keyboard.press("Enter")
    expect(filled.get_by_role("status")).to_contain_text("件見つかりました")


@pytest.mark.parametrize("address", ["/", "/search/?q=見本", "/login/"])
def test_forced_colours_keep_the_edges_of_what_can_be_pressed(filled: Page, address: str) -> None:
    filled.emulate_media(forced_colors="active")
    filled.goto(address)
    bare = filled.evaluate("""() => [...document.querySelectorAll(".button:not(.button--quiet), input, select")]
      .filter((one) => one.checkVisibility() && one.type !== "hidden")
      .filter((one) => parseFloat(getComputedStyle(one).borderTopWidth) < 1)
      .map((one) => one.outerHTML.slice(0, 80))""")
    assert bare == []


def test_nothing_moves_for_those_who_do_not_want_it(filled: Page) -> None:
    filled.emulate_media(reduced_motion="reduce")
    filled.goto("/")
    moving = filled.evaluate("""() => [...document.querySelectorAll("*")].filter((one) => {
      const style = getComputedStyle(one);
      return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
    }).map((one) => one.tagName)""")
    assert moving == []


@pytest.mark.parametrize("page", [PHONE], indirect=True)
@pytest.mark.parametrize("address", ADDRESSES)
def test_targets_are_44_pixels_high_but_for_links_in_sentences(filled: Page, address: str) -> None:
    filled.goto(address)
    small = filled.evaluate("""() => [...document.querySelectorAll("button, .button, select, nav a, input")]
      .filter((one) => one.checkVisibility() && !one.closest(".visually-hidden, .skip, .crumbs"))
      .filter((one) => !["checkbox", "radio", "hidden"].includes(one.type))
      .filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML.slice(0, 90))""")
    assert small == []
