"""Every page on every face for every role: a page that is added is walked, or the walk fails.

The ordinary run looks at the HTML of all of them and opens the web face in a browser, on a phone in the light and at a
desk in the dark: axe looks at each page, and ``tests/reach.py`` at its targets, at 400 % zoom with text spread out, and
in the system's own colours without movement. ``portal.py test --deep`` does so on every face in both, and presses Tab
from the top to the end of each page. With ``PORTAL_PICTURES`` naming a folder, what was seen is photographed
there; ``python -m tests.picture_sheet FOLDER`` lays them out in sheets.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import brotli
import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from playwright.sync_api import Page

from catalog import terminals
from catalog.models import Series, Terminal
from notifications.models import Alert
from patrons import shelves
from patrons.models import Challenge, Passkey, Shelf
from tests import build, reach
from tests.browser import DESKTOP, DESKTOP_DARK, PHONE, PHONE_DARK, Shape, violations
from tests.conftest import DEEP
from tests.opac.test_look import CSS, JS, compressed

FIRST_VIEW = 60_000  # bytes, compressed, without covers
FACES = ("web", *Terminal.Kind.values)
ROLES = ("visitor", "patron", "newcomer", "staff")
SHARED = (DESKTOP, DESKTOP_DARK, Shape(1080, 1400), Shape(1080, 1400, dark=True))
ADMIN = "admin"
PICTURES = os.environ.get("PORTAL_PICTURES")


@dataclass
class World:
    """One row of everything a page may need, and the clients of each role."""

    patron: object = field(default_factory=lambda: build.patron(email="hanako@example.jp", telephone="086-000-1111"))

    def __post_init__(self) -> None:
        self.library = build.library()
        self.title = build.title("銀河鉄道の夜", creator="宮沢賢治", title_reading="ギンガ テツドウ ノ ヨル")
        self.title.series = Series.objects.create(name="見本シリーズ")
        self.title.save()
        self.loan = build.loan(build.item(build.title("羅生門"), self.library), self.patron)
        build.item(self.title, self.library)
        self.alert = Alert.objects.create(patron=self.patron, keyword="猫", created_at=timezone.now())
        self.read = build.read("坊っちゃん", self.patron)
        self.reservation = build.reservation(self.title, self.patron, self.library)
        self.passkey = Passkey.objects.create(
            patron=self.patron, name="わたしの電話", credential_id=b"1", credential=b"1", created_at=timezone.now()
        )
        shelf = Shelf.objects.create(patron=self.patron, name="冬に読む本", created_at=timezone.now())
        self.entry = shelves.add(shelf, self.title, now=timezone.now(), mark="read", read_on=timezone.localdate())
        self.challenge = Challenge.objects.create(
            patron=self.patron,
            name="年末まで",
            goal=12,
            first=timezone.localdate(),
            last=timezone.localdate() + timedelta(days=60),
            created_at=timezone.now(),
        )
        self.users = {
            "patron": self.patron.user,
            "newcomer": build.patron("倉敷 太郎", password=None).user,
            "staff": build.staff(),
        }

    def client(self, face: str, role: str) -> Client:
        """Return a browser of the role on the face."""
        client = Client(raise_request_exception=True)
        if face != "web":
            terminal, _ = Terminal.objects.get_or_create(library=self.library, name=face, kind=face)
            client.post(reverse("opac:enrol"), {"code": terminals.issue_code(terminal, now=timezone.now())})
        if role != "visitor":
            client.force_login(self.users[role])
        return client


# What a URL with parts is filled with; a new one without an entry fails the walk.
PARTS: dict[str, Callable[[World], dict]] = {
    "catalog:cover": lambda _: {"name": "9784000000109.jpg"},
    "catalog:class": lambda _: {"number": "91"},
    "catalog:series": lambda world: {"pk": world.title.series_id},
    "catalog:isbn": lambda _: {"isbn": "9784000000109"},
    "catalog:availability": lambda _: {"isbn": "9784000000109"},
    "catalog:sitemap": lambda _: {"number": 0},
    "catalog:title": lambda world: {"pk": world.title.pk},
    "opac:reserve": lambda world: {"pk": world.title.pk},
    "opac:reserved": lambda world: {"pk": world.reservation.pk},
    "opac:title_qr": lambda world: {"pk": world.title.pk},
    "loans:extension": lambda world: {"pk": world.loan.pk},
    "notifications:alert": lambda world: {"pk": world.alert.pk},
    "notifications:activity": lambda world: {"pk": world.alert.pk},
    "notifications:removal": lambda world: {"pk": world.alert.pk},
    "notifications:unsubscribe": lambda _: {"token": "none"},
    "patrons:passkey": lambda world: {"pk": world.passkey.pk},
    "patrons:passkey_removal": lambda world: {"pk": world.passkey.pk},
    "patrons:challenge": lambda world: {"pk": world.challenge.pk},
    "patrons:challenge_removal": lambda world: {"pk": world.challenge.pk},
    "patrons:challenge_settings": lambda world: {"pk": world.challenge.pk},
    "patrons:confirm_address": lambda _: {"token": "none"},
    "patrons:reading_log_deletion": lambda world: {"pk": world.read.pk},
    "patrons:reset": lambda _: {"token": "none"},
    "patrons:shelf": lambda world: {"pk": world.entry.shelf_id},
    "patrons:shelf_entry": lambda world: {"pk": world.entry.pk},
    "patrons:shelf_file": lambda world: {"pk": world.entry.shelf_id, "form": "csv"},
    "patrons:shelf_isbn": lambda world: {"pk": world.entry.shelf_id},
    "patrons:shelf_mark": lambda world: {"pk": world.entry.pk},
    "patrons:shelf_position": lambda world: {"pk": world.entry.pk},
    "patrons:shelf_removal": lambda world: {"pk": world.entry.shelf_id},
    "patrons:shelf_return": lambda world: {"pk": world.entry.pk},
    "patrons:shelf_settings": lambda world: {"pk": world.entry.shelf_id},
    "patrons:shelf_taking": lambda world: {"pk": world.entry.pk},
    "reservations:basket_removal": lambda world: {"pk": world.title.pk},
    "reservations:basket_position": lambda world: {"pk": world.title.pk},
    "reservations:placed": lambda _: {"submission": "00000000-0000-4000-8000-000000000000"},
    "reservations:sequence_release": lambda _: {"pk": 1},
    "reservations:detail": lambda world: {"pk": world.reservation.pk},
    "reservations:cancellation": lambda world: {"pk": world.reservation.pk},
    "reservations:take_back": lambda world: {"pk": world.reservation.pk},
    "reservations:pause": lambda world: {"pk": world.reservation.pk},
}
ASKED = {"catalog:search": "?q=銀河"}
POLICY = {"default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"}
ANSWERS = {200, 302, 400, 403, 404, 405, 410}


def names(resolver: URLResolver, prefix: str = "") -> list[tuple[str, bool]]:
    """List the URL names below a resolver, the admin's apart, and whether each has parts to fill."""
    found = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver) and entry.namespace != ADMIN:
            found += names(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern) and entry.name:
            found.append((prefix + entry.name, bool(entry.pattern.converters)))
    return found


