"""Every page on every face for every role: a page that is added is walked, or the walk fails.

The ordinary run looks at the HTML of all of them and opens the web face in a browser, on a phone in the light and at a
desk in the dark: axe looks at each page, and ``tests/layout_audit.py`` at its targets, at 400 % zoom with text spread
out, and in the system's own colours without movement. ``portal.py test --deep`` does so on every face in both, and
presses Tab from the top to the end of each page. With ``PORTAL_PICTURES`` naming a folder, what was seen is
photographed there; ``python -m tests.picture_sheet FOLDER`` lays them out in sheets.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from playwright.sync_api import Page

from catalog import terminals
from catalog.models import Series, Terminal
from notifications.models import Alert
from opac.faces import face as faces
from patrons.account import first_password
from patrons.models import Challenge, Passkey, Patron, Shelf
from patrons.reading import shelves
from tests import build, page_checks
from tests.browser import DESKTOP, DESKTOP_DARK, PHONE, PHONE_DARK, Shape, go_on_as
from tests.conftest import DEEP

FACES = ("web", *Terminal.Kind.values)
ROLES = ("visitor", "patron", "newcomer", "staff")
SHARED = (DESKTOP, DESKTOP_DARK, Shape(1080, 1400), Shape(1080, 1400, dark=True))
ADMIN = "admin"


@dataclass
class World:
    """One row of everything a page may need, and the clients of each role."""

    patron: Patron = field(default_factory=lambda: build.patron(email="hanako@example.jp", telephone="086-000-1111"))

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
# What a patron is answered on the web, where it is not 200.
ANSWERS = {
    302: {
        "catalog:isbn",
        "patrons:login",
        "patrons:reading_log_choice",
        "reservations:basket_entries",
        "reservations:basket_position",
        "reservations:basket_removal",
        "reservations:cancellation",
        "reservations:pause",
        "reservations:placed",
        "reservations:reserve",
        "reservations:sequence",
        "reservations:sequence_release",
        "reservations:take_back",
    },
    404: {"catalog:cover", "notifications:unsubscribe", "opac:gallery", "opac:mailbox"},
    405: {
        "loans:extension",
        "notifications:activity",
        "notifications:removal",
        "opac:leave",
        "opac:stay",
        "patrons:challenge_removal",
        "patrons:logout",
        "patrons:passkey_challenge",
        "patrons:passkey_login",
        "patrons:passkey_registration",
        "patrons:passkey_removal",
        "patrons:shelf_isbn",
        "patrons:shelf_mark",
        "patrons:shelf_position",
        "patrons:shelf_removal",
        "patrons:shelf_return",
        "patrons:shelf_taking",
    },
    410: {"patrons:confirm_address", "patrons:reset"},
}
STATUS = {name: status for status, several in ANSWERS.items() for name in several}
# Where others than patrons are answered in another way.
OTHERS = {("visitor", "patrons:login"): 200, ("staff", "patrons:login"): 200, ("staff", "opac:gallery"): 200}
TO_LOGIN = {"opac:reserve"}  # beside everything under /my/


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


def status_of(name: str, address: str, face: str, role: str) -> int:
    """Return the one status a page has to answer with."""
    if role == "newcomer" and name not in (*first_password.OPEN, "catalog:robots"):  # robots.txt reads no cookie
        return 302  # led to the first own password
    if face != "web" and not faces.FACES[face].offers(name):
        return 403
    status = OTHERS.get((role, name), STATUS.get(name, 200))
    personal = address.startswith("/my/") or name in TO_LOGIN
    return 302 if personal and role in {"visitor", "staff"} and status != 405 else status


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
        due = status_of(name, address, face, role)
        found = [] if answer.status_code == due else [f"status {answer.status_code}, not {due}"]
        found += page_checks.policy(answer.get("Content-Security-Policy", ""))
        if answer.get("Content-Type", "").startswith("text/html") and answer.content:
            found += page_checks.source(answer.content.decode())
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


@pytest.mark.parametrize(("face", "role", "page"), pages_seen(), indirect=["page"])
def test_axe_and_reach_find_nothing_on_any_page(face: str, role: str, page: Page, live_server) -> None:
    world = World()
    client = world.client(face, role)
    go_on_as(client, page, live_server.url)
    wrong, seen = {}, set()
    for name, address in addresses(world).items():
        answer = client.get(address + ASKED.get(name, ""))
        if answer.status_code not in {200, 400, 403, 404} or not answer["Content-Type"].startswith("text/html"):
            continue
        page.goto(address + ASKED.get(name, ""))
        seen.add(name)
        page_checks.photograph(page, name.replace(":", "-"), f"{face}-{role}")
        if found := page_checks.seen(page, face):
            wrong[name] = found
    assert not wrong, "\n".join(f"{name}: {fault}" for name, found in wrong.items() for fault in found)
    assert len(seen) > (0 if role == "newcomer" else 5)  # a newcomer is led to the first password from everywhere
