"""Measure a storm: many patrons reserve one title at the same moment, over HTTP, on a server run as in production.

Its rows are made for it and taken away again. While the storm lasts, the queue is read over and over: a number that
can be seen while a smaller one cannot would be out of the order of commits.
"""

import http.client
import os
import secrets
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from catalog.models import Item, Library, MaterialType, Title
from patrons.models import Patron, User
from reservations.models import BasketEntry, Reservation

TRIES = 5  # a patron who is told «busy» sends the same form again
PATIENCE = 300  # seconds for an answer, and for the server to start
WARM_UP = 16  # requests before the storm, so that no process loads its code in it


@dataclass
class House:
    """The rows of one measurement."""

    library: Library
    title: Title
    patrons: list[Patron]
    cookies: list[str]


@dataclass
class Storm:
    """What was seen from outside: per patron the milliseconds, and whether the answer said «reserved»."""

    milliseconds: list[float] = field(default_factory=list)
    acknowledged: set[int] = field(default_factory=set)
    gaps: set[int] = field(default_factory=set)
    seconds: float = 0.0


def measure(patrons: int) -> dict[str, float]:
    """Let ``patrons`` people reserve one title at once and return the numbers."""
    with house(patrons) as made, server() as port:
        storm = run(made, port)
        rows = list(Reservation.objects.filter(title=made.title).values_list("patron_id", "queue_number"))
        inserts = inserts_per_second(patrons)
    times = sorted(storm.milliseconds)
    cuts = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    reserved = {patron for patron, _ in rows}
    return {
        "patrons": patrons,
        "accepted": len(rows),
        "lost": len(storm.acknowledged - reserved),
        "doubled": len(rows) - len(reserved),
        "out_of_order": len(storm.gaps),
        "p50_ms": round(cuts[49], 1),
        "p95_ms": round(cuts[94], 1),
        "max_ms": round(times[-1], 1),
        "per_s": round(len(rows) / storm.seconds, 1),
        "insert_per_s": round(inserts, 1),
    }


@contextmanager
def house(patrons: int) -> Iterator[House]:
    """Make a library, a title and patrons with a basket and a session each; take all of it away at the end."""
    made = _build(patrons)
    try:
        yield made
    finally:
        _take_away(made)


@transaction.atomic
def _build(count: int) -> House:
    now = timezone.now()
    today = timezone.localdate(now)
    library = Library.objects.create(code="bench-reserve", name="計測", short_name="計測", telephone="-", position=9999)
    title = Title.objects.create(title="〔計測〕", material_type=MaterialType.objects.get(code="book"), added_on=today)
    rest = {"home_library": library, "library": library, "acquired_on": today}
    Item.objects.create(title=title, barcode=f"BENCHR{secrets.randbelow(10**8):08}", **rest)
    cards = [f"98{secrets.randbelow(10**6):06}{number:06}" for number in range(count)]
    users = User.objects.bulk_create(User(username=card, password="!") for card in cards)  # noqa: S106 – none works
    facts = {"name": "計測", "birth_date": today, "registered_on": today, "own_password_set_at": now}
    patrons = Patron.objects.bulk_create(Patron(user=user, card_number=user.username, **facts) for user in users)
    BasketEntry.objects.bulk_create(
        BasketEntry(patron=patron, title=title, position=0, added_at=now) for patron in patrons
    )
    return House(library, title, patrons, [_session(user) for user in users])


def _session(user: User) -> str:
    """Begin a session as a login does and return its cookie."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return store.session_key


@transaction.atomic
def _take_away(made: House) -> None:
    Reservation.objects.filter(title=made.title).delete()
    BasketEntry.objects.filter(title=made.title).delete()
    Item.objects.filter(title=made.title).delete()
    made.title.delete()
    sessions = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class()
    sessions.objects.filter(session_key__in=made.cookies).delete()
    Patron.objects.filter(pk__in=[patron.pk for patron in made.patrons]).delete()
    User.objects.filter(pk__in=[patron.user_id for patron in made.patrons]).delete()
    made.library.delete()


@contextmanager
def server() -> Iterator[int]:
    """Run the application server of production, two processes of four threads, on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "opac.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "2", "--threads", "4", "--log-level", "critical"]
    # The database this process is on: a test's has its own name.
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = os.environ | {"DATABASE_URL": address.geturl()}
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment)  # noqa: S603 – our own words
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                _warm_up(port)
                return
        time.sleep(0.05)
    raise RuntimeError("The bench's server did not start.")


def _warm_up(port: int) -> None:
    for _ in range(WARM_UP):
        browser = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        browser.request("GET", reverse("reservations:basket"), headers={"Host": urlsplit(settings.SITE_URL).netloc})
        browser.getresponse().read()
        browser.close()


def run(made: House, port: int) -> Storm:
    """Send every patron's form at the same moment and watch the queue meanwhile."""
    storm, over = Storm(), threading.Event()
    barrier = threading.Barrier(len(made.patrons) + 1)
    threads = [
        threading.Thread(target=_one, args=(made, number, port, barrier, storm)) for number in range(len(made.patrons))
    ]
    watcher = threading.Thread(target=_watch, args=(made.title.pk, over, storm))
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


def _one(made: House, number: int, port: int, barrier: threading.Barrier, storm: Storm) -> None:
    """Reserve as one patron's browser does, again with the same form when told that it is busy."""
    path, body, headers = _form(made, made.cookies[number])
    barrier.wait()
    begun = time.perf_counter()
    for _ in range(TRIES):
        browser = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        browser.request("POST", path, body, headers)
        answer = browser.getresponse()
        answer.read()
        browser.close()
        if answer.status != http.HTTPStatus.SERVICE_UNAVAILABLE:
            break
    storm.milliseconds.append((time.perf_counter() - begun) * 1000)
    if answer.status == http.HTTPStatus.FOUND and "kept=" not in answer.headers["Location"]:
        storm.acknowledged.add(made.patrons[number].pk)


def _form(made: House, session: str) -> tuple[str, bytes, dict[str, str]]:
    site, token = urlsplit(settings.SITE_URL), secrets.token_hex(16)
    wish = {"titles": made.title.pk, "pickup_library": made.library.pk, "contact_method": "none"}
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
