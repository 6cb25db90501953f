"""「デジタル利用者カード」: what its codes say (SPEC M6)."""

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from patrons.models import AccountPolicy
from patrons.people.card import nw7, qr, text_of_nw7
from tests import build


@pytest.mark.parametrize(
    ("kind", "start", "stop", "text"),
    [
        ("none", "A", "A", "A01234567A"),
        ("none", "A", "B", "A01234567B"),
        ("mod16", "A", "A", "A012345674A"),
        ("7dr", "A", "A", "A012345675A"),
        ("luhn", "A", "A", "A012345674A"),
    ],
)
def test_text_between_start_and_stop(kind, start, stop, text):
    policy = AccountPolicy(card_start=start, card_stop=stop, card_check_digit=kind)
    assert text_of_nw7("01234567", policy) == text


def test_symbols_bring_their_quiet_zones():
    bars, square = nw7("01234567", AccountPolicy()), qr("01234567")
    assert bars.path.startswith("M20 0h2v96h-2z")
    assert (square.width, square.path.startswith("M4 4h7v1")) == (29, True)


@pytest.mark.django_db
def test_card_is_the_patrons_own_and_is_not_stored(client):
    patron = build.patron("岡山 花子", card_number="00000042")
    assert client.get(reverse("patrons:card"))["Location"].startswith(reverse("patrons:login"))
    client.force_login(patron.user)
    page = client.get(reverse("patrons:card"))
    assert "00000042" in page.content.decode()
    assert "no-store" in page["Cache-Control"]


@pytest.mark.django_db
def test_manifest_names_icons_that_exist(client):
    manifest = client.get(reverse("patrons:manifest")).json()
    assert (manifest["start_url"], manifest["display"]) == (reverse("patrons:card"), "standalone")
    assert all(finders.find(icon["src"].removeprefix("/static/")) for icon in manifest["icons"])
