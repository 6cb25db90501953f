"""The sample run from start to Ctrl-C: ``python3 portal.py demo`` on a database of its own."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from opac.sample.run import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 120  # seconds; filling the library takes most of them


@pytest.fixture
def empty_database(cluster: None) -> Iterator[str]:
    """Give the address of an empty database beside those of the tests."""
    address = os.environ["DATABASE_URL"]
    name = f"sample_run_{os.getpid()}"
    before, after = address.split("?") if "?" in address else (address, "")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"{before.rsplit('/', 1)[0]}/{name}" + (f"?{after}" if after else "")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def fetch(address: str) -> int | None:
    """Return the status of a page, or None while nobody listens."""
    try:
        with urllib.request.urlopen(address) as answer:  # noqa: S310
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def test_demo_serves_the_sample_library_until_ctrl_c(empty_database: str, tmp_path: Path):
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {"DATABASE_URL": empty_database, "DJANGO_SETTINGS_MODULE": "opac.settings"}
    environment |= {"SAMPLE_MAILBOX": str(tmp_path / "mail"), "SEARCH_INDEX": str(tmp_path / "index")}
    with (tmp_path / "output").open("w") as output:
        demo = subprocess.Popen(
            [sys.executable, "-m", "opac.sample.run", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            until = time.monotonic() + PATIENCE
            while fetch(address) is None and demo.poll() is None and time.monotonic() < until:
                time.sleep(0.2)
            statuses = {path: fetch(address + path) for path in ("/", "/static/css/opac.css", "/no-such-page/")}
        finally:
            demo.send_signal(signal.SIGINT)
            ended = demo.wait(PATIENCE)
    said = (tmp_path / "output").read_text()
    assert statuses == {"/": 200, "/static/css/opac.css": 200, "/no-such-page/": 404}, said
    assert f"The portal runs at http://127.0.0.1:{port} (stop it with Ctrl-C)" in said
    assert (ended, fetch(address)) == (0, None), said
