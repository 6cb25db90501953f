"""Mail servers that refuse, hang, drop and stop; times that run backwards: nothing is lost, nobody else waits."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Kind, Mail, Notice
from notifications.models.mail import LEASE, RETRIES
from notifications.run_facts import RunFacts
from notifications.sending import outbox
from notifications.sending.delivery import Delivery
from patrons.models import MailRequest, Patron
from reservations.models import Reservation
from tests import build
from tests.notifications.conftest import let_time_pass, readers, ready
from tests.sure import sure

pytestmark = pytest.mark.django_db(transaction=True)

A, B, C, D = (f"{name}@example.org" for name in ("akiko", "bunta", "chie", "daigo"))


def test_unknown_mailbox_is_the_counters_task_at_once(chuo, smtp, send):
    smtp.refused[A] = "550 5.1.1 no such mailbox"
    readers(chuo, A, B)
    assert send() == "sent 1, to be retried 0, failed 1, closed 0"
    assert smtp.recipients == [B]
    patron = Patron.objects.get(email=A)
    assert patron.email_failing_since is not None
    assert Reservation.objects.get(patron=patron).contact_failed_at is not None
    assert Reservation.objects.exclude(patron=patron).get().contact_failed_at is None


def test_failing_address_is_not_written_to_again(chuo, smtp, send):
    reservation = ready(build.patron(email=A, email_failing_since=timezone.now()), chuo)
    assert send() == "sent 0, to be retried 0, failed 0, closed 0"
    reservation.refresh_from_db()
    assert (smtp.messages, reservation.contact_failed_at is not None) == ([], True)


def test_greylisted_mail_is_tried_for_a_day_and_then_given_up(chuo, smtp, send):
    smtp.refused[A] = "451 4.7.1 try again later"
    (reservation,) = readers(chuo, A)
    waits = []
    for _ in RETRIES:
        assert send() == "sent 0, to be retried 1, failed 0, closed 0"
        mail = Mail.objects.get()
        waits.append(round((mail.next_attempt_at - timezone.now()).total_seconds() / 60))
        let_time_pass()
    assert waits == [1, 5, 15, 60, 240, 480, 640]
    assert send() == "sent 0, to be retried 0, failed 1, closed 0"
    reservation.refresh_from_db()
    assert reservation.contact_failed_at is not None
    assert send() == "sent 0, to be retried 0, failed 0, closed 0"


def test_greylisted_mail_arrives_later_under_the_same_message_id(chuo, smtp, send):
    smtp.refused[A] = "451 4.7.1 try again later"
    readers(chuo, A)
    send()
    assert send() == "sent 0, to be retried 0, failed 0, closed 0"  # a minute is not over
    first = Mail.objects.get()
    let_time_pass()
    smtp.refused.clear()
    assert send() == "sent 1, to be retried 0, failed 0, closed 0"
    (letter,) = smtp.messages
    assert (letter["Message-ID"], letter["Date"].datetime) == (first.message_id, first.date)


def test_relay_rule_is_not_the_fault_of_the_address(chuo, smtp, send):
    smtp.refused[A] = "554 5.7.1 relay access denied"
    readers(chuo, A)
    assert send() == "sent 0, to be retried 1, failed 0, closed 0"
    assert Patron.objects.filter(email_failing_since=None).count() == 1


def test_server_that_is_away_costs_no_mail_an_attempt(chuo, smtp, send, settings):
    readers(chuo, A, B, C)
    working, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert send().startswith(
        "1: sent 0, to be retried 1, failed 0, closed 0; the mail server does not work (ConnectionRefused"
    )
    assert set(Mail.objects.values_list("state", "attempts", "leased_until")) == {("pending", 0, None)}
    settings.EMAIL_PORT = working
    let_time_pass()
    assert send() == "sent 3, to be retried 0, failed 0, closed 0"
    assert sorted(smtp.recipients) == [A, B, C]


def test_one_mail_that_breaks_the_connection_holds_up_nobody(chuo, smtp, send):
    smtp.hang_up_on.add(B)
    readers(chuo, A, B, C, D)
    assert send() == "sent 3, to be retried 1, failed 0, closed 0"
    assert sorted(smtp.recipients) == [A, C, D]
    assert Mail.objects.get(address=B).attempts == 1


def test_server_that_breaks_off_every_time_costs_no_mail_an_attempt(chuo, smtp, send):
    smtp.hang_up_on |= {A, B, C, D}
    readers(chuo, A, B, C, D)
    assert send().startswith("1: sent 0, to be retried 3, failed 0, closed 0; the mail server does not work (")
    assert set(Mail.objects.values_list("attempts", "leased_until")) == {(0, None)}
    smtp.hang_up_on.clear()
    let_time_pass()
    assert send() == "sent 4, to be retried 0, failed 0, closed 0"


def test_mail_taken_by_a_server_that_dropped_the_line_is_sent_again_as_the_same_mail(chuo, smtp, send):
    smtp.drop_after.add(A)
    readers(chuo, A)
    assert send() == "sent 0, to be retried 1, failed 0, closed 0"
    smtp.drop_after.clear()
    let_time_pass()
    assert send() == "sent 1, to be retried 0, failed 0, closed 0"
    first, second = smtp.messages
    assert (first["Message-ID"], first["Date"], first.get_content()) == (
        second["Message-ID"],
        second["Date"],
        second.get_content(),
    )


def test_server_that_hangs_is_left_after_the_timeout(chuo, smtp, send, settings):
    settings.EMAIL_TIMEOUT = 0.5
    smtp.silent_after.add(A)
    readers(chuo, A, B)
    assert send() == "sent 1, to be retried 1, failed 0, closed 0"
    assert "timed out" in Mail.objects.get(address=A).last_error


def test_slow_server_gets_everything_over_one_connection(chuo, smtp, send):
    smtp.seconds_each = 0.1
    readers(chuo, *(f"reader{number}@example.org" for number in range(5)))
    assert send() == "sent 5, to be retried 0, failed 0, closed 0"
    assert smtp.connections == 1


def test_server_that_says_goodbye_now_and_then_is_called_again(chuo, smtp, send):
    smtp.most_a_connection = 2
    readers(chuo, *(f"reader{number}@example.org" for number in range(5)))
    assert send() == "sent 5, to be retried 0, failed 0, closed 0"
    assert smtp.connections == 3


@pytest.mark.parametrize(
    "address",
    [
        "eve@example.org\nBcc: all@example.org",
        "eve@example.org\r\nRCPT TO:<x@example.org>",
        "no-at-sign",
        "\ud7ff@@",
        "猫@",
    ],
)
def test_poisonous_address_harms_nobody(chuo, smtp, send, address):
    readers(chuo, A, address, C)
    assert send() == "sent 2, to be retried 0, failed 1, closed 0"
    assert sorted(smtp.recipients) == [A, C]


def test_mobile_address_against_the_rules_is_written_to(chuo, smtp, send):
    readers(chuo, "hana..ko.@docomo.example")
    assert send() == "sent 1, to be retried 0, failed 0, closed 0"
    assert smtp.recipients == ["hana..ko.@docomo.example"]


def test_letter_that_cannot_be_written_stops_no_other(chuo, smtp, send, settings, tmp_path):
    folder = tmp_path / "notifications" / "en"
    folder.mkdir(parents=True)
    (folder / "ready.txt").write_text("{% url 'no:such:page' %}")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    ready(build.patron(email=A, language="en"), chuo)
    readers(chuo, B)
    assert send() == "1: sent 1, to be retried 0, failed 0, closed 0, could not be written 1"
    Patron.objects.update(language="ja")
    assert send() == "sent 1, to be retried 0, failed 0, closed 0"


def test_reservation_cancelled_before_the_retry_is_not_told(chuo, smtp, send):
    patron = build.patron(email=A)
    first, second = ready(patron, chuo, "上巻"), ready(patron, chuo, "下巻")
    smtp.refused[A] = "451 4.3.0 later"
    send()
    smtp.refused.clear()
    let_time_pass()
    Reservation.objects.filter(pk=first.pk).update(state="cancelled", closed_at=timezone.now(), item=None)
    assert send() == "sent 0, to be retried 0, failed 0, closed 1"
    assert send() == "sent 1, to be retried 0, failed 0, closed 0"
    (letter,) = smtp.messages
    assert ("上巻" in letter.get_content(), "下巻" in letter.get_content()) == (False, True)
    assert dict(Notice.objects.values_list("reservation", "state")) == {first.pk: "void", second.pk: "sent"}


def test_address_changed_before_the_retry_gets_the_mail(chuo, smtp, send):
    smtp.refused[A] = "451 4.3.0 later"
    readers(chuo, A)
    send()
    Patron.objects.update(email=B)
    let_time_pass()
    assert send() == "sent 0, to be retried 0, failed 0, closed 1"
    assert send() == "sent 1, to be retried 0, failed 0, closed 0"
    assert smtp.recipients == [B]


def test_second_time_on_the_shelf_is_told_again(chuo, smtp, send):
    (reservation,) = readers(chuo, A)
    send()
    Reservation.objects.filter(pk=reservation.pk).update(ready_at=sure(reservation.ready_at) + timedelta(hours=1))
    assert send() == "sent 1, to be retried 0, failed 0, closed 0"
    assert len({letter["Message-ID"] for letter in smtp.messages}) == 2


def test_reservation_cancelled_while_its_mail_waits_behind_others_is_not_told(chuo, smtp):
    first, second = readers(chuo, A, B)
    delivery = Delivery(progress=lambda done, found: _cancel(second))
    assert str(delivery.run()) == "sent 1, to be retried 0, failed 0, closed 1"
    assert smtp.recipients == [A]
    assert first.pk != second.pk


def _cancel(reservation: Reservation) -> None:
    ended = {"state": "cancelled", "closed_at": timezone.now(), "item": None, "closed_by": "patron"}
    Reservation.objects.filter(pk=reservation.pk).update(**ended)


def test_stop_comes_between_two_mails_and_gives_the_rest_back(chuo, smtp, send):
    readers(chuo, A, B, C)
    delivery = Delivery()
    delivery.stop = lambda: delivery.tally.sent == 1
    assert str(delivery.run()) == "sent 1, to be retried 0, failed 0, closed 0; stopped"
    assert set(Mail.objects.pending().values_list("leased_until", flat=True)) == {None}
    assert send() == "sent 2, to be retried 0, failed 0, closed 0"
    assert sorted(smtp.recipients) == [A, B, C]


def test_leased_mail_is_left_to_the_run_that_holds_it(chuo, smtp, send):
    readers(chuo, A)
    now = timezone.now()
    outbox.collect(now, RunFacts())
    (mail,), _ = outbox.claim_notices(Kind.READY, outbox.awaited(Kind.READY), now, RunFacts())
    assert send() == "sent 0, to be retried 0, failed 0, closed 0"
    let_time_pass()
    assert send() == "sent 1, to be retried 0, failed 0, closed 0"
    assert not outbox.may_leave(mail, timezone.now())  # the first run wakes up: the lease is no longer its own
    assert [letter["Message-ID"] for letter in smtp.messages] == [mail.message_id]


def test_clock_set_back_delays_nothing_for_long(chuo, smtp, send):
    readers(chuo, A)
    smtp.refused[A] = "451 4.3.0 later"
    send()
    far = timezone.now() + timedelta(days=3650)
    Mail.objects.update(next_attempt_at=far, leased_until=far + LEASE)
    smtp.refused.clear()
    assert send() == "sent 1, to be retried 0, failed 0, closed 0"


def test_account_mails_go_before_everything_else(chuo, smtp, send):
    readers(chuo, A)
    patron = build.patron(email=B)
    MailRequest.objects.create(kind="locked", patron=patron, address=B, created_at=timezone.now())
    assert send() == "sent 2, to be retried 0, failed 0, closed 0"
    assert smtp.recipients == [B, A]


@pytest.mark.parametrize(
    "ended", [{"used_at": timezone.now()}, {"created_at": timezone.now() - timedelta(days=2)}], ids=["used", "too old"]
)
def test_link_that_has_ended_is_not_sent_again(chuo, smtp, send, ended):
    patron = build.patron(email=B)
    request = MailRequest.objects.create(kind="confirm_address", patron=patron, address=B, created_at=timezone.now())
    smtp.refused[B] = "451 4.3.0 later"
    send()
    MailRequest.objects.filter(pk=request.pk).update(**ended)
    smtp.refused.clear()
    let_time_pass()
    assert send() == "sent 0, to be retried 0, failed 0, closed 1"
    assert smtp.messages == []


def test_dry_run_says_what_would_go_and_does_nothing(chuo, smtp, send):
    readers(chuo, A, B)
    assert send("--dry-run") == "would send: ready 2; to be tried again: 0"
    assert (smtp.messages, Notice.objects.count()) == ([], 0)
    assert send() == "sent 2, to be retried 0, failed 0, closed 0"
