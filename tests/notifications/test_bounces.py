"""Returned mail: whom it is believed about, and what follows."""

import mailbox
from datetime import timedelta
from email import message_from_string
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from notifications.models import Mail
from opac.management.commands.invariants import violations
from tests import build
from tests.notifications.conftest import ready

pytestmark = pytest.mark.django_db

REPORT = """\
From: MAILER-DAEMON@mail.example.org
To: toshokan@ocl.city.okayama.jp
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"

--=_b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--=_b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; {address}
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--=_b
Content-Type: {returned}

From: toshokan@ocl.city.okayama.jp
Message-ID: {message_id}
Subject: =?utf-8?b?5pys?=

--=_b--
"""


def report(mail: Mail, **fields) -> str:
    given = {"address": mail.address, "message_id": mail.message_id, "action": "failed", "returned": "message/rfc822"}
    return REPORT.format(**given | fields)


def read(path: Path) -> str:
    out = StringIO()
    call_command("read_bounces", path, stdout=out)
    return out.getvalue().strip()


def maildir(path: Path, *messages: str) -> Path:
    box = mailbox.Maildir(path)
    for message in messages:
        box.add(message.encode("latin-1"))
    return path


@pytest.fixture
def reservation(chuo, smtp, send):
    """A reservation whose mail a server has taken."""
    reservation = ready(build.patron(email="hanako@example.org"), chuo)
    send()
    return reservation


@pytest.fixture
def mail(reservation) -> Mail:
    return Mail.objects.get()


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_failed_address_is_marked_and_the_reservation_left_to_the_counter(mail, reservation, tmp_path, returned):
    path = maildir(tmp_path / "box", report(mail, returned=returned, address="Hanako@Example.org"))
    assert read(path) == "read 1, addresses failing 1, unknown 0, not bounces 0"
    reservation.refresh_from_db()
    mail.refresh_from_db()
    assert reservation.patron.email_failing_since is not None
    assert reservation.contact_failed_at is not None
    assert (mail.state, mail.last_error) == ("failed", "bounced 5.1.1")
    assert read(path) == "read 0, addresses failing 0, unknown 0, not bounces 0"
    assert violations() == {}


def test_mbox_is_read_once(mail, tmp_path):
    box = mailbox.mbox(tmp_path / "box")
    box.add(message_from_string(report(mail)))
    box.close()
    assert read(tmp_path / "box") == "read 1, addresses failing 1, unknown 0, not bounces 0"
    assert read(tmp_path / "box") == "read 0, addresses failing 0, unknown 0, not bounces 0"


@pytest.mark.parametrize(
    ("fields", "counted"),
    [
        ({"message_id": "<made-up@example.org>"}, "unknown 1, not bounces 0"),
        ({"address": "somebody.else@example.org"}, "unknown 1, not bounces 0"),
        ({"action": "delayed"}, "unknown 0, not bounces 1"),
    ],
)
def test_report_that_is_no_proof_changes_nothing(mail, reservation, tmp_path, fields, counted):
    assert read(maildir(tmp_path / "box", report(mail, **fields))) == f"read 1, addresses failing 0, {counted}"
    reservation.refresh_from_db()
    assert (reservation.patron.email_failing_since, reservation.contact_failed_at) == (None, None)


def test_other_mail_and_rubbish_stop_nothing(mail, tmp_path):
    holiday = "From: taro@example.org\nSubject: holiday\n\nI am away.\n"
    rubbish = 'Content-Type: multipart/report; boundary="x"\n\n--x\nContent-Type: message/delivery-status\n\n\xff\n'
    path = maildir(tmp_path / "box", holiday, rubbish, report(mail))
    assert read(path) == "read 3, addresses failing 1, unknown 0, not bounces 2"


def test_bounce_after_the_address_was_changed_marks_nothing(mail, reservation, tmp_path):
    patron = reservation.patron
    patron.email = "new@example.org"
    patron.save()
    read(maildir(tmp_path / "box", report(mail)))
    patron.refresh_from_db()
    assert patron.email_failing_since is None


def test_patron_sees_it_at_the_next_login(mail, reservation, tmp_path, client):
    read(maildir(tmp_path / "box", report(mail)))
    client.force_login(reservation.patron.user)
    assert "メールが届いていません" in client.get("/my/").text


def test_contacted_reservation_stays_off_the_list(mail, reservation, tmp_path):
    reservation.contacted_at = reservation.ready_at + timedelta(minutes=1)
    reservation.save()
    read(maildir(tmp_path / "box", report(mail)))
    reservation.refresh_from_db()
    assert reservation.contact_failed_at is None
