"""What is asked of every page, whoever opened it: of its HTML, and of what stands in the browser.

``tests/test_every_page.py`` asks it of each URL, ``tests/test_every_state.py`` of what pages become when they are used.
"""

import os
import re
from html.parser import HTMLParser
from pathlib import Path

import brotli
from playwright.sync_api import Page

from catalog.models import Terminal
from tests import layout_audit
from tests.browser import violations
from tests.conftest import DEEP
from tests.opac.test_look import CSS, JS, compressed
from tests.sure import sure

FIRST_VIEW = 60_000  # bytes, compressed, without covers
POLICY = {"default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"}
PICTURES = os.environ.get("PORTAL_PICTURES")


class Outline(HTMLParser):
    """What the walk wants to know of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.count: dict[str, int] = {}
        self.ids: list[str] = []
        self.faults: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.count[tag] = self.count.get(tag, 0) + 1
        if name := given.get("id"):
            self.ids.append(name)
        if tag == "style" or "style" in given or any(name.startswith("on") for name in given):
            self.faults.append(f"inline code in <{tag}>")
        if tag == "script" and "src" not in given and given.get("type") != "application/ld+json":
            self.faults.append("inline script")
        if tag in {"script", "img", "link"} and re.match(r"(https?:)?//", given.get("src") or given.get("href") or ""):
            self.faults.append(f"<{tag}> from elsewhere")
        if tag == "img" and "alt" not in given:
            self.faults.append("<img> without alt")
        if tag == "html" and not given.get("lang"):
            self.faults.append("no language")


def source(html: str) -> list[str]:
    """Return what is wrong with a page's HTML."""
    outline = Outline(html)
    found = list(outline.faults)
    found += [f"{tag} × {outline.count.get(tag, 0)}" for tag in ("h1", "main") if outline.count.get(tag) != 1]
    found += [f"no <{tag}>" for tag in ("header", "nav", "footer") if not outline.count.get(tag)]
    found += [f"id {one} twice" for one in {one for one in outline.ids if outline.ids.count(one) > 1}]
    title = re.search(r"<title>(.*?)</title>", html, re.S)
    if not title or not re.fullmatch(r".+｜[^｜]+", title[1].strip()):
        found.append("title is not page｜site")
    weight = len(brotli.compress(html.encode())) + compressed(CSS, "*.css") + compressed(JS, "*.js")
    if weight > FIRST_VIEW:
        found.append(f"{weight} bytes")
    return found


def policy(header: str) -> list[str]:
    """Return what a Content-Security-Policy should not be."""
    directives = set(re.split(r"\s*;\s*", header))
    return [] if directives == POLICY else [f"policy {directives}"]


def seen(page: Page, face: str) -> list:
    """Return what axe and ``layout_audit`` find on the page that stands open; leave its window as it was."""
    window = sure(page.viewport_size)
    found = [*violations(page), *layout_audit.targets(page, touch=face == Terminal.Kind.TOUCH)]
    if DEEP:
        found += layout_audit.tabs(page) + layout_audit.zoom(page, layout_audit.HALF)
    found += layout_audit.zoom(page, layout_audit.SMALLEST)
    page.set_viewport_size(window)
    return found + layout_audit.system(page)


def photograph(page: Page, name: str, seat: str) -> None:
    """Keep a picture of what stands open, when ``PORTAL_PICTURES`` names a folder; ``seat`` is the face and role."""
    if not PICTURES:
        return
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    picture = f"{name}--{seat}-{sure(page.viewport_size)['width']}-{'dark' if dark else 'light'}.png"
    page.screenshot(path=Path(PICTURES) / picture, full_page=True)
