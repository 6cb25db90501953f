"""「パスワードを忘れたとき」 (SPEC P5)."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from patrons.account.addresses import remove
from patrons.account.mail import compose
from patrons.account.passwords import put_back_to_initial
from patrons.models import MailRequest
from tests import build
from tests.sure import sure

pytestmark = pytest.mark.django_db
ASK, LOGIN, MY = reverse("patrons:forgotten"), reverse("patrons:login"), reverse("opac:my")
NEW = {"password": "NewPass9", "again": "NewPass9"}


@pytest.fixture
def patron():
    return build.patron(card_number="01234567", birth_date=date(2020, 9, 10), email="hanako@example.jp")


def asked(client: Client, card_number: str = "01234567") -> str:
    """Ask for a link and return its path, as the mail carries it."""
    client.post(ASK, {"card_number": card_number})
    return sure(re.search(r"http://localhost:8000(/\S+)", compose(sure(MailRequest.objects.last()))[1]))[1]


def test_link_sets_a_new_password_once_and_ends_every_session(client, patron):
    elsewhere = Client()
    elsewhere.post(LOGIN, {"card_number": "01234567", "password": "abcd1234"})
    link = asked(client)
    assert client.get(link).status_code == 200
    assert elsewhere.get(MY).status_code == 200
    assert client.post(link, NEW)["Location"] == LOGIN
    assert elsewhere.get(MY)["Location"].startswith(LOGIN)
    assert client.post(link, NEW).status_code == 410
    assert client.post(LOGIN, {"card_number": "01234567", "password": "NewPass9"})["Location"] == MY


def test_answer_never_tells_whether_a_card_or_an_address_exists(client, patron):
    build.patron(card_number="01234568")
    pages, queries = [], []
    for card_number in ("01234567", "01234568", "99999999"):
        with CaptureQueriesContext(connection) as captured:
            pages.append(client.post(ASK, {"card_number": card_number}).content)
        queries.append(len(captured))
    assert pages[0] == pages[1] == pages[2]
    assert queries[0] == queries[1] == queries[2]
    assert "利用者カードとご本人確認できるものをお持ちいただき" in pages[0].decode()
    rows = MailRequest.objects.values_list("patron", "address")
    assert list(rows) == [(patron.pk, "hanako@example.jp"), (None, ""), (None, "")]


def test_link_dies_after_thirty_minutes(client, patron):
    link = asked(client)
    MailRequest.objects.update(created_at=timezone.now() - timedelta(minutes=29, seconds=50))
    assert client.get(link).status_code == 200
    MailRequest.objects.update(created_at=timezone.now() - timedelta(minutes=30))
    assert client.post(link, NEW).status_code == 410


def test_link_dies_when_something_else_changed(client, patron):
    link = asked(client)
    put_back_to_initial(patron, now=timezone.now())
    assert client.post(link, NEW).status_code == 410
    link = asked(client)
    remove(patron, now=timezone.now())
    assert client.post(link, NEW).status_code == 410


def test_second_link_dies_when_the_first_was_used(client, patron):
    first, second = asked(client), asked(client)
    assert client.post(first, NEW).status_code == 302
    assert client.post(second, NEW).status_code == 410


def test_made_up_and_swapped_links_open_nothing(client, patron):
    link = asked(client)
    assert client.get(link.replace("/reset/", "/address/")).status_code == 410
    assert client.get("/reset/made-up/").status_code == 410


def test_reset_keeps_the_rules_of_the_password(client, patron):
    link = asked(client)
    page = client.post(link, {"password": "45670910", "again": "45670910"})
    assert page.context["form"].errors == {"password": ["初期パスワードと同じものは使えません。"]}
    assert client.post(link, NEW).status_code == 302


def test_nobody_is_flooded_with_reset_mails(client, patron):
    for _ in range(8):
        client.post(ASK, {"card_number": "01234567"})
    assert MailRequest.objects.filter(patron=patron).count() == 5
    assert MailRequest.objects.count() == 8


def test_reset_lifts_the_lock_of_the_card(client, patron):
    for _ in range(6):
        page = client.post(LOGIN, {"card_number": "01234567", "password": "wrong"})
    assert "お待ちください" in page.content.decode()
    client.post(asked(client), NEW)
    assert client.post(LOGIN, {"card_number": "01234567", "password": "NewPass9"}).status_code == 302
