"""The admin of copies and titles: who takes the last copy from those who wait says what becomes of them."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from catalog.models import Item
from reservations.models import Reservation
from tests import build
from tests.catalog.test_admin import save
from tests.reservations.queue_setup import scan

pytestmark = pytest.mark.django_db
ASKED = "を待つ予約が1件あり、渡せる資料がなくなります。"


@pytest.fixture
def manager() -> Client:
    client = Client()
    client.force_login(build.staff("manager1"))
    return client


@pytest.fixture
def here():
    return build.library()


@pytest.fixture
def copy(here) -> Item:
    return build.item(build.title("二重の書誌"), here)


@pytest.fixture
def waits(copy, here) -> Reservation:
    return build.reservation(copy.title, build.patron(), here)


def change(manager: Client, copy: Item, **fields) -> str:
    told = save(manager, f"/admin/catalog/item/{copy.pk}/change/", **fields)
    copy.refresh_from_db()
    return told


def test_last_copy_moves_to_another_record_only_with_an_answer_and_serves_there(manager, here, copy, waits):
    new = build.title("二重の書誌（残すほう）")
    assert f"「二重の書誌」{ASKED}" in change(manager, copy, title=new.pk)
    assert copy.title_id == waits.title_id
    assert "1件の予約を移しました。" in change(manager, copy, title=new.pk, queue="along")
    waits.refresh_from_db()
    assert (copy.title_id, waits.title_id) == (new.pk, new.pk)
    assert scan(copy, here) == waits


def test_queue_may_be_left_and_is_on_the_list(manager, copy, waits):
    new = build.title("二重の書誌（残すほう）")
    assert "変更しました" in change(manager, copy, title=new.pk, queue="stay")
    assert copy.title_id == new.pk
    assert Reservation.objects.stranded().get() == waits


def test_another_copy_that_can_serve_lets_the_first_one_go(manager, here, copy, waits):
    build.item(copy.title, here)
    new = build.title("二重の書誌（残すほう）")
    assert "変更しました" in change(manager, copy, title=new.pk, queue="along")
    waits.refresh_from_db()
    assert (copy.title_id, waits.title_id == new.pk) == (new.pk, False)


def test_copy_that_served_nobody_is_not_asked_about(manager, here, copy, waits):
    Item.objects.filter(pk=copy.pk).update(status=Item.Status.MISSING)
    assert "変更しました" in change(manager, copy, lendable=False)


def test_last_copy_becomes_reference_only_with_an_answer(manager, copy, waits):
    assert ASKED in change(manager, copy, lendable=False)
    assert ASKED in change(manager, copy, lendable=False, queue="along")
    assert copy.lendable
    assert "変更しました" in change(manager, copy, lendable=False, queue="stay")
    assert not copy.lendable


def test_queue_does_not_go_along_to_where_nobody_is_served(manager, copy, waits):
    new = build.title("二重の書誌（残すほう）")
    told = change(manager, copy, title=new.pk, lendable=False, queue="along")
    assert ("移した先でも渡せない" in told, copy.title_id) == (True, waits.title_id)


def test_copies_below_a_title_ask_on_their_own_page(manager, here, copy, waits):
    path = f"/admin/catalog/title/{copy.title_id}/change/"
    assert ASKED in save(manager, path, **{"items-0-lendable": False})
    assert Item.objects.get(pk=copy.pk).lendable
    build.item(copy.title, here)
    save(manager, path, **{"items-0-lendable": False})
    assert Item.objects.filter(lendable=True).count() == 1


def test_who_only_looks_at_a_copy_is_asked_nothing(here, copy):
    client = Client()
    clerk = build.staff("clerk", is_superuser=False)
    clerk.groups.add(Group.objects.get(name="counter"))
    client.force_login(clerk)
    page = client.get(f"/admin/catalog/item/{copy.pk}/change/")
    assert (page.status_code, "待っている予約" in page.content.decode()) == (200, False)
