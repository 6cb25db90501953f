"""On a device without an address bar the links are all there is: each leads to a page of this face, none out of it.

The walk begins at the start page and follows every link, as a visitor and as a patron who is in.
"""

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Page

from catalog.models import Terminal
from tests.browser import Shape, go_on_as
from tests.test_every_page import World

PER_NAME = 3  # addresses of one page, such as title pages, that are worth following
# The pages each face must lead to, and must not.
BOTH = {
    "opac:start",
    "opac:help",
    "catalog:search",
    "catalog:advanced",
    "catalog:classes",
    "catalog:class",
    "catalog:new",
    "catalog:most_reserved",
    "catalog:serials",
    "catalog:series",
    "catalog:title",
    "opac:my",
    "reservations:list",
    "reservations:detail",
    "reservations:cancelled",
    "loans:list",
}
HOME_ONLY = {
    "patrons:settings",
    "patrons:shelves",
    "patrons:challenges",
    "notifications:alerts",
    "notifications:reminders",
    "reservations:basket",
}
SMALL = """() => {
  const links = "a[href], button, select, summary, input:not([type=hidden]), label:has(> input), .choice label";
  const all = [...document.querySelectorAll(links)].filter((one) => {
    const box = one.getBoundingClientRect();
    return one.checkVisibility({ visibilityProperty: true }) && box.width > 1 && !one.closest(".skip, dialog");
  });
  const boxes = all.map((one) => one.getBoundingClientRect());
  const name = (at) => (all[at].textContent.trim() || all[at].name || all[at].type).slice(0, 30);
  const together = (a, b) => all[a].contains(all[b]) || all[b].contains(all[a])
    || [...(all[a].labels ?? [])].includes(all[b]) || [...(all[b].labels ?? [])].includes(all[a]);
  const ticked = (at) => ["checkbox", "radio"].includes(all[at].type);
  const faults = [];
  boxes.forEach((box, a) => {
    if (!ticked(a) && (box.width < 63.5 || box.height < 63.5)) faults.push(`${name(a)} ${box.width}×${box.height}`);
    for (let b = a + 1; b < all.length; b += 1) {
      const other = boxes[b];
      const across = Math.max(other.left - box.right, box.left - other.right);
      const down = Math.max(other.top - box.bottom, box.top - other.bottom);
      const fixed = (at) => all[at].closest(".leave, .keys");
      const near = Math.max(across, down) < 7.5 && !together(a, b) && !fixed(a) && !fixed(b);
      if (near) faults.push(`${name(a)} | ${name(b)} ${across} ${down}`);
    }
  });
  return faults;
}"""


class Ways(HTMLParser):
    """Every address a page leads to, and whatever tells a browser of more."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.told: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a":
            self.links.append(given.get("href") or "")
            self.told += [name for name in ("download", "target", "ping") if name in given]
        if tag == "form":
            self.links += filter(None, [given.get("action")]) if given.get("method") == "get" else []
        if tag == "link" and given.get("rel") in {"alternate", "search", "manifest"}:
            self.told.append(f"<link rel={given['rel']}>")


def walk(client: Client) -> Iterator[tuple[str, str, HttpResponseBase, Ways]]:
    """Follow every link from the start page; yield name, address, answer and ways of each page."""
    waiting, seen, followed = ["/"], {"/"}, Counter[str]()
    while waiting:
        address = waiting.pop(0)
        name = resolve(urlsplit(address).path).view_name
        answer = client.get(address)
        ways = Ways(answer.content.decode() if answer["Content-Type"].startswith("text/html") else "")
        yield name, address, answer, ways
        for link in ways.links:
            goal = urljoin(address, link).partition("#")[0]
            if not goal.startswith("/") or re.match(r"/(en|ko|vi|ja-easy|zh-hans)/", goal) or goal in seen:
                continue
            seen.add(goal)
            kind = resolve(urlsplit(goal).path).view_name
            followed[kind] += 1
            if followed[kind] <= PER_NAME:
                waiting.append(goal)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["visitor", "patron"])
@pytest.mark.parametrize("face", Terminal.Kind.values)
def test_every_link_leads_to_a_page_of_this_face_and_none_out_of_it(face: str, role: str) -> None:
    client = World().client(face, role)
    wrong: list[tuple[str, ...]] = []
    reached = set()
    for name, address, answer, ways in walk(client):
        reached.add(name)
        end = client.get(address, follow=True) if answer.status_code == 302 else answer
        if end.status_code != 200 or not end["Content-Type"].startswith("text/html"):
            wrong.append((address, str(end.status_code), end["Content-Type"]))
        wrong += [(address, link) for link in ways.links if re.match(r"[a-z]+:|//", link)]
        wrong += [(address, told) for told in ways.told]
    assert wrong == []
    personal = {name for name in BOTH if not name.startswith("catalog:")} - {"opac:start", "opac:help"}
    assert (BOTH if role == "patron" else BOTH - personal) - reached == set()
    open_to = {"visitor": {"reservations:basket"}, "patron": HOME_ONLY}[role]
    assert reached & HOME_ONLY == (open_to if face == Terminal.Kind.KEYBOARD else set())


@pytest.mark.parametrize("page", [Shape(1080, 1400), Shape(1280, 800)], indirect=True)
def test_what_a_finger_presses_is_64_pixels_large_and_stands_8_pixels_apart(page: Page, live_server) -> None:
    client = World().client(Terminal.Kind.TOUCH, "patron")
    go_on_as(client, page, live_server.url)
    addresses = {name: address for name, address, _, _ in walk(client)} | {"catalog:search": "/search/?q=銀河"}
    small = {}
    for name, address in sorted(addresses.items()):
        page.goto(address)
        if faults := page.evaluate(SMALL):
            small[name] = faults
    assert small == {}
