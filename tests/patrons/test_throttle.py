"""Guessing is stopped, the patron is not (SPEC P7)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from argon2 import PasswordHasher
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from catalog import terminals
from catalog.models import Terminal
from patrons import privacy
from patrons.account.sign_in import sign_in
from patrons.models import AccountPolicy, MailRequest, TryCounter
from patrons.protection import hashers, throttle
from patrons.protection.origin import Origin, origin_of
from patrons.protection.throttle import ShutError
from tests import build

NOW = build.NOON
HOME, ELSEWHERE = Origin("192.0.2.1"), Origin("198.51.100.7")


def outcome(card: str, password: str, origin: Origin = HOME, now=NOW) -> str:
    """Return what a try comes to: in, wrong, or shut for so many seconds."""
    try:
        return "in" if sign_in(card, password, origin, now=now) else "wrong"
    except ShutError as shut:
        return f"shut {int((shut.until - now).total_seconds())}"


@pytest.fixture
def patron(db):
    return build.patron(card_number="01234567", birth_date=date(2020, 9, 10), email="hanako@example.jp")


@pytest.mark.parametrize("card", ["01234567", "99999999"])
def test_waits_grow_and_end_in_a_lock_that_ends_by_itself(patron, card):
    tries: list[str | int] = []
    now = NOW
    for _ in range(12):
        tries.append(outcome(card, "wrong", now=now))
        shut = outcome(card, "wrong", now=now)
        seconds = int(shut.removeprefix("shut ")) if shut.startswith("shut") else None
        if seconds:
            tries.append(seconds)
            now += timedelta(seconds=seconds)
        else:
            tries.append(shut)
    free = ["wrong", "wrong", "wrong", "wrong", "wrong", 10]
    waits = ["wrong", 20, "wrong", 40, "wrong", 80, "wrong", 160, "wrong", 1800]
    assert tries[: len(free + waits)] == free + waits
    assert outcome("01234567", "abcd1234", now=now) == "in"


def test_right_password_forgets_the_failures(patron):
    for _ in range(4):
        outcome("01234567", "wrong")
    assert outcome("01234567", "abcd1234") == "in"
    assert [outcome("01234567", "wrong") for _ in range(6)] == ["wrong"] * 5 + ["shut 10"]


def lock(card: str) -> None:
    """Fail until the card is locked for half an hour from NOW."""
    TryCounter.objects.get_or_create(key=throttle._key("card", card), defaults={"counted_from": NOW, "last_at": NOW})
    TryCounter.objects.update(failures=9, shut_until=None, last_at=NOW)
    assert outcome(card, "wrong", ELSEWHERE) == "wrong"
    assert outcome(card, "abcd1234", ELSEWHERE) == "shut 1800"


def test_lock_is_mailed_once_to_the_patron_and_a_row_is_written_for_strangers_too(patron):
    lock("01234567")
    outcome("01234567", "wrong", ELSEWHERE, NOW + timedelta(minutes=31))
    lock("99999999")
    mails = MailRequest.objects.values_list("kind", "patron", "address")
    assert list(mails) == [("locked", patron.pk, "hanako@example.jp"), ("locked", None, "")]


def test_locked_out_victim_gets_in_from_a_known_device_and_from_a_terminal(patron):
    lock("01234567")
    assert outcome("01234567", "abcd1234", HOME) == "shut 1800"
    assert outcome("01234567", "abcd1234", Origin("192.0.2.1", device="known")) == "in"
    assert outcome("01234567", "abcd1234", Origin("192.0.2.1", terminal="7")) == "in"


def test_victim_logs_in_at_a_terminal_while_strangers_guess_at_home(client, patron):
    """The same through the pages: the lock shuts strangers out, the library's own device lets the patron in."""
    login, now = reverse("patrons:login"), timezone.now()
    TryCounter.objects.get_or_create(
        key=throttle._key("card", "01234567"), defaults={"counted_from": now, "last_at": now}
    )
    TryCounter.objects.update(failures=10, shut_until=now + timedelta(minutes=30))
    typed = {"card_number": "01234567", "password": "abcd1234"}
    assert "パスワードの間違いが続いたため、30分ほどお待ちください。" in client.post(login, typed).content.decode()
    terminal = Terminal.objects.create(library=build.library(), name="1階", kind=Terminal.Kind.KEYBOARD)
    client.post(reverse("opac:enrol"), {"code": terminals.issue_code(terminal, now=now)})
    assert client.post(login, typed).status_code == 302


def test_known_device_and_terminal_have_limits_of_their_own(patron):
    for place in (Origin("192.0.2.1", device="known"), Origin("192.0.2.1", terminal="7")):
        assert [outcome("01234567", "wrong", place) for _ in range(6)] == ["wrong"] * 5 + ["shut 10"]
    assert outcome("01234567", "abcd1234", HOME) == "in"


def test_known_device_is_the_one_that_got_in_before(client, patron):
    login = reverse("patrons:login")
    client.post(login, {"card_number": "01234567", "password": "abcd1234"})
    client.get(reverse("opac:my"))
    client.post(reverse("patrons:logout"))
    now = timezone.now()
    TryCounter.objects.get_or_create(
        key=throttle._key("card", "01234567"), defaults={"counted_from": now, "last_at": now}
    )
    TryCounter.objects.update(failures=10, shut_until=now + timedelta(minutes=30))
    assert client.post(login, {"card_number": "01234567", "password": "abcd1234"}).status_code == 302
    client.cookies["device"] = client.cookies["device"].value[:-3] + "abc"
    client.post(reverse("patrons:logout"))
    assert client.post(login, {"card_number": "01234567", "password": "abcd1234"}).status_code == 200


