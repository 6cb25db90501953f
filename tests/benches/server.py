"""The application server of production, run on this machine for one measurement."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.urls import reverse

PATIENCE = 300  # seconds for an answer, and for the server to start
WARM_UP = 16  # requests before the measurement, so that no process loads its code in it


@contextmanager
def gunicorn() -> Iterator[int]:
    """Run two processes of four threads on a free port, which is given."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "opac.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "2", "--threads", "4", "--log-level", "critical"]
    # The database this process is on: a test's has its own name.
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = os.environ | {"DATABASE_URL": address.geturl()}
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
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
