"""Measure the counter as its staff feel it: scans over HTTP, one after the other, with the clock of the client.

Everything it needs is made for it and taken away again; the numbers of its copies begin with ``BENCH``.
"""

import itertools
import secrets
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections, transaction
from django.db.backends.signals import connection_created
from django.utils import timezone

from catalog.models import Item, Library, MaterialType, OpeningHours, Title
from loans.models import Loan
from patrons.models import Patron, User
from reservations.models import Reservation

MARK = "BENCH"
COPIES = 10
BORROWERS = 2


@dataclass
class House:
    """The rows of one measurement."""

    library: Library
    staff: User
    password: str
    patrons: list[Patron]
    items: list[Item]


@dataclass
class Result:
    """What was measured: milliseconds of each scan, statements sent to the database, scans that went wrong."""

    milliseconds: list[float] = field(default_factory=list)
    queries: int = 0
    errors: int = 0

    def numbers(self) -> dict[str, float]:
        times = sorted(self.milliseconds)
        cuts = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
        return {
            "scans": len(times),
            "p50_ms": round(cuts[49], 1),
            "p95_ms": round(cuts[94], 1),
            "queries_per_scan": round(self.queries / len(times), 1),
            "errors": self.errors,
        }


@contextmanager
def house() -> Iterator[House]:
    """Make a library with copies, borrowers and a member of staff, and take all of it away at the end."""
    made = _build()
    try:
        yield made
    finally:
        _take_away(made)


@transaction.atomic
def _build() -> House:
    today, password = timezone.localdate(), secrets.token_urlsafe(24)
    library = Library.objects.create(code="bench", name="計測", short_name="計測", telephone="-", position=9999)
    OpeningHours.objects.bulk_create(
        OpeningHours(library=library, weekday=day, opens="00:00", closes="23:59") for day in range(7)
    )
    staff = User.objects.create_superuser(f"bench-{secrets.token_hex(4)}", password, library=library)
    kind, items, patrons = MaterialType.objects.get(code="book"), [], []
    for number in range(COPIES):
        title = Title.objects.create(title=f"〔計測〕{number}", material_type=kind, added_on=today)
        rest = {"home_library": library, "library": library, "acquired_on": today}
        items.append(Item.objects.create(title=title, barcode=f"{MARK}{number:04}", **rest))
    for number in range(BORROWERS):
        card = f"99{secrets.randbelow(10**12):012}"
        user = User.objects.create_user(card, None)
        rest = {"birth_date": today, "registered_on": today}
        patrons.append(Patron.objects.create(user=user, card_number=card, name=f"計測 {number}", **rest))
    return House(library, staff, password, patrons, items)


@transaction.atomic
def _take_away(made: House) -> None:
    Loan.objects.filter(item__in=made.items).delete()
    Reservation.objects.filter(patron__in=made.patrons).delete()
    titles = [item.title_id for item in made.items]
    Item.objects.filter(pk__in=[item.pk for item in made.items]).delete()
    Title.objects.filter(pk__in=titles).delete()
    users = [patron.user_id for patron in made.patrons] + [made.staff.pk]
    Patron.objects.filter(pk__in=[patron.pk for patron in made.patrons]).delete()
    User.objects.filter(pk__in=users).delete()
    made.library.delete()


@contextmanager
def server(result: Result) -> Iterator[str]:
    """Serve the portal on a free port of this machine and count what it asks of the database."""

    def count(execute, sql, params, many, context):
        result.queries += 1
        return execute(sql, params, many, context)

    def watch(connection, **_) -> None:
        connection.execute_wrappers.append(count)

    httpd = ThreadedWSGIServer(("127.0.0.1", 0), _QuietHandler)
    httpd.set_app(get_wsgi_application())
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    connection_created.connect(watch)
    thread.start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}"
    finally:
        connection_created.disconnect(watch)
        httpd.shutdown()
        httpd.server_close()
        connections.close_all()


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, *args) -> None:
        """Say nothing: thousands of lines would be the slowest part."""


class Scanner:
    """A browser reduced to what a scan needs: cookies, the form's token, the answer's words."""

    def __init__(self, address: str) -> None:
        self.address, self._site = address, urlsplit(settings.SITE_URL)
        # The bench speaks to its own server without TLS, whatever the cookies say.
        self._cookies = CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))
        self._open = build_opener(HTTPCookieProcessor(self._cookies)).open

    def log_in(self, name: str, password: str) -> None:
        self._send("/admin/login/?next=/admin/desk/")
        page = self.post("/admin/login/?next=/admin/desk/", username=name, password=password)
        if 'id="scan"' not in page:
            raise RuntimeError("The bench could not log in.")

    def post(self, path: str, **data: object) -> str:
        token = next((cookie.value for cookie in self._cookies if cookie.name == settings.CSRF_COOKIE_NAME), "")
        return self._send(path, urlencode(data | {"csrfmiddlewaretoken": token}).encode())

    def _send(self, path: str, body: bytes | None = None) -> str:
        headers = {"Host": self._site.netloc, "Origin": settings.SITE_URL, "X-Forwarded-Proto": self._site.scheme}
        request = Request(self.address + path, body, headers)  # noqa: S310 – our own server
        try:
            with self._open(request, timeout=30) as answer:
                return answer.read().decode()
        except HTTPError as error:
            return error.read().decode(errors="replace")


def scans(made: House) -> Iterator[tuple[str, dict[str, object], str]]:
    """Yield for ever what is scanned where, with the words that must come: card, copies out, copies in."""
    for turn in itertools.count():
        patron = made.patrons[turn % BORROWERS]
        yield "/admin/desk/", {"scan": patron.card_number}, "資料を読み取ってください"
        for item in made.items:
            yield "/admin/desk/", {"scan": item.barcode, "patron": patron.pk}, "まで"
        for item in made.items:
            yield "/admin/desk/return/", {"scan": item.barcode}, "書架へ"


def measure(count: int) -> dict[str, float]:
    """Scan ``count`` times and return the numbers."""
    result = Result()
    with house() as made, server(result) as address:
        scanner = Scanner(address)
        scanner.log_in(made.staff.username, made.password)
        result.queries = 0
        for _, (path, data, words) in zip(range(count), scans(made), strict=False):
            begun = time.perf_counter()
            page = scanner.post(path, **data)
            result.milliseconds.append((time.perf_counter() - begun) * 1000)
            result.errors += words not in page
    return result.numbers()