def test_one_network_has_its_limit_and_others_go_on(patron, hashes):
    outcomes = [outcome(f"5{number:07}", "x") for number in range(35)]
    assert (outcomes.count("wrong"), outcomes.count("shut 600"), hashes.count) == (30, 5, 30)
    assert outcome("01234567", "abcd1234", ELSEWHERE) == "in"
    assert outcome("01234567", "abcd1234", HOME, NOW + timedelta(minutes=10)) == "in"


def test_one_guess_at_each_of_a_thousand_cards_meets_the_global_limit(patron, hashes, monkeypatch):
    """From a thousand networks, by the limits of a new installation; the hash is a light one."""
    monkeypatch.setattr(hashers, "_argon2", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, salt_len=22))
    hashes.count = 0
    outcomes = [outcome(f"5{number:07}", "x", Origin(f"10.{number // 250}.{number % 250}.1")) for number in range(1000)]
    assert (outcomes.count("wrong"), outcomes.count("shut 600"), hashes.count) == (300, 700, 300)
    assert outcome("01234567", "abcd1234", HOME) == "shut 600"
    assert outcome("01234567", "abcd1234", Origin("192.0.2.1", device="known")) == "in"


def test_right_login_hashes_once(patron, hashes):
    hashes.count = 0
    assert outcome("01234567", "abcd1234") == "in"
    assert hashes.count == 1


def test_right_logins_do_not_use_up_the_limits_of_a_network(patron):
    assert {outcome("01234567", "abcd1234") for _ in range(40)} == {"in"}


@pytest.mark.django_db(transaction=True)
def test_hundred_parallel_guesses_hash_exactly_as_often_as_allowed(hashes, transactional_db):
    build.patron(card_number="01234567")
    hashes.count = 0

    def guess(number: int) -> str:
        try:
            return outcome("01234567", f"guess{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(guess, range(100)))
    assert (outcomes.count("wrong"), outcomes.count("shut 10"), hashes.count) == (5, 95, 5)


@pytest.mark.django_db
@pytest.mark.parametrize("card", ["01234567", "01234568", "01234569", "99999999"])
def test_known_and_unknown_cost_the_same(client, hashes, django_assert_num_queries, card):
    """Own password, initial password, closed login, nobody: same hashes, same queries, same bytes."""
    build.patron(card_number="01234567")
    build.patron(card_number="01234568", password=None)
    closed = build.patron(card_number="01234569")
    type(closed.user).objects.filter(pk=closed.user_id).update(is_active=False)
    outcome("77777777", "x")
    hashes.count = 0
    with django_assert_num_queries(7):
        assert outcome(card, "wrong") == "wrong"
    assert hashes.count == 1
    page = client.post(reverse("patrons:login"), {"card_number": card, "password": "wrong"})
    assert page.content.decode().count("利用者カードの番号かパスワードが違います。") == 1
    again = client.post(reverse("patrons:login"), {"card_number": "88888888", "password": "wrong"})
    assert len(page.content) == len(again.content)


@pytest.mark.django_db
def test_current_password_cannot_be_guessed_from_an_open_session(client):
    patron = build.patron()
    client.force_login(patron.user)
    change = reverse("patrons:password")
    typed = {"current": "wrong", "password": "abcd9999", "again": "abcd9999"}
    words = [client.post(change, typed).context["form"].errors["current"][0] for _ in range(6)]
    assert words[:5] == ["今のパスワードが違います。"] * 5
    assert words[5].startswith("パスワードの間違いが続いたため、10秒ほどお待ちください。")


@pytest.mark.django_db
def test_initial_password_lapses_at_home_and_stays_good_on_a_terminal():
    AccountPolicy.objects.update(initial_password_days=60)
    build.patron(password=None, card_number="01234567", birth_date=date(2020, 9, 10), registered_on=date(2026, 9, 24))
    assert outcome("01234567", "45670910", now=NOW + timedelta(days=-1)) == "in"
    assert outcome("01234567", "45670910") == "wrong"
    assert outcome("01234567", "45670910", Origin("192.0.2.1", terminal="7")) == "in"


@pytest.mark.django_db
def test_counters_name_nobody_and_are_forgotten_after_a_day(patron):
    outcome("01234567", "wrong")
    assert all(len(row.key) == 64 and "01234567" not in row.key for row in TryCounter.objects.all())
    assert privacy.purge(on=NOW.date() + timedelta(days=1))["counters of tries"] == 0
    assert privacy.purge(on=NOW.date() + timedelta(days=2))["counters of tries"] == 3


@pytest.mark.django_db
@pytest.mark.parametrize("trusted", [0, 1])
def test_forwarded_address_counts_only_behind_a_trusted_proxy(rf, settings, trusted):
    settings.TRUSTED_PROXIES = trusted
    request = rf.get("/login/", headers={"x-forwarded-for": "203.0.113.9, 2001:db8:1:2:3:4:5:6"})
    assert origin_of(request, "01234567").network == ("2001:db8:1:2::/64" if trusted else "127.0.0.1")
