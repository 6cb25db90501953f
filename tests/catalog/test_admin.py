"""The admin of rules and copies: what would break a promise is said, never a 500."""

import pytest
from django.test import Client

from catalog.models import Item, Library, MaterialType
from tests import build
from tests.build import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Client:
    client = Client()
    client.force_login(build.staff("manager1"))
    return client


def save(client: Client, path: str, **fields):
    page = client.get(path)
    form = page.context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    for inline in page.context["inline_admin_formsets"]:
        for field in inline.formset.management_form:
            data[field.html_name] = field.value()
        for one in inline.formset.forms:
            data |= {one[name].html_name: one[name].value() for name in one.fields}
    data = {name: value for name, value in (data | fields).items() if value is not None and value is not False}
    return client.post(path, data, follow=True).content.decode()


def test_a_library_with_a_disc_to_be_collected_goes_on_handing_them_out(manager):
    here = build.library("伊島図書館")
    build.reservation(build.title(code="cd"), build.patron(), here)
    told = save(manager, f"/admin/catalog/library/{here.pk}/change/", hands_out_av=False)
    assert ("すでにある予約や貸出と合わない" in told, Library.objects.get().hands_out_av) == (True, True)


def test_audiovisual_material_is_not_made_extendable(manager):
    kind = build.kind("cd")
    told = save(manager, f"/admin/catalog/materialtype/{kind.pk}/change/", extendable="on")
    assert ("視聴覚資料は延長できません。" in told, MaterialType.objects.get(pk=kind.pk).extendable) == (True, False)


def test_a_policy_is_changed_with_words_beside_each_number(manager):
    told = save(manager, "/admin/catalog/policy/1/change/", hold_open_days=5)
    assert "変更しました" in told
    page = manager.get("/admin/catalog/policy/1/change/").content.decode()
    assert "準備ができた日の翌日から数えた、受取館の開館日の数。" in page


def test_where_a_copy_is_cannot_be_edited(manager):
    item = build.item(build.title(), build.library())
    save(manager, f"/admin/catalog/item/{item.pk}/change/", status="withdrawn", call_number="913.6/ナ")
    item = Item.objects.get()
    assert (item.status, item.call_number) == ("available", "913.6/ナ")


def test_a_copy_added_below_its_title_stands_at_its_home_library(manager):
    title, home = build.title(), build.library()
    copy = {
        "barcode": "110000001",
        "home_library": home.pk,
        "call_number": "913.6/ナ",
        "lendable": "on",
        "acquired_on": TODAY,
    }
    below = {f"items-0-{name}": value for name, value in copy.items()} | {"items-TOTAL_FORMS": 1}
    save(manager, f"/admin/catalog/title/{title.pk}/change/", **below)
    item = Item.objects.get()
    assert (item.title, item.home_library, item.library, item.status) == (title, home, home, "available")


@pytest.mark.parametrize("path", ["loans/loan", "reservations/reservation"])
def test_rows_of_circulation_are_to_look_at_only(manager, path):
    here, patron = build.library(), build.patron("総社 四郎")
    loan = build.loan(build.item(build.title("三四郎"), here), patron)
    row = {"loans/loan": loan, "reservations/reservation": build.reservation(build.title("門"), patron, here)}[path]
    pages = [manager.get(f"/admin/{path}/"), manager.get(f"/admin/{path}/{row.pk}/change/")]
    assert [page.status_code for page in pages] == [200, 200]
    assert all(patron.name not in page.content.decode() for page in pages)
    assert all(patron.card_number not in page.content.decode() for page in pages)
    assert manager.get(f"/admin/{path}/add/").status_code == 403
    assert manager.post(f"/admin/{path}/{row.pk}/change/", {}).status_code == 403
    assert manager.post(f"/admin/{path}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
