"""The portal as production runs it, behind a line that breaks, and who asks it for pages."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client

from patrons.models import User
from tests.faults.proxy import Proxy

START_SECONDS = 60
TOKEN = "x" * 32  # of forms, in the cookie and in what is sent


@dataclass
class Answer:
    """What came back, and after how many seconds."""

    status: int
    headers: dict[str, str]
    text: str
    seconds: float

    @property
    def is_busy(self) -> bool:
        """Tell whether everything is there that 503 promises."""
        return self.status == 503 and int(self.headers["retry-after"]) > 0 and "混み合っています" in self.text


@dataclass
class Portal:
    """A running gunicorn with its line to the database."""

    port: int
    line: Proxy
    log: Path

    def ask(self, path: str, who: "Caller | None" = None, sent: dict | None = None, host: str = "localhost") -> Answer:
        began = time.monotonic()
        browser = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Host": host, "Cookie": f"csrftoken={TOKEN}" + (f"; {who.cookie}" if who else "")}
        if sent is None:
            browser.request("GET", path, headers=headers)
        else:
            form = {"csrfmiddlewaretoken": TOKEN} | sent
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            browser.request("POST", path, urlencode(form, doseq=True), headers)
        answer = browser.getresponse()
        text = answer.read().decode(errors="replace")
        browser.close()
        if who:
            who.keep(answer.headers.get_all("Set-Cookie", []))
        facts = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, facts, text, time.monotonic() - began)


@dataclass
class Caller:
    """Somebody who has logged in, or, without a user, a visitor."""

    user: User | None = None
    cookie: str = field(init=False, default="")

    def __post_init__(self) -> None:
        if self.user:
            client = Client()
            client.force_login(self.user)
            self.cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"

    def keep(self, cookies: list[str]) -> None:
        """Keep what the next page is to say, as a browser does."""
        for cookie in cookies:
            if cookie.startswith("messages="):
                self.cookie += f"; {cookie.split(';')[0]}"


@contextmanager
def running(folder: Path) -> Iterator[Portal]:
    """Run one process of four threads as production does, but for TLS, on the tests' database behind a proxy."""
    facts = connection.settings_dict
    line = Proxy(f"{facts['HOST'] or facts['OPTIONS']['host']}/.s.PGSQL.{facts['PORT'] or 5432}")
    line.open()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name != "DEBUG"} | {
        "DATABASE_URL": f"postgresql://{facts['USER']}@127.0.0.1:{line.port}/{facts['NAME']}",
        "SAMPLE_RUN": "1",
        "SEARCH_INDEX": str(folder / "index"),
        "DJANGO_SETTINGS_MODULE": "opac.settings",
    }
    command = [sys.executable, "-m", "gunicorn", "opac.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    log = folder / "gunicorn.log"
    with log.open("w") as lines:
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stderr=lines)
        try:
            portal = Portal(port, line, log)
            wait_for(portal)
            yield portal
        finally:
            process.terminate()
            process.wait()
            line.close()


def wait_for(portal: Portal) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            if portal.ask("/").status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(portal.log.read_text())
