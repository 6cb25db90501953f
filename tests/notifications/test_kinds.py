"""What is told besides «ready»: cancelled by the library, the last day, loans, in the patron's language."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.template.loader import get_template
from django.utils import timezone

from loans.models import Loan
from notifications.kinds import KINDS, SWITCHES
from notifications.models import Kind, MailPolicy, Notice, Reminders
from reservations.models import Reservation
from tests import build
from tests.notifications.conftest import ready

pytestmark = pytest.mark.django_db

NOTHING = "sent 0, to be retried 0, failed 0, closed 0"
ONE = "sent 1, to be retried 0, failed 0, closed 0"


@pytest.fixture(autouse=True)
def noon():
    """Let it be noon: reminders wait until the morning."""
    with time_machine.travel(datetime.combine(build.TODAY, time(12), build.TOKYO), tick=True):
        yield


@pytest.fixture
def hanako(chuo):
    patron = build.patron(email="hanako@example.org")
    Reminders.objects.create(patron=patron, due_soon=True, overdue=True)
    return patron


def test_cancellation_by_the_library_is_told_with_its_reason(chuo, hanako, smtp, send):
    ended = {"state": "cancelled", "closed_at": timezone.now(), "contact_method": "email"}
    build.reservation(
        build.title("なくなった本"), hanako, chuo, closed_by="library", close_reason="資料が見つからないため", **ended
    )
    build.reservation(build.title("自分で取り消した本"), hanako, chuo, closed_by="patron", **ended)
    assert (send(), send()) == (ONE, NOTHING)
    text = smtp.messages[0].get_content()
    assert [words in text for words in ("なくなった本", "資料が見つからないため", "自分で取り消した本")] == [
        True,
        True,
        False,
    ]
    assert "取消" in smtp.messages[0]["Subject"]


def test_last_day_is_told_the_day_before_once(chuo, hanako, smtp, send):
    days_ago = timezone.now() - timedelta(days=7)
    ready(hanako, chuo, "明日まで", ready_at=days_ago, collect_by=build.TODAY + timedelta(days=1))
    ready(hanako, chuo, "明後日まで", ready_at=days_ago, collect_by=build.TODAY + timedelta(days=2))
    Notice.objects.bulk_create(  # both were told when they became ready
        Notice(kind=Kind.READY, patron=hanako, reservation=row, episode=days_ago, created_at=days_ago, state="sent")
        for row in Reservation.objects.all()
    )
    assert (send(), send()) == (ONE, NOTHING)
    (letter,) = smtp.messages
    assert ("明日まで" in letter.get_content(), "明後日まで" in letter.get_content()) == (True, False)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_due_date_is_told_to_those_who_chose_it(chuo, hanako, smtp, send):
    soon = build.TODAY + timedelta(days=3)
    build.loan(build.item(build.title("近い本"), chuo), hanako, due_on=soon)
    build.loan(build.item(build.title("遠い本"), chuo), hanako, due_on=soon + timedelta(days=1))
    build.loan(build.item(build.title("ほかの人の本"), chuo), build.patron(email="taro@example.org"), due_on=soon)
    assert (send(), send()) == (ONE, NOTHING)
    (letter,) = smtp.messages
    text = letter.get_content()
    assert [name in text for name in ("近い本", "遠い本")] == [True, False]
    assert letter["To"] == "hanako@example.org"


def test_extension_starts_a_new_reminder(chuo, hanako, smtp, send):
    loan = build.loan(build.item(build.title(), chuo), hanako, due_on=build.TODAY + timedelta(days=1))
    assert send() == ONE
    Loan.objects.filter(pk=loan.pk).update(due_on=build.TODAY + timedelta(days=2))
    assert send() == ONE


def test_overdue_is_told_every_seven_days_until_it_is_returned(chuo, hanako, smtp, send):
    loan = build.loan(build.item(build.title(), chuo), hanako, due_on=build.TODAY - timedelta(days=1))
    told = []
    for number in range(16):
        day = datetime.combine(build.TODAY + timedelta(days=number), time(12), build.TOKYO)
        with time_machine.travel(day, tick=True):
            if number == 15:
                Loan.objects.filter(pk=loan.pk).update(patron=None, returned_at=day, return_library=chuo)
            told.append(send() == ONE)
    assert [number for number, was in enumerate(told) if was] == [0, 7, 14]


def test_notices_about_loans_name_no_copy(chuo, hanako, smtp, send):
    build.loan(build.item(build.title(), chuo), hanako, due_on=build.TODAY - timedelta(days=1))
    send()
    assert list(Notice.objects.values_list("kind", "reservation", "found")) == [("overdue", None, None)]


def test_reminders_wait_for_the_morning_and_ready_does_not(chuo, hanako, smtp, send):
    build.loan(build.item(build.title("遅れた本"), chuo), hanako, due_on=build.TODAY - timedelta(days=1))
    ready(hanako, chuo, "届いた本")
    MailPolicy.objects.update(morning=time(13))
    assert send() == ONE
    assert "届いた本" in smtp.messages[0].get_content()
    MailPolicy.objects.update(morning=time(8))
    assert send() == ONE


def test_mails_are_written_in_the_patrons_language_where_there_is_one(chuo, smtp, send):
    ready(build.patron(email="ann@example.org", language="en"), chuo, "Kokoro")
    ready(build.patron(email="hanako@example.org", language="ko"), chuo, "こころ")
    assert send() == "sent 2, to be retried 0, failed 0, closed 0"
    subjects = {letter["To"]: letter["Subject"] for letter in smtp.messages}
    assert subjects == {
        "ann@example.org": "[岡山市立図書館] Your reservation is ready",
        "hanako@example.org": "【岡山市立図書館】予約資料の準備ができました",
    }
    text = next(letter.get_content() for letter in smtp.messages if letter["To"] == "ann@example.org")
    assert "Until Wednesday, 2 December 2026" in text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_kind_has_a_letter_in_japanese_and_english(chuo, smtp, send, language):
    patron = build.patron(email="hanako@example.org", language=language)
    Reminders.objects.create(patron=patron, due_soon=True, overdue=True)
    days_ago = timezone.now() - timedelta(days=7)
    ready(patron, chuo, "〔題名〕", ready_at=days_ago, collect_by=build.TODAY + timedelta(days=1))
    ended = {"state": "cancelled", "closed_at": timezone.now(), "contact_method": "email", "closed_by": "library"}
    build.reservation(build.title("〔題名〕"), patron, chuo, **ended)
    for days in (-1, 1):
        build.loan(build.item(build.title("〔題名〕"), chuo), patron, due_on=build.TODAY + timedelta(days=days))
    patron.alerts.create(keyword="題名", created_at=timezone.now())
    assert send() == "sent 6, to be retried 0, failed 0, closed 0"
    for letter in smtp.messages:
        assert "題名" in letter.get_content()
        assert "題名" not in letter["Subject"]
        assert "\n\n\n" not in letter.get_content()
        assert letter["Auto-Submitted"] == "auto-generated"
    assert len({letter["Subject"] for letter in smtp.messages}) == 6


def test_every_kind_has_its_row_its_words_and_its_switch():
    assert set(KINDS) == {kind.value for kind in Kind} - {"account"}
    assert {field.name for field in Reminders._meta.fields} == {"id", "patron", *SWITCHES}
    assert list(Reminders().chosen.values()) == [True, False, False]
    for kind, row in KINDS.items():
        assert {Kind(kind).about} < {"reservation", "day"}
        assert row.can_be_stopped == (Kind(kind) not in (Kind.READY, Kind.CANCELLED))
        for language in ("ja", "en"):
            assert get_template(f"notifications/{language}/{kind}.txt")
