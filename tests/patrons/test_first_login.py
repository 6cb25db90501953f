"""The first login: initial password, own password, and nothing else in between (SPEC P1 to P3, promise 9)."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from patrons.account.passwords import put_back_to_initial
from patrons.models import Patron
from tests import build

pytestmark = pytest.mark.django_db

LOGIN, CHANGE, LOGOUT, MY = (
    reverse(name) for name in ("patrons:login", "patrons:password", "patrons:logout", "opac:my")
)


def newcomer(**fields) -> Patron:
    """Make the patron of the guide's example, who has never logged in."""
    fields.setdefault("card_number", "01234567")
    fields.setdefault("birth_date", date(2020, 9, 10))
    return build.patron(password=None, **fields)


def log_in(client: Client, card_number: str, password: str, **more):
    return client.post(LOGIN, {"card_number": card_number, "password": password} | more)


def test_guides_example_opens_with_45670910(client):
    newcomer()
    answer = log_in(client, "01234567", "45670910")
    assert answer["Location"] == MY
    assert client.get(MY)["Location"] == f"{CHANGE}?next=%2Fmy%2F"


@pytest.mark.parametrize(
    "typed", ["０１２３４５６７", "0123-4567", "0123 4567", "　０１２３ー４５６７　", "01−23‐45–67"]
)
def test_card_number_is_understood_however_it_is_typed(client, typed):
    newcomer()
    assert log_in(client, typed, "４５６７０９１０").status_code == 302


@pytest.mark.parametrize(
    ("born", "password"),
    [
        (date(2020, 2, 29), "45670229"),
        (date(1999, 12, 31), "45671231"),
        (date(1950, 1, 1), "45670101"),
    ],
)
def test_initial_password_of_rare_birthdays(client, born, password):
    newcomer(birth_date=born)
    assert log_in(client, "01234567", password).status_code == 302


def test_cards_that_differ_in_leading_zeros_are_different_patrons(client):
    newcomer(card_number="01234567", birth_date=date(2020, 9, 10))
    other = newcomer(card_number="1234567", birth_date=date(2020, 9, 11))
    assert log_in(client, "1234567", "45670910").status_code == 200
    log_in(client, "1234567", "45670911")
    assert client.session["_auth_user_id"] == str(other.user_id)


@pytest.mark.parametrize(
    ("card_number", "password", "words"),
    [
        ("", "", ["利用者カードの番号を入力してください。", "パスワードを入力してください。"]),
        ("abc", "x", ["利用者カードの番号は数字で入力してください。"]),
        ("01234567", "45670911", ["利用者カードの番号かパスワードが違います。もう一度入力してください。"]),
        ("99999999", "45670910", ["利用者カードの番号かパスワードが違います。もう一度入力してください。"]),
        ("1" * 101, "x", ["利用者カードの番号は20桁までです。"]),
        ("٠١٢٣٤٥٦٧", "45670910", ["利用者カードの番号は数字で入力してください。"]),
    ],
)
def test_refused_login_says_what_to_do_and_keeps_the_number(client, card_number, password, words):
    newcomer()
    page = log_in(client, card_number, password)
    errors = page.context["form"].errors.as_data().values()
    assert [message for found in errors for error in found for message in error.messages] == words
    assert page.context["form"]["card_number"].value() == card_number


def test_until_the_own_password_is_set_only_change_and_logout_work(client):
    newcomer()
    log_in(client, "01234567", "45670910")
    for path in ("/", MY, reverse("patrons:settings"), "/titles/1/", "/nowhere/", "/admin/"):
        assert client.get(path)["Location"].startswith(CHANGE)
        assert client.post(path, {"card_number": "1"})["Location"] == CHANGE
    assert client.get(CHANGE).status_code == 200
    client.post(LOGOUT)
    log_in(client, "01234567", "45670910")
    assert client.get(MY)["Location"].startswith(CHANGE)


