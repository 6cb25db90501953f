"""Whatever stands in an address or a form, no page of any face falls over; deep runs try more of it."""

import os
import random
import re
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import NoReverseMatch, reverse

from tests.opac.test_authorisation import PAGES, House

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("catalog", "patrons", "reservations", "loans", "notifications", "opac")
READ = r'\.(?:get|getlist|pop)\("([a-z_]+)"|^    ([a-z_]+) = forms\.|name="([a-z_]+)"'
SOURCES = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")] + list((ROOT / "templates").rglob("*.html"))
NAMED = {name for path in SOURCES for found in re.findall(READ, path.read_text(), re.M) for name in found}
FIELDS = sorted(NAMED - {""})
WORDS = ["", "0", "1", "-1", "9" * 11, "9" * 30, "1.5", "²", "１２", "\x00", "a\x00b", "😀", "%%%", "'\"><", "&|!:*"]
WORDS += ["ﷺ" * 100, "x" * 10_000, "../../etc/passwd", "2026-13-45", "2026-11-24", "null", "[]", "{}", "\u202e"]
WORDS += ["1,2", "1.2.3", "//evil.example/", "あ", "9784000000000"]
PARTS: dict[str, list[str | int]] = {"int": [1, 2, 10**11, 10**25], "uuid": ["123e4567-e89b-12d3-a456-426614174000"]}
DEEP = bool(os.environ.get("PORTAL_DEEP"))
ROLES = ["visitor", "patron", "manager", *(["newcomer", "counter", "cataloguing"] if DEEP else [])]
ROUNDS = 12 if DEEP else 1


@pytest.fixture
def house(db, settings) -> House:
    settings.SAMPLE_MAILBOX = ""
    return House()


@pytest.mark.parametrize("role", ROLES)
def test_no_address_and_no_form_makes_a_page_fall_over(house: House, role: str):
    chance, fell = random.Random(role), {}  # noqa: S311 – it chooses, it hides nothing
    for name in sorted(PAGES) * ROUNDS:
        house.clients.pop(role, None)
        address = made_up(chance, name) or house.address(name)
        given = {field: chance.choice(WORDS) for field in chance.sample(FIELDS, chance.choice((1, 2, 4, 8)))}
        for method in ("get", "post"):
            with transaction.atomic():
                try:
                    status = getattr(house.client_of(role), method)(address, given).status_code
                except Exception as fault:  # whatever it is, it would have been a 500
                    status = repr(fault)
                transaction.set_rollback(True)
            if status not in range(500) and status != 503:
                fell[method, address] = (status, given)
    assert fell == {}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/admin/catalog/importrun/book/change/", 302),
        ("/admin/catalog/importrun/?encoding=%00", 400),
        ("/admin/catalog/item/add/?title=1.2.3", 200),
    ],
)
def test_a_made_up_address_of_the_staffs_site_is_answered(house: House, address: str, status: int):
    assert house.client_of("cataloguing").get(address).status_code == status


def made_up(chance: random.Random, name: str) -> str:
    """Return an address of the page about rows that nobody made, "" where the pattern takes no such words or any."""
    parts = {
        part: chance.choice(PARTS.get(type(converter).__name__.removesuffix("Converter").lower(), WORDS[1:]))
        for part, converter in PAGES[name].pattern.converters.items()
    }
    if not parts or chance.random() < 0.5:
        return ""
    try:
        return reverse(name, kwargs=parts)
    except NoReverseMatch:
        return ""