PAGES = dict(names(get_resolver()))


def addresses(world: World) -> dict[str, str]:
    return {name: reverse(name, kwargs=PARTS[name](world) if name in PARTS else None) for name in PAGES}


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
        self.ids += [given["id"]] if given.get("id") else []
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


def faults(html: str) -> list[str]:
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


def policy(answer: HttpResponse) -> set[str]:
    """Return the directives of an answer's Content-Security-Policy."""
    return set(re.split(r"\s*;\s*", answer.get("Content-Security-Policy", "")))


def test_every_address_with_parts_has_an_entry() -> None:
    assert {name for name, has_parts in PAGES.items() if has_parts} == set(PARTS)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("face", FACES)
def test_every_page_is_whole(face: str, role: str, settings) -> None:
    settings.SAMPLE_MAILBOX = ""
    world = World()
    client = world.client(face, role)
    wrong = {}
    for name, address in addresses(world).items():
        answer = client.get(address + ASKED.get(name, ""))
        found = [] if answer.status_code in ANSWERS else [f"status {answer.status_code}"]
        found += [] if policy(answer) == POLICY else [f"policy {policy(answer)}"]
        if answer.get("Content-Type", "").startswith("text/html") and answer.content:
            found += faults(answer.content.decode())
        if found:
            wrong[name] = found
    assert wrong == {}