def test_own_password_opens_everything_and_leads_on_to_where_one_wanted_to_go(client):
    patron = newcomer()
    log_in(client, "01234567", "45670910")
    wanted = reverse("patrons:settings")
    answer = client.post(CHANGE, {"password": "Hanako26", "again": "Hanako26", "next": wanted})
    assert answer["Location"] == wanted
    assert client.get(wanted).status_code == 200
    client.post(LOGOUT)
    assert log_in(client, "01234567", "45670910").status_code == 200
    assert log_in(client, "01234567", "Hanako26").status_code == 302
    patron.refresh_from_db()
    assert patron.own_password_set_at is not None


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("", "", ["新しいパスワードを入力してください。", "確認のため、もう一度入力してください。"]),
        ("abc", "abc", ["4文字以上で入力してください。"]),
        ("a" * 21, "a" * 21, ["20文字以下で入力してください。"]),
        ("ａｂｃｄ", "ａｂｃｄ", ["全角の文字が入っています。半角の英字と数字で入力してください。"]),
        ("abc-d", "abc-d", ["使えるのは半角の英字と数字だけです。記号や空白は使えません。"]),
        ("abc d", "abc d", ["使えるのは半角の英字と数字だけです。記号や空白は使えません。"]),
        ("abcd\n", "abcd\n", ["使えるのは半角の英字と数字だけです。記号や空白は使えません。"]),
        ("あ", "あ", ["使えるのは半角の英字と数字だけです。記号や空白は使えません。", "4文字以上で入力してください。"]),
        ("45670910", "45670910", ["初期パスワードと同じものは使えません。"]),
        ("01234567", "01234567", ["利用者カードの番号と同じものは使えません。"]),
        ("abcd", "abce", ["新しいパスワードと同じものを入力してください。"]),
    ],
)
def test_every_rule_of_the_own_password_has_its_words(client, password, again, words):
    patron = newcomer()
    log_in(client, "01234567", "45670910")
    page = client.post(CHANGE, {"password": password, "again": again})
    errors = page.context["form"].errors.as_data().values()
    assert [message for found in errors for error in found for message in error.messages] == words
    patron.refresh_from_db()
    assert patron.own_password_set_at is None


@pytest.mark.parametrize("password", ["abcd", "1234", "A" * 20, "0Z9z"])
def test_four_to_twenty_letters_and_digits_are_taken(client, password):
    newcomer()
    log_in(client, "01234567", "45670910")
    assert client.post(CHANGE, {"password": password, "again": password}).status_code == 302


def test_staff_put_a_patron_back_to_the_initial_password(client):
    patron = build.patron(card_number="01234567", birth_date=date(2020, 9, 10))
    log_in(client, "01234567", "abcd1234")
    put_back_to_initial(patron, now=timezone.now())
    assert client.get(MY)["Location"].startswith(LOGIN)
    assert log_in(client, "01234567", "abcd1234").status_code == 200
    log_in(client, "01234567", "45670910")
    assert client.get(MY)["Location"].startswith(CHANGE)


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)"]
)
def test_login_leads_to_no_other_site(client, wanted):
    build.patron(card_number="01234567")
    assert log_in(client, "01234567", "abcd1234", next=wanted)["Location"] == MY


def test_login_rotates_the_session_and_nothing_personal_is_stored(client):
    build.patron(card_number="01234567")
    log_in(client, "01234567", "abcd1234")
    first = client.session.session_key
    client.post(LOGOUT)
    log_in(client, "01234567", "abcd1234")
    assert client.session.session_key != first
    assert "no-store" in client.get(MY)["Cache-Control"]
    assert "no-store" in client.get(CHANGE)["Cache-Control"]


def test_closed_login_stays_outside(client):
    patron = build.patron(card_number="01234567")
    log_in(client, "01234567", "abcd1234")
    type(patron.user).objects.update(is_active=False)
    assert client.get(MY)["Location"].startswith(LOGIN)
    assert log_in(client, "01234567", "abcd1234").status_code == 200
