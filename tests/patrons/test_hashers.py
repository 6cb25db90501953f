"""Argon2id with a versioned pepper, a few evaluations at a time."""

import threading

import pytest
from django.contrib.auth.hashers import check_password, make_password

from patrons.account.sign_in import sign_in
from patrons.protection import hashers
from patrons.protection.hashers import HashingBusyError
from patrons.protection.origin import Origin
from tests import build


def test_hash_says_its_pepper_and_parameters():
    assert make_password("abcd1234").startswith("argon2p$1$argon2id$v=19$m=19456,t=2,p=1$")


def test_pepper_is_part_of_the_hash(settings):
    encoded = make_password("abcd1234")
    assert check_password("abcd1234", encoded)
    settings.PASSWORD_PEPPERS = {1: "another"}
    assert not check_password("abcd1234", encoded)
    settings.PASSWORD_PEPPERS = {2: "newer"}
    assert not check_password("abcd1234", encoded)


@pytest.mark.django_db
def test_login_renews_a_hash_with_an_older_pepper(settings):
    patron = build.patron()
    settings.PASSWORD_PEPPERS = settings.PASSWORD_PEPPERS | {2: "newer"}
    assert sign_in(patron.card_number, "abcd1234", Origin("192.0.2.1"), now=build.NOON)
    patron.user.refresh_from_db()
    assert patron.user.password.startswith("argon2p$2$")
    assert sign_in(patron.card_number, "abcd1234", Origin("192.0.2.1"), now=build.NOON)


def test_more_logins_than_slots_wait_and_then_are_sent_away(settings, monkeypatch):
    settings.HASHING_PATIENCE = 0.05
    monkeypatch.setattr(hashers, "_slots", threading.BoundedSemaphore(1))
    with hashers._slot(), pytest.raises(HashingBusyError):
        make_password("abcd1234")


@pytest.mark.django_db
def test_busy_hashing_answers_503_with_retry_after(client, settings, monkeypatch):
    settings.HASHING_PATIENCE = 0.05
    monkeypatch.setattr(hashers, "_slots", threading.BoundedSemaphore(1))
    with hashers._slot():
        answer = client.post("/login/", {"card_number": "01234567", "password": "x"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
