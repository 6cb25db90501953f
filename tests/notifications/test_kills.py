"""``send_notices`` as a process of its own: killed at random, told to stop, run twice at once (promise 12)."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from notifications.models import Mail, Notice
from notifications.sending.delivery import Delivery
from opac.management.commands.invariants import violations
from reservations.models import Reservation
from tests.mail import Mailbox
from tests.notifications.conftest import let_time_pass, readers
from tests.sure import sure

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 600  # seconds; a thousand mails on a busy machine


def start(smtp: Mailbox) -> subprocess.Popen:
    """Start the command on this test's database and mail server."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = os.environ | {
        "DATABASE_URL": database.geturl(),
        "DJANGO_SETTINGS_MODULE": "opac.settings",
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp.port}",
    }
    command = [sys.executable, "manage.py", "send_notices"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def wait_for_mails(smtp: Mailbox, count: int, process: subprocess.Popen) -> None:
    until = time.monotonic() + PATIENCE
    while len(smtp.messages) < count and process.poll() is None and time.monotonic() < until:
        time.sleep(0.002)


def test_killed_at_random_loses_nothing_and_doubles_only_the_same_mail(chuo, smtp, deep):
    chance = random.Random() if deep else random.Random(8)  # noqa: S311
    count, kills = (1000, 60) if deep else (60, 5)
    addresses = [f"reader{number}@example.org" for number in range(count)]
    waiting = {row.patron.email: row for row in readers(chuo, *addresses)}
    smtp.seconds_each = 0.01
    cancelled: dict[str, int] = {}  # address → mails it had got until then
    for _ in range(kills):
        process = start(smtp)
        wait_for_mails(smtp, len(smtp.messages) + chance.randrange(count // kills), process)
        time.sleep(chance.random() * 0.03)
        process.kill()
        process.communicate()
        time.sleep(0.1)  # the server ends what it had begun
        cancelled |= cancel_one(smtp, waiting, chance)
        let_time_pass()
    line, _ = start(smtp).communicate(timeout=PATIENCE)
    while not line.startswith("sent 0, to be retried 0"):
        let_time_pass()
        line, _ = start(smtp).communicate(timeout=PATIENCE)

    letters = defaultdict(list)
    for address, letter in zip(smtp.recipients, smtp.messages, strict=True):
        letters[address].append(letter["Message-ID"])
    assert set(waiting) - set(letters) == set()
    assert [address for address, ids in letters.items() if len(set(ids)) > 1] == []
    assert {address: len(letters[address]) for address in cancelled} == cancelled
    assert Notice.objects.filter(state="pending").count() == 0
    assert violations() == {}


def cancel_one(smtp: Mailbox, waiting: dict[str, Reservation], chance: random.Random) -> dict[str, int]:
    """Cancel a reservation, one that has not been told if there is one; return its address and mails so far."""
    told = set(smtp.recipients)
    address = chance.choice(sorted(set(waiting) - told) or sorted(waiting))
    reservation = waiting.pop(address)
    ended = {"state": "cancelled", "item": None, "closed_at": timezone.now(), "closed_by": "patron"}
    item = sure(reservation.item)
    Reservation.objects.filter(pk=reservation.pk).update(**ended)
    item.status = item.Status.AVAILABLE
    item.save()
    return {address: smtp.recipients.count(address)}


def test_told_to_stop_ends_at_a_boundary_and_says_so(chuo, smtp, send):
    smtp.seconds_each = 0.1
    readers(chuo, *(f"reader{number}@example.org" for number in range(20)))
    process = start(smtp)
    wait_for_mails(smtp, 1, process)
    process.send_signal(signal.SIGTERM)
    line, _ = process.communicate(timeout=PATIENCE)
    sent = len(smtp.messages)
    assert (process.returncode, line) == (143, f"sent {sent}, to be retried 0, failed 0, closed 0; stopped\n")
    assert sent < 20
    assert Mail.objects.filter(state="sent").count() == sent
    assert set(Mail.objects.pending().values_list("leased_until", flat=True)) == {None}
    smtp.seconds_each = 0
    assert send() == f"sent {20 - sent}, to be retried 0, failed 0, closed 0"


def test_two_runs_at_once_share_the_work_and_double_nothing(chuo, smtp):
    smtp.seconds_each = 0.05
    readers(chuo, *(f"reader{number}@example.org" for number in range(60)))
    runs = [start(smtp), start(smtp)]
    lines = [run.communicate(timeout=PATIENCE)[0] for run in runs]
    assert sorted(smtp.recipients) == sorted(f"reader{number}@example.org" for number in range(60))
    assert smtp.connections <= 2, lines  # one, when the other run came too late to find anything


def test_database_that_ends_the_connection_loses_nothing(chuo, smtp):
    addresses = [f"{name}@example.org" for name in ("akiko", "bunta", "chie")]
    readers(chuo, *addresses)

    def end_session(done: int, found: int) -> None:
        """Do what a restart of PostgreSQL does to every session."""
        operator = connection.copy()
        with operator.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        operator.close()

    assert str(Delivery(progress=end_session).run()) == "sent 3, to be retried 0, failed 0, closed 0"
    assert sorted(smtp.recipients) == addresses
    assert set(Mail.objects.values_list("state", flat=True)) == {"sent"}
