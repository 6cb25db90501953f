"""A day at the counter in a real browser, with nothing but the keyboard and what a scanner types."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from catalog.models import Library
from loans.models import Loan
from reservations.models import Reservation, State
from tests import build
from tests.browser import DESKTOP, DESKTOP_DARK, PHONE, violations
from tests.conftest import DEEP


@pytest.fixture
def house(transactional_db):
    here, there = build.library("中央図書館"), build.library("幸町図書館")
    title = build.title("坊っちゃん", added_on=timezone.localdate())
    patron = build.patron(card_number="01234567")
    return {
        "here": here,
        "there": there,
        "patron": patron,
        "item": build.item(title, here, barcode="9000000015", call_number="913.6/ナ"),
        "other": build.item(build.title("こころ"), here, barcode="9000000023"),
        "reservation": build.reservation(title, patron, there, contact_method="none"),
        "staff": build.staff(library=here),
    }


def log_in(page: Page) -> None:
    page.goto("/admin/")
    page.keyboard.type("counter1")
    page.keyboard.press("Tab")
    page.keyboard.type("staff-pass-1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/desk/")


def scan(page: Page, number: str, expected: str) -> None:
    """Type as a scanner does: digits, then Enter; the field must have the focus without any help."""
    expect(page.locator("#scan")).to_be_focused()
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    expect(page.locator(".answer__headline, .answer__detail").first).to_contain_text(expected)


def stand_at(page: Page, library: Library) -> None:
    page.get_by_label("この館").select_option(label=library.short_name)
    page.get_by_role("button", name="変える").press("Enter")
    expect(page.locator("h1")).to_contain_text(library.short_name)


def command(page: Page, key: str, heading: str) -> None:
    page.keyboard.type(key)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)


def test_a_copy_travels_arrives_is_lent_and_comes_back(page: Page, house):
    log_in(page)
    command(page, "2", "返却")
    scan(page, "9000000015", "配送中　幸町図書館へ")
    stand_at(page, house["there"])
    command(page, "3", "配送到着")
    scan(page, "A9000000015B", "取置　1番の棚へ")
    assert Reservation.objects.get().state == State.READY
    command(page, "1", "貸出")
    scan(page, "01234567", "資料を読み取ってください")
    expect(page.get_by_text("1番")).to_be_visible()
    scan(page, "9000000015", "貸出　")
    assert Loan.objects.get().patron == house["patron"]
    scan(page, "0", "貸出を取り消しました")
    assert Reservation.objects.get().state == State.READY
    scan(page, "9000000015", "貸出　")
    command(page, "2", "返却")
    scan(page, "9000000015", "返送　中央図書館へ")
    assert (Loan.objects.get().patron, Reservation.objects.count()) == (None, 0)


def test_scans_that_come_faster_than_the_answers_are_all_served(page: Page, house):
    log_in(page)
    scan(page, "01234567", "資料を読み取ってください")
    for number in ("9000000023", "9000000015", "9000000023"):
        page.keyboard.type(number)
        page.keyboard.press("Enter")
    expect(page.locator(".answer__headline")).to_have_text("この方に貸出中です")
    assert Loan.objects.count() == 2


def test_a_wrong_number_says_what_it_is(page: Page, house):
    log_in(page)
    scan(page, "9000000015", "利用者カードが先です")
    scan(page, "5555", "登録のない番号です")
    command(page, "2", "返却")
    scan(page, "01234567", "これは利用者カードです")
    assert Loan.objects.count() == 0


def test_a_copy_others_wait_for_is_lent_with_a_reason_by_keyboard(page: Page, house):
    other = build.patron(card_number="07654321")
    log_in(page)
    scan(page, other.card_number, "資料を読み取ってください")
    page.keyboard.type("9000000015")
    page.keyboard.press("Enter")
    expect(page.locator(".answer__headline")).to_have_text("予約が1件入っています")
    expect(page.get_by_label("それでも貸す理由")).to_be_focused()
    page.keyboard.type("展示のため")
    page.keyboard.press("Enter")
    expect(page.locator(".answer__headline")).to_contain_text("貸出　")
    expect(page.locator("#scan")).to_be_focused()
    assert Loan.objects.get().override_reason == "展示のため"


def test_a_copy_is_fetched_from_the_list_and_a_missing_one_reported(page: Page, house):
    build.item(house["item"].title, house["here"], barcode="9000000031", call_number="913.6/ナ")
    log_in(page)
    command(page, "4", "予約回収")
    expect(page.get_by_role("row")).to_have_count(2)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="9000000015 が見つからない")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".answer__headline")).to_have_text("調査中にしました")
    scan(page, "9000000031", "配送中　幸町図書館へ")
    expect(page.get_by_text("この館から集める資料は、いまはありません。")).to_be_visible()


def test_a_cancelled_copy_is_cleared_from_the_shelf(page: Page, house):
    held = Reservation.objects.get()
    Reservation.objects.filter(pk=held.pk).update(pickup_library=house["here"])
    log_in(page)
    command(page, "2", "返却")
    scan(page, "9000000015", "取置　1番の棚へ")
    page.goto(f"/admin/desk/patrons/{house['patron'].pk}/")
    page.get_by_label("取り消す理由").fill("お申し出")
    page.get_by_role("button", name="予約を取り消す").press("Enter")
    expect(page.get_by_text("予約を取り消しました。")).to_be_visible()
    page.goto("/admin/desk/hold-shelf/")
    expect(page.get_by_role("heading", name="片づける資料　1点")).to_be_visible()
    scan(page, "9000000015", "書架へ")
    expect(page.get_by_text("片づける資料はありません。")).to_be_visible()


@pytest.mark.parametrize("page", [PHONE, DESKTOP, DESKTOP_DARK] if DEEP else [PHONE], indirect=True, ids=str)
def test_the_counters_pages_can_be_used_by_everyone(page: Page, house):
    log_in(page)
    found = {}
    for path in ("", "return/", "pull-list/", "hold-shelf/", "contacts/", "patrons/", f"patrons/{house['patron'].pk}/"):
        page.goto(f"/admin/desk/{path}")
        found[path] = violations(page)
    page.goto("/admin/calendar/")
    found["calendar"] = violations(page)
    assert {path: problems for path, problems in found.items() if problems} == {}
