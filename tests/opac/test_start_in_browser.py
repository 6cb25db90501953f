"""The start page at every width: cards in even rows, nothing under the picture, no last line of a character or two."""

import pytest
from playwright.sync_api import Page

from tests import build
from tests.browser import Shape

WIDTHS = [Shape(width, 900) for width in (320, 375, 600, 768, 900, 1000, 1100, 1280, 1600)]
PER_ROW = """() => {
  const rows = new Map();
  for (const card of document.querySelectorAll(".can > li")) {
    const top = Math.round(card.getBoundingClientRect().top);
    rows.set(top, (rows.get(top) ?? 0) + 1);
  }
  return [...rows.values()];
}"""
ORPHANS = """() => [...document.querySelectorAll("main p, main small, .notice p")].flatMap((one) => {
  const lines = new Map(), range = document.createRange();
  const walker = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    for (let at = 0; at < node.length; at += 1) {
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const box = range.getBoundingClientRect(), line = Math.round(box.bottom / 8);
      if (box.width) lines.set(line, (lines.get(line) ?? "") + node.data[at]);
    }
  const written = [...lines.values()];
  return written.length > 1 && written.at(-1).trim().length < 3 ? [one.textContent.trim()] : [];
})"""
UNDER = """() => {
  const picture = document.querySelector(".welcome__shelf").getBoundingClientRect();
  const text = (one) => {
    const range = document.createRange();
    range.selectNodeContents(one);
    return range.getBoundingClientRect();
  };
  return [...document.querySelectorAll(".welcome :is(button, input, p)")].filter((one) => {
    const box = one.matches("p") ? text(one) : one.getBoundingClientRect();
    return box.right > picture.left && box.left < picture.right && box.bottom > picture.top;
  }).map((one) => one.outerHTML);
}"""


@pytest.mark.parametrize("page", WIDTHS, indirect=True)
def test_cards_stand_four_or_two_by_two_or_one_and_no_line_is_an_orphan(page: Page) -> None:
    build.library()
    page.goto("/")
    assert page.evaluate(PER_ROW) in ([4], [2, 2], [1, 1, 1, 1])
    assert (page.evaluate(ORPHANS), page.evaluate(UNDER)) == ([], [])
