"""The reading log: off until asked for, sealed, mixed, erased with its salt (SPEC V1, M11)."""

import random
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.checks import run_checks
from django.db import IntegrityError, connection, transaction

from loans import circulation
from opac.checks import secret_of_the_reading_log
from patrons import privacy
from patrons.models import ReadingLog, SealedRead
from patrons.reading import reading_log, sealing
from tests import build

pytestmark = pytest.mark.django_db
TODAY = build.TODAY


@pytest.fixture
def hanako():
    """A patron who keeps a log."""
    patron = build.patron()
    reading_log.answer(patron, keep=True, on=TODAY)
    return patron


def told(patron, *days) -> list[tuple[str, date]]:
    return [(read.title, read.on) for read in reading_log.read_between(patron, *days)]


def test_nothing_is_kept_until_the_patron_asked_for_it():
    patron, at = build.patron(), build.library()
    for keep in (None, False):
        if keep is not None:
            reading_log.answer(patron, keep=keep, on=TODAY)
        lent = build.loan(build.item(build.title(), at), patron)
        circulation.check_in(lent.item, at=at, by=None, now=build.NOON)
    assert (ReadingLog.objects.count(), SealedRead.objects.count()) == (0, 0)
    assert (reading_log.is_asked(patron), reading_log.is_on(patron)) == (True, False)


def test_a_return_leaves_a_row_from_then_on(hanako):
    at = build.library()
    lent = build.loan(build.item(build.title("こころ"), at), hanako)
    circulation.check_in(lent.item, at=at, by=None, now=build.NOON)
    (read,) = reading_log.read_between(hanako)
    assert (read.title_id, read.title, read.on) == (lent.item.title_id, str(lent.item.title), TODAY)


def test_what_was_lent_and_returned_twice_on_a_day_is_one_reading(hanako):
    at = build.library()
    item = build.item(build.title("こころ"), at)
    for _ in range(2):
        circulation.check_out(item, hanako, at=at, by=None, now=build.NOON)
        circulation.check_in(item, at=at, by=None, now=build.NOON)
    assert told(hanako) == [("こころ", TODAY)]
    reading_log.remember(hanako, item.title_id, "こころ", on=TODAY + timedelta(days=1))
    assert told(hanako) == [("こころ", TODAY + timedelta(days=1)), ("こころ", TODAY)]


def test_a_period_includes_both_its_days(hanako):
    for day in range(1, 6):
        reading_log.remember(hanako, day, f"本{day}", on=date(2026, 11, day))
    assert told(hanako, date(2026, 11, 2), date(2026, 11, 3)) == [
        ("本3", date(2026, 11, 3)),
        ("本2", date(2026, 11, 2)),
    ]
    assert (len(told(hanako)), told(build.patron())) == (5, [])


def test_rows_look_alike_and_say_nothing(hanako):
    reading_log.remember(hanako, 1, "あ", on=TODAY)
    reading_log.remember(hanako, 2, "とても長い書名" * 60, on=TODAY)
    rows = [bytes(row.sealed) for row in SealedRead.objects.all()]
    assert [len(row) for row in rows] == [540, 540]
    assert not any("とても".encode() in row or "あ".encode() in row for row in rows)
    reads = {read.title_id: read.title for read in reading_log.read_between(hanako)}
    assert reads[1] == "あ"
    assert reads[2].startswith("とても長い書名" * 20)
    with pytest.raises(IntegrityError), transaction.atomic():
        SealedRead.objects.update(sealed=b"short")


def test_no_key_but_the_patrons_own_opens_a_row(hanako, settings):
    reading_log.remember(hanako, 1, "こころ", on=TODAY)
    other = build.patron()
    reading_log.answer(other, keep=True, on=TODAY)
    SealedRead.objects.update(log=other.reading_log)
    assert told(other) == []
    SealedRead.objects.update(log=hanako.reading_log)
    settings.READING_LOG_SECRETS = {1: "another secret"}
    assert told(hanako) == []


