"""A day at the counter in a real browser, with nothing but the keyboard and what a scanner types."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from catalog.models import Library
from loans.models import Loan
from reservations.models import Reservation, State
from tests import build


@pytest.fixture
def house(rows_of_migrations):
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
