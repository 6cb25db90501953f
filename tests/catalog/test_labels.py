"""The label on a CD decides whether it is a 朗読CD (decision 12)."""

import pytest
from django.contrib.auth.models import Group

from catalog.bibliography import labels
from catalog.models import MaterialType
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
        ("cd", ("ＣＤ７０９／ア",), "spoken_cd"),
        ("cd", ("CD2 709",), "spoken_cd"),
        ("cd", ("CD1-760",), "spoken_cd"),
        ("cd", ("ＣＤ１２－７９９．１", "cd/0750"), "spoken_cd"),
        ("cd", ("CD12",), "cd"),
        ("cd", ("CD7 640",), "cd"),
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


LABELS = ("CD2 709", "ＣＤ７０９／ア", "CD709-2", "CD1-760", "CD1 AV709/3", "CD 7.5/709", "CD", "９" * 50)


@pytest.mark.parametrize(
    ("which", "prefix", "numbers"),
    [
        ("as_wide", "", (709, 709, 709, 760, 709, 709, None, int("9" * 50))),
        ("first", "", (2, 709, 709, 1, 1, 7, None, int("9" * 50))),
        ("last", "", (709, 709, 2, 760, 3, 709, None, int("9" * 50))),
        ("behind", "ＡＶ", (None, None, None, None, 709, None, None, None)),
        ("behind", "cd", (2, 709, 709, 1, 1, 7, None, None)),
        ("behind", "-", (None, None, 2, 760, None, None, None, None)),
    ],
)
def test_which_number_of_a_label_counts_is_a_row(which, prefix, numbers):
    fine = MaterialType(label_first=700, label_last=799, label_number=which, label_prefix=prefix)
    assert tuple(labels.number_on(label, fine) for label in LABELS) == numbers


def test_a_range_of_another_width_finds_its_own_numbers():
    fine = MaterialType(label_first=5, label_last=12)
    assert [labels.number_on(label, fine) for label in ("709 12", "R7", "1998-3")] == [12, 7, 3]


ADDRESS = "/admin/catalog/materialtype/labels/"


def test_staff_try_labels_and_read_why(client):
    client.force_login(build.staff())
    cd, spoken = build.kind("cd"), build.kind("spoken_cd")
    change = client.get(f"/admin/catalog/materialtype/{spoken.pk}/change/").text
    assert f'href="{ADDRESS}"' in change
    assert "700～799" in client.get(ADDRESS).text
    typed = "CD2 709\r\n\r\nCD 300/ア\r\n朗読 <b>"
    answer = client.post(ADDRESS, {"base": cd.pk, "labels": typed})
    told = [(one.label, one.kind, one.reasons) for one in answer.context["verdicts"]]
    assert told == [
        ("CD2 709", spoken, ["朗読CD：番号は709（範囲と同じけた数の、最初の番号）。700～799に入ります。"]),
        ("CD 300/ア", cd, ["朗読CD：番号は300（範囲と同じけた数の、最初の番号）。700～799に入りません。"]),
        ("朗読 <b>", cd, ["朗読CD：番号がありません（範囲と同じけた数の、最初の番号）。"]),
    ]
    assert answer.text.count("CD2 709") == 2  # in the box, as it was typed, and in the table


@pytest.mark.parametrize("typed", ["", " \r\n ", "CD 1\r\n" * 501, "9" * 201])
def test_what_cannot_be_tried_is_said_and_kept(client, typed):
    client.force_login(build.staff())
    answer = client.post(ADDRESS, {"base": build.kind("cd").pk, "labels": typed})
    assert (answer.status_code, answer.context["verdicts"]) == (200, [])
    assert answer.context["form"]["labels"].value() == typed
    assert "＊" in answer.text


def test_the_page_says_when_no_type_is_told_by_its_label(client):
    MaterialType.objects.update(refines=None, label_first=None, label_last=None)
    client.force_login(build.staff())
    assert "番号で分ける資料種別がありません" in client.get(ADDRESS).text


def test_trying_labels_needs_the_permission_to_see_material_types(client):
    someone = build.staff(is_superuser=False)
    client.force_login(someone)
    assert client.post(ADDRESS, {"labels": "CD 709"}).status_code == 403
    someone.groups.add(Group.objects.get(name="cataloguing"))
    assert client.get(ADDRESS).status_code == 200


def test_a_number_behind_letters_needs_the_letters(client):
    client.force_login(build.staff())
    spoken = build.kind("spoken_cd")
    page = client.get(f"/admin/catalog/materialtype/{spoken.pk}/change/")
    form = {name: "" if value is None else value for name, value in page.context["adminform"].form.initial.items()}
    form |= {"label_number": "behind", "label_prefix": " "}
    answer = client.post(f"/admin/catalog/materialtype/{spoken.pk}/change/", form)
    assert "「番号の前の文字」を入れてください。" in answer.text
