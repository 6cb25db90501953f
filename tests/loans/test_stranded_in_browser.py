"""「渡せる資料がない予約」 in a real browser, for staff with the keyboard and for the patron who waits."""

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from catalog.models import Item
from opac.faces.face import WEB
from reservations.models import Reservation
from reservations.sequences import make_sequence
from tests import build
from tests.browser import DESKTOP, DESKTOP_DARK, PHONE, go_on_as, violations


@pytest.fixture
def house(transactional_db) -> dict:
    here, there = build.library("中央図書館"), build.library("幸町図書館")
    patron = build.patron(card_number="01234567", telephone="086-000-0000")
    upper, lower = build.title("坊っちゃん 上"), build.title("坊っちゃん 下")
    build.item(upper, here, status=Item.Status.WITHDRAWN)
    build.item(lower, here)
    rows = [build.reservation(title, patron, here) for title in (upper, lower)]
    make_sequence(patron, rows, face=WEB, now=timezone.now())
    build.reservation(upper, build.patron("岡山 太郎"), there)
    edition = build.item(build.title("坊っちゃん 上（新装版）"), there, barcode="9000000031")
    return {"patron": patron, "rows": rows, "edition": edition, "staff": build.staff(library=here)}


def go_in(page: Page, user, url: str) -> None:
    client = Client()
    client.force_login(user, "patrons.backends.LoginBackend" if hasattr(user, "patron") else None)
    go_on_as(client, page, url)


@pytest.mark.parametrize("page", [DESKTOP, DESKTOP_DARK], indirect=True, ids=str)
def test_staff_move_a_queue_after_they_were_asked_once_more(page: Page, house, live_server):
    go_in(page, house["staff"], live_server.url)
    page.goto("/admin/desk/")
    page.locator("#scan").fill("n")
    page.locator("#scan").press("Enter")
    expect(page.get_by_role("heading", name="渡せる資料がない予約")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="坊っちゃん 上：取消か移動").press("Enter")
    assert violations(page) == []
    page.get_by_label("移す先の資料番号").fill("9000000031")
    page.get_by_role("button", name="移動の確認へ").press("Enter")
    expect(page.get_by_role("heading", name="2件の予約を移します。")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="2件を移す").press("Enter")
    expect(page.get_by_text("2件の予約を移しました。")).to_be_visible()
    expect(page.get_by_text("渡せる資料がない予約はありません。")).to_be_visible()
    assert set(Reservation.objects.filter(title=house["edition"].title).values_list("queue_number", flat=True)) == {
        1,
        2,
    }


@pytest.mark.parametrize("page", [PHONE, DESKTOP], indirect=True, ids=str)
def test_patron_reads_the_truth_and_lets_the_other_volume_come(page: Page, house, live_server):
    go_in(page, house["patron"].user, live_server.url)
    page.goto("/my/reservations/")
    expect(page.get_by_text("いま貸出できる資料がありません。").first).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto(f"/my/reservations/{house['rows'][1].pk}/")
    assert violations(page) == []
    page.get_by_role("button", name="順番予約を解除する").click()
    expect(page.get_by_text("順番予約を解除しました。")).to_be_visible()
    expect(page.get_by_text("順番は 1 番目です。")).to_be_visible()
