"""Measure a storm: many patrons reserve one title at the same moment, over HTTP, on a server run as in production.

Its rows are made for it and taken away again. While the storm lasts, the queue is read over and over: a number that
can be seen while a smaller one cannot would be out of the order of commits.
"""

import http.client
import secrets
import threading
import time
from dataclasses import dataclass, field
from importlib import import_module
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from patrons.models import Patron, User
from reservations.models import BasketEntry, Reservation
from tests.benches.clock import percentile
from tests.benches.library import BenchLibrary, bench_library
from tests.benches.server import PATIENCE, gunicorn

TRIES = 5  # a patron who is told «busy» sends the same form again
Form = tuple[str, bytes, dict[str, str]]  # path, body, headers


@dataclass
class Storm:
    """What was seen from outside: per patron the milliseconds, and whether the answer said «reserved»."""

    milliseconds: list[float] = field(default_factory=list)
    acknowledged: set[int] = field(default_factory=set)
    gaps: set[int] = field(default_factory=set)
    seconds: float = 0.0


def measure(patrons: int) -> dict[str, float]:
    """Let ``patrons`` people reserve one title at once and return the numbers."""
    with bench_library() as made, gunicorn() as port:
        cookies = _fill_baskets(made, patrons)
        storm = run(made, cookies, port)
        rows = list(Reservation.objects.filter(title__in=made.titles).values_list("patron_id", flat=True))
        inserts = inserts_per_second(patrons)
    times = storm.milliseconds
    return {
        "patrons": patrons,
        "accepted": len(rows),
        "lost": len(storm.acknowledged - set(rows)),
        "doubled": len(rows) - len(set(rows)),
        "out_of_order": len(storm.gaps),
        "p50_ms": round(percentile(times, 0.5), 1),
        "p95_ms": round(percentile(times, 0.95), 1),
        "max_ms": round(max(times), 1),
        "per_s": round(len(rows) / storm.seconds, 1),
        "insert_per_s": round(inserts, 1),
    }


@transaction.atomic
def _fill_baskets(made: BenchLibrary, patrons: int) -> list[str]:
    """Add the title, and the patrons who have it in their baskets; return the cookies of their sessions."""
    now = timezone.now()
    title = made.add_title()
    made.add_items(title)
    made.add_patrons(patrons, own_password_set_at=now)
    BasketEntry.objects.bulk_create(
        BasketEntry(patron=patron, title=title, position=0, added_at=now) for patron in made.patrons
    )
    return [_session(patron.user) for patron in made.patrons]


def _session(user: User) -> str:
    """Begin a session as a login does and return its cookie."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return store.session_key


def run(made: BenchLibrary, cookies: list[str], port: int) -> Storm:
    """Send every patron's form at the same moment and watch the queue meanwhile."""
    storm, over = Storm(), threading.Event()
    barrier = threading.Barrier(len(cookies) + 1)
    threads = [
        threading.Thread(target=_reserve, args=(patron, _form(made, cookie), port, barrier, storm))
        for patron, cookie in zip(made.patrons, cookies, strict=True)
    ]
    watcher = threading.Thread(target=_watch, args=(made.titles[0].pk, over, storm))
    for thread in (*threads, watcher):
        thread.start()
    barrier.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    storm.seconds = time.perf_counter() - begun
    over.set()
    watcher.join()
    return storm


def _reserve(patron: Patron, form: Form, port: int, barrier: threading.Barrier, storm: Storm) -> None:
    """Reserve as one patron's browser does, again with the same form when told that it is busy."""
    barrier.wait()
    begun = time.perf_counter()
    for _ in range(TRIES):
        browser = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        browser.request("POST", *form)
        answer = browser.getresponse()
        answer.read()
        browser.close()
        if answer.status != http.HTTPStatus.SERVICE_UNAVAILABLE:
            break
    storm.milliseconds.append((time.perf_counter() - begun) * 1000)
    if answer.status == http.HTTPStatus.FOUND and "kept=" not in answer.headers["Location"]:
        storm.acknowledged.add(patron.pk)


def _form(made: BenchLibrary, session: str) -> Form:
    """Return path, body and headers of one patron's form."""
    site, token = urlsplit(settings.SITE_URL), secrets.token_hex(16)
    wish = {"titles": made.titles[0].pk, "pickup_library": made.library.pk, "contact_method": "none"}
    body = urlencode(wish | {"submission": uuid4(), "csrfmiddlewaretoken": token}).encode()
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}"
    headers = {"Host": site.netloc, "Origin": settings.SITE_URL, "X-Forwarded-Proto": site.scheme, "Cookie": cookies}
    headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": settings.SITE_URL}
    return reverse("reservations:reserve"), body, headers


def _watch(title: int, over: threading.Event, storm: Storm) -> None:
    """Note every number of the queue that is missing while a greater one can be seen."""
    numbers = Reservation.objects.filter(title=title).values_list("queue_number", flat=True)
    while not over.is_set():
        seen = set(numbers.all())
        storm.gaps |= set(range(1, max(seen, default=0))) - seen
        time.sleep(0.002)
    connection.close()


def inserts_per_second(count: int) -> float:
    """Insert bare rows, a transaction each, for comparison."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_insert (id bigint)")
        try:
            begun = time.perf_counter()
            for number in range(count):
                cursor.execute("INSERT INTO bench_insert VALUES (%s)", [number])
            return count / (time.perf_counter() - begun)
        finally:
            cursor.execute("DROP TABLE bench_insert")
