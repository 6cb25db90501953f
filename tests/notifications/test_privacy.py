"""What the room holds about a patron, erases and forgets; what staff see and may do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import privacy
from notifications.models import Alert, Mail, Notice, Reminders
from tests import build
from tests.notifications.conftest import readers

pytestmark = pytest.mark.django_db


@pytest.fixture
def hanako(chuo, smtp, send):
    """A patron with a condition, reminders and a mail that was sent."""
    (reservation,) = readers(chuo, "hanako@example.org")
    send()
    patron = reservation.patron
    Alert.objects.create(patron=patron, keyword="岡山", created_at=timezone.now())
    Reminders.objects.create(patron=patron, overdue=True)
    return patron


def test_patron_is_told_what_is_held(hanako):
    held = privacy.held_about(hanako)
    assert [row["条件"] for row in held["新着資料お知らせメールの条件"]] == ["キーワード：岡山"]
    assert held["期限のお知らせ"] == [{"取置期限の前日": True, "貸出期限の前": False, "延滞": True}]
    assert [(row["種類"], row["状態"], row["あて先"]) for row in held["メール"]] == [
        ("予約資料の準備完了", "送信済", "hanako@example.org")
    ]


def test_erased_patron_leaves_nothing(hanako):
    privacy.erase(hanako)
    assert [model.objects.count() for model in (Alert, Reminders, Notice, Mail)] == [0, 0, 0, 0]


def test_purge_forgets_old_mails_and_still_tells_nothing_twice(hanako, send):
    today = timezone.localdate()
    assert privacy.purge(on=today + timedelta(days=13)) == {"notices": 0, "mails": 0, "announced titles": 0}
    Mail.objects.update(closed_at=timezone.now() - timedelta(days=40))
    Notice.objects.update(created_at=timezone.now() - timedelta(days=40))
    assert privacy.purge(on=today) == {"notices": 0, "mails": 1, "announced titles": 0}
    assert (Mail.objects.count(), Notice.objects.count()) == (0, 1)
    assert send() == "sent 0, to be retried 0, failed 0, closed 0"


def test_staff_see_what_waits_and_send_again_what_failed(chuo, smtp, send, client):
    smtp.refused["taro@example.org"] = "550 5.1.1 no such mailbox"
    (reservation,) = readers(chuo, "taro@example.org")
    send()
    client.force_login(build.staff())
    page = client.get("/admin/notifications/mail/")
    assert "送信を待っているものはありません。" in page.text
    assert "吾輩は猫である" not in page.text
    mail = Mail.objects.get()
    client.post("/admin/notifications/mail/", {"action": "send_again", "_selected_action": [mail.pk]})
    reservation.refresh_from_db()
    assert reservation.contact_failed_at is None
    assert "送信を待っているもの：1件" in client.get("/admin/notifications/notice/").text
    smtp.refused.clear()
    assert send() == "sent 1, to be retried 0, failed 0, closed 0"
    reservation.refresh_from_db()
    assert (reservation.contact_failed_at, reservation.patron.email_failing_since) == (None, None)
