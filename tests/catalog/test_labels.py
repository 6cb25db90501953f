"""The label on a CD decides whether it is a 朗読CD (decision 12)."""

import pytest

from catalog.bibliography import labels
from tests import build

pytestmark = pytest.mark.django_db


def cd(*call_numbers: str, code: str = "cd"):
    title, library = build.title("音の本", code=code), build.library()
    for call_number in call_numbers:
        build.item(title, library, call_number=call_number)
    return title


@pytest.mark.parametrize(
    ("before", "call_numbers", "after"),
    [
        ("cd", ("CD 700",), "spoken_cd"),
        ("cd", ("CD 799/ナ", "朗読750"), "spoken_cd"),
        ("cd", ("CD 699",), "cd"),
        ("cd", ("CD 800",), "cd"),
        ("cd", ("CD",), "cd"),
        ("spoken_cd", ("CD 300",), "cd"),
        ("spoken_cd", (), "spoken_cd"),
        ("dvd", ("DVD 750",), "dvd"),
        ("book", ("750/ナ",), "book"),
    ],
)
def test_labels_decide_the_type_of_a_cd_alone(before, call_numbers, after):
    title = cd(*call_numbers, code=before)
    assert labels.settle(title)
    title.refresh_from_db()
    assert title.material_type.code == after


@pytest.mark.parametrize("before", ["cd", "spoken_cd"])
def test_labels_that_disagree_change_nothing_and_are_told(before):
    title = cd("CD 750", "CD 300", code=before)
    assert not labels.settle(title)
    title.refresh_from_db()
    assert title.material_type.code == before


def test_withdrawn_copies_have_no_say():
    title = cd("CD 750", "CD 300")
    title.items.filter(call_number="CD 300").update(status="withdrawn")
    labels.settle(title)
    assert title.material_type.code == "spoken_cd"


def test_reservations_follow_their_title_to_the_finer_type():
    title = cd("CD 750")
    reservation = build.reservation(title, build.patron(), build.library())
    labels.settle(title)
    reservation.refresh_from_db()
    assert reservation.material_type.code == "spoken_cd"


def test_saving_a_copy_in_the_admin_settles_the_type(client):
    client.force_login(build.staff())
    title, library = build.title("音の本", code="cd"), build.library()
    form = {
        "title": title.pk,
        "barcode": "990000001",
        "home_library": library.pk,
        "call_number": "CD 755/ア",
        "lendable": "on",
        "acquired_on": "2026-11-24",
    }
    client.post("/admin/catalog/item/add/", form)
    title.refresh_from_db()
    assert (title.items.count(), title.material_type.code) == (1, "spoken_cd")