def test_a_new_secret_seals_and_an_older_one_still_opens_until_purge_renewed_it(hanako, settings):
    old = settings.READING_LOG_SECRETS
    reading_log.remember(hanako, 1, "古い秘密", on=TODAY)
    settings.READING_LOG_SECRETS = old | {2: "a newer secret of thirty-two letters"}
    reading_log.remember(hanako, 2, "新しい秘密", on=TODAY)
    assert sorted(SealedRead.objects.values_list("version", flat=True)) == [1, 2]
    assert len(told(hanako)) == 2
    privacy.purge(on=TODAY)
    settings.READING_LOG_SECRETS = {2: settings.READING_LOG_SECRETS[2]}
    assert sorted(title for title, _ in told(hanako)) == ["古い秘密", "新しい秘密"]


def test_a_row_whose_secret_is_gone_is_left_alone(hanako, settings):
    reading_log.remember(hanako, 1, "こころ", on=TODAY)
    settings.READING_LOG_SECRETS = {2: "a newer secret of thirty-two letters"}
    assert (reading_log.mix(), told(hanako), SealedRead.objects.count()) == (0, [], 1)


def test_mixing_takes_rows_away_from_the_transaction_and_the_place_of_their_return(hanako, monkeypatch):
    monkeypatch.setattr(random.SystemRandom, "shuffle", lambda _, rows: rows.reverse())
    for number in range(3):
        reading_log.remember(hanako, number, f"本{number}", on=TODAY)
    before = list(SealedRead.objects.values_list("id", flat=True).order_by())
    with transaction.atomic():
        assert reading_log.mix() == 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM patrons_sealedread ORDER BY ctid")
        assert [row[0] for row in cursor] == before[::-1]
    assert (SealedRead.objects.filter(fresh=True).count(), reading_log.mix(), len(told(hanako))) == (0, 0, 3)


def test_one_row_can_be_deleted_by_its_owner_only(hanako):
    reading_log.remember(hanako, 1, "こころ", on=TODAY)
    (read,) = reading_log.read_between(hanako)
    assert [reading_log.delete_one(who, read.pk) for who in (build.patron(), hanako, hanako)] == [0, 1, 0]
    assert (told(hanako), reading_log.delete_one(hanako, uuid4())) == ([], 0)


def test_all_rows_can_be_deleted_and_the_log_goes_on(hanako):
    reading_log.remember(hanako, 1, "こころ", on=TODAY)
    salt = bytes(ReadingLog.objects.get().salt)
    assert reading_log.delete_all(hanako) == 1
    reading_log.remember(hanako, 2, "三四郎", on=TODAY)
    assert (told(hanako), bytes(ReadingLog.objects.get().salt) == salt) == ([("三四郎", TODAY)], False)


def test_switched_off_it_is_erased_with_its_salt(hanako):
    reading_log.remember(hanako, 1, "こころ", on=TODAY)
    kept = bytes(SealedRead.objects.get().sealed)
    reading_log.answer(hanako, keep=False, on=TODAY)
    assert (ReadingLog.objects.count(), SealedRead.objects.count(), told(hanako)) == (0, 0, [])
    reading_log.answer(hanako, keep=True, on=TODAY)
    again = ReadingLog.objects.get()
    with pytest.raises(sealing.ShutForEverError):
        sealing.unseal(kept, again.salt, 1)


def test_an_erased_patron_leaves_no_log(hanako):
    reading_log.remember(hanako, 1, "こころ", on=TODAY)
    privacy.erase(hanako)
    assert (ReadingLog.objects.count(), SealedRead.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("secrets", "weak"),
    [({1: "s" * 32}, []), ({1: "short", 2: "s" * 32}, [1]), ({3: "k" * 40}, [3]), ({3: "p" * 40}, [3])],
)
def test_a_weak_or_shared_secret_is_refused_before_it_is_used(settings, secrets, weak):
    settings.SECRET_KEY, settings.PASSWORD_PEPPERS = "k" * 40, {1: "p" * 40}
    settings.READING_LOG_SECRETS = secrets
    assert [error.msg.split()[2] for error in secret_of_the_reading_log()] == [str(number) for number in weak]
    assert ("opac.E002" in {error.id for error in run_checks(include_deployment_checks=True)}) == bool(weak)