@pytest.mark.django_db
def test_what_a_visitor_may_not_see_leads_to_the_login_or_nowhere() -> None:
    world = World()
    client = Client()
    personal = {name: address for name, address in addresses(world).items() if address.startswith("/my/")}
    answers = {name: client.get(address, follow=True) for name, address in personal.items()}
    ends = {name: "405" if one.status_code == 405 else one.request["PATH_INFO"] for name, one in answers.items()}
    assert {name: end for name, end in ends.items() if end not in {"405", "/login/"}} == {}


@pytest.mark.django_db
def test_personal_pages_are_never_stored() -> None:
    world = World()
    client = world.client("web", "patron")
    answers = {name: client.get(address) for name, address in addresses(world).items() if address.startswith("/my/")}
    kept = {name for name, one in answers.items() if one.status_code == 200 and "no-store" not in one["Cache-Control"]}
    assert kept == set()


def scheme(page: Page) -> str:
    return "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"


def pages_seen() -> list:
    """Return (face, role, shape) of each walk in a browser."""
    walks = [("web", "visitor", PHONE), ("web", "patron", DESKTOP_DARK)]
    if DEEP:
        shapes = (PHONE, PHONE_DARK, DESKTOP, DESKTOP_DARK)
        walks = [("web", role, shape) for role in ("visitor", "patron") for shape in shapes]
        walks += [("web", role, shape) for role in ("newcomer", "staff") for shape in (PHONE, DESKTOP_DARK)]
        walks += [(face, role, shape) for face in FACES[1:] for role in ("visitor", "patron") for shape in SHARED]
        walks += [(face, "newcomer", DESKTOP) for face in FACES[1:]]
    return [pytest.param(face, role, shape, id=f"{face}-{role}-{shape}") for face, role, shape in walks]


def judged(page: Page, face: str) -> list:
    """Return what axe and the judgements of reach find on the page that stands open; leave its window as it was."""
    window = page.viewport_size
    found = [*violations(page), *reach.targets(page, touch=face == Terminal.Kind.TOUCH)]
    if DEEP:
        found += reach.tabs(page) + reach.zoom(page, reach.HALF)
    found += reach.zoom(page, reach.SMALLEST)
    page.set_viewport_size(window)
    return found + reach.system(page)


@pytest.mark.parametrize(("face", "role", "page"), pages_seen(), indirect=["page"])
def test_axe_and_reach_find_nothing_on_any_page(face: str, role: str, page: Page, live_server) -> None:
    world = World()
    client = world.client(face, role)
    cookies = [{"name": name, "value": one.value, "url": live_server.url} for name, one in client.cookies.items()]
    page.context.add_cookies(cookies)
    wrong, seen = {}, set()
    for name, address in addresses(world).items():
        answer = client.get(address + ASKED.get(name, ""))
        if answer.status_code not in {200, 400, 403, 404} or not answer["Content-Type"].startswith("text/html"):
            continue
        page.goto(address + ASKED.get(name, ""))
        seen.add(name)
        if PICTURES:
            picture = f"{name.replace(':', '-')}--{face}-{role}-{page.viewport_size['width']}-{scheme(page)}.png"
            page.screenshot(path=Path(PICTURES) / picture, full_page=True)
        if found := judged(page, face):
            wrong[name] = found
    assert not wrong, "\n".join(f"{name}: {fault}" for name, found in wrong.items() for fault in found)
    assert len(seen) > (0 if role == "newcomer" else 5)  # a newcomer is led to the first password from everywhere
