"""Measure the counter as its staff feel it: scans over HTTP, one after the other, with the clock of the client.

Everything it needs is made for it and taken away again.
"""

import itertools
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from tests.benches.clock import percentile
from tests.benches.library import BenchLibrary, bench_library

COPIES = 10
BORROWERS = 2


@dataclass
class Result:
    """What was measured: milliseconds of each scan, statements sent to the database, scans that went wrong."""

    milliseconds: list[float] = field(default_factory=list)
    queries: int = 0
    errors: int = 0

    def numbers(self) -> dict[str, float]:
        times = self.milliseconds
        return {
            "scans": len(times),
            "p50_ms": round(percentile(times, 0.5), 1),
            "p95_ms": round(percentile(times, 0.95), 1),
            "queries_per_scan": round(self.queries / len(times), 1),
            "errors": self.errors,
        }


@contextmanager
def server(result: Result) -> Iterator[str]:
    """Serve the portal on a free port of this machine and count what it asks of the database."""

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        result.queries += 1
        return execute(sql, params, many, context)

    def watch(connection: BaseDatabaseWrapper, **_: Any) -> None:
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
    def log_message(self, *args: object) -> None:
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


def scans(made: BenchLibrary) -> Iterator[tuple[str, dict[str, object], str]]:
    """Yield for ever what is scanned where, with the words that must come: card, copies out, copies in."""
    for patron in itertools.cycle(made.patrons):
        yield "/admin/desk/", {"scan": patron.card_number}, "資料を読み取ってください"
        for item in made.items:
            yield "/admin/desk/", {"scan": item.barcode, "patron": patron.pk}, "まで"
        for item in made.items:
            yield "/admin/desk/return/", {"scan": item.barcode}, "書架へ"


def measure(count: int) -> dict[str, float]:
    """Scan ``count`` times and return the numbers."""
    result, password = Result(), secrets.token_urlsafe(24)
    with bench_library() as made, server(result) as address:
        for _ in range(COPIES):
            made.add_items(made.add_title())
        made.add_patrons(BORROWERS)
        scanner = Scanner(address)
        scanner.log_in(made.add_staff(password).username, password)
        result.queries = 0
        for path, data, words in itertools.islice(scans(made), count):
            begun = time.perf_counter()
            page = scanner.post(path, **data)
            result.milliseconds.append((time.perf_counter() - begun) * 1000)
            result.errors += words not in page
    return result.numbers()
