"""Stories of ``send_notices``, told to a real mail server."""

import pytest

from notifications.models import Mail, Notice
from patrons.models import MailRequest
from tests import build
from tests.notifications.conftest import ready

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_ready_reservations_of_one_patron_make_one_mail(chuo, smtp, send):
    patron = build.patron(email="hanako@example.org")
    ready(patron, chuo, "上巻")
    ready(patron, chuo, "下巻")

    assert send() == "sent 1, to be retried 0, failed 0, closed 0"

    (letter,) = smtp.messages
    text = letter.get_content()
    assert (letter["From"].addresses[0].addr_spec, letter["To"]) == (
        "toshokan@ocl.city.okayama.jp",
        "hanako@example.org",
    )
    assert "上巻" in text
    assert "下巻" in text
    assert "巻" not in letter["Subject"]


def test_second_run_sends_nothing_again(chuo, smtp, send):
    ready(build.patron(email="hanako@example.org"), chuo)
    send()
    assert send() == "sent 0, to be retried 0, failed 0, closed 0"
    assert len(smtp.messages) == 1


def test_only_ready_reservations_with_mail_are_told(chuo, smtp, send):
    patron = build.patron(email="hanako@example.org", telephone="086-000-0001")
    ready(patron, chuo, "電話で", contact_method="telephone", made_at="terminal")
    build.reservation(build.title("待つ"), patron, chuo, contact_method="email")
    assert send() == "sent 0, to be retried 0, failed 0, closed 0"
    assert smtp.messages == []


def test_text_of_a_sent_mail_is_not_kept(chuo, smtp, send):
    ready(build.patron(email="hanako@example.org"), chuo)
    send()
    assert list(Mail.objects.values_list("state", "body")) == [("sent", "")]
    assert list(Notice.objects.values_list("state", flat=True)) == ["sent"]


def test_request_of_an_unknown_account_is_dropped(chuo, smtp, send):
    MailRequest.objects.create(kind="reset_password", created_at=build.NOON)
    assert send() == "sent 0, to be retried 0, failed 0, closed 0"
    assert MailRequest.objects.count() == 0
