"""The whole story in a browser: from a search to a return that forgets who read the book (phone and desktop)."""

import os
import re
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect

from catalog.models import Item
from loans.models import Loan
from patrons.models import Patron
from reservations.models import Reservation
from tests import build
from tests.browser import DESKTOP, PHONE
from tests.mail import Mailbox
from tests.sure import sure

pytestmark = pytest.mark.django_db(transaction=True)

OWN_PASSWORD = "momo1234"
ADDRESS = "momoka@example.org"


@pytest.fixture
def house(transactional_db):
    """Two libraries, one copy on loan to somebody else, staff at the counters, and the patron of the guide."""
    chuo = build.library("中央図書館", code="chuo", telephone="086-223-3373")
    saiwai = build.library("幸町図書館", code="saiwaicho", telephone="086-234-5188")
    title = build.title("吾輩は猫である", title_reading="ワガハイ ワ ネコ デ アル", creator="夏目 漱石")
    copy = build.item(title, saiwai, barcode="110000017")
    build.loan(copy, build.patron())
    build.patron("桃山 ももか", card_number="01234567", birth_date=datetime(2020, 9, 10).date(), password=None)  # noqa: DTZ001
    build.staff("desk-chuo", library=chuo)
    build.staff("desk-saiwaicho", library=saiwai)
    return title


@pytest.mark.parametrize("page", [PHONE, DESKTOP], indirect=True)
def test_from_search_to_the_forgotten_loan(page: Page, house, smtp: Mailbox, settings, live_server, time_machine):
    settings.SITE_URL = live_server.url
    find_and_put_into_basket(page)
    log_in_for_the_first_time(page)
    register_address(page, smtp)
    reserve(page)
    elsewhere = sure(page.context.browser).new_context(
        base_url=live_server.url, locale="ja-JP", viewport=page.viewport_size
    )
    staff = elsewhere.new_page()
    return_at_the_other_library(staff)
    sees_it_in_transit_and_cannot_change(page)
    arrives(staff)
    is_told_once(page, smtp)
    takes_it_home(staff, page)
    extends_once_on_the_due_date(page, time_machine)
    brings_it_back(staff)
    staff.context.close()


def picture(page: Page, name: str) -> None:
    """Keep a picture of this step in the folder PORTAL_PICTURES, if one is named."""
    if folder := os.environ.get("PORTAL_PICTURES"):
        page.screenshot(path=f"{folder}/{name}-{sure(page.viewport_size)['width']}.png", full_page=True)


def find_and_put_into_basket(page: Page) -> None:
    page.goto("/")
    page.get_by_label("かんたん検索").fill("ねこである")
    page.get_by_role("button", name="検索", exact=True).click()
    picture(page, "01-results")
    page.get_by_role("button", name="予約かごへ", exact=True).click()
    page.goto("/basket/")
    expect(page.get_by_role("heading", level=1)).to_have_text("予約かご")
    expect(page.get_by_role("main")).to_contain_text("吾輩は猫である")
    picture(page, "02-basket")


def log_in_for_the_first_time(page: Page) -> None:
    page.get_by_role("banner").get_by_role("link", name="ログイン").click()
    page.get_by_label("利用者カードの番号").fill("０１２３－４５６７")
    page.get_by_label("パスワード", exact=False).first.fill("45670910")
    picture(page, "03-login")
    page.get_by_role("main").get_by_role("button", name="ログイン", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("パスワード変更")
    for path in ("/my/", "/my/reservations/", "/basket/"):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_text("パスワード変更")
    picture(page, "04-password")
    page.get_by_label("新しいパスワード").first.fill(OWN_PASSWORD)
    page.get_by_label("新しいパスワード").nth(1).fill(OWN_PASSWORD)
    page.get_by_role("main").get_by_role("button", name="パスワード").click()


def register_address(page: Page, smtp: Mailbox) -> None:
    page.goto("/my/")
    page.get_by_role("link", name="利用者情報設定").click()
    page.get_by_label("メールアドレス", exact=False).first.fill(ADDRESS)
    picture(page, "05-settings")
    page.get_by_role("main").get_by_role("button", name=re.compile("確認メール|保存|登録")).first.click()
    call_command("send_notices")
    (letter,) = smtp.messages
    smtp.messages.clear()
    page.goto(sure(re.search(r"https?://\S+", letter.get_content()))[0])
    if page.get_by_role("main").get_by_role("button").count():
        page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("メールアドレスを登録しました")
    picture(page, "06-address")
    assert Patron.objects.get(card_number="01234567").email == ADDRESS


def reserve(page: Page) -> None:
    page.goto("/basket/")
    page.get_by_label("受取館").select_option(label="中央図書館")
    page.get_by_label("eメール").check()
    picture(page, "07-basket")
    page.get_by_role("button", name="予約").last.click()
    expect(page.get_by_role("main")).to_contain_text("順番は 1 番目です")
    picture(page, "08-reserved")
    page.goto("/my/reservations/")
    expect(page.get_by_role("main")).to_contain_text("予約中")
    picture(page, "09-reservations")


def return_at_the_other_library(staff: Page) -> None:
    log_in_staff(staff, "desk-saiwaicho")
    scan(staff, "返却", "110000017")
    expect(answer(staff)).to_contain_text("中央図書館")
    picture(staff, "10-desk-return")
    assert Item.objects.get().status == Item.Status.IN_TRANSIT


def sees_it_in_transit_and_cannot_change(page: Page) -> None:
    page.goto("/my/reservations/")
    expect(page.get_by_role("main")).to_contain_text("配送中")
    expect(page.get_by_role("main").get_by_role("link", name="086-223-3373").first).to_be_visible()
    picture(page, "11-in-transit")


def arrives(staff: Page) -> None:
    log_in_staff(staff, "desk-chuo")
    scan(staff, "到着", "110000017")
    expect(answer(staff)).to_contain_text("取置")
    picture(staff, "12-desk-arrival")


def is_told_once(page: Page, smtp: Mailbox) -> None:
    call_command("send_notices")
    call_command("send_notices")
    (letter,) = smtp.messages
    assert letter["From"].addresses[0].addr_spec == "toshokan@ocl.city.okayama.jp"
    assert letter["To"] == ADDRESS
    assert "吾輩は猫である" in letter.get_content()
    assert "吾輩" not in letter["Subject"]
    page.goto("/my/reservations/")
    expect(page.get_by_role("main")).to_contain_text("取置／貸出可")
    picture(page, "13-ready")


def takes_it_home(staff: Page, page: Page) -> None:
    scan(staff, "貸出", "01234567")
    expect(staff.get_by_role("main")).to_contain_text("桃山 ももか")
    scan(staff, None, "110000017")
    expect(answer(staff)).to_contain_text("貸出")
    picture(staff, "14-desk-loan")
    page.goto("/my/loans/")
    expect(page.get_by_role("main")).to_contain_text("吾輩は猫である")
    expect(page.get_by_role("button", name="延長")).to_have_count(0)
    picture(page, "15-loans")


def extends_once_on_the_due_date(page: Page, time_machine) -> None:
    due_on = Loan.objects.open().get().due_on
    time_machine.move_to(datetime(due_on.year, due_on.month, due_on.day, 10, tzinfo=build.TOKYO))
    page.goto("/my/loans/")
    log_in_again(page)
    picture(page, "16-due")
    page.get_by_role("button", name="延長", exact=True).click()
    expect(page.get_by_role("button", name="延長")).to_have_count(0)
    assert Loan.objects.open().get().due_on == due_on + timedelta(days=14)


def log_in_again(page: Page) -> None:
    """Log in after two weeks away and come back to the page that was asked for."""
    page.get_by_label("利用者カードの番号").fill("01234567")
    page.get_by_label("パスワード").fill(OWN_PASSWORD)
    page.get_by_role("main").get_by_role("button", name="ログイン", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("借りている資料")


def brings_it_back(staff: Page) -> None:
    log_in_staff(staff, "desk-saiwaicho")
    scan(staff, "返却", "110000017")
    expect(answer(staff)).to_contain_text("吾輩は猫である")
    picture(staff, "17-desk-check-in")
    assert Loan.objects.latest("id").patron is None
    assert not Reservation.objects.filter(patron__card_number="01234567").exists()


def log_in_staff(staff: Page, username: str) -> None:
    staff.context.clear_cookies()
    staff.goto("/admin/")
    staff.get_by_label("ログイン名").fill(username)
    staff.get_by_label("パスワード").fill("staff-pass-1")
    staff.get_by_role("button", name="ログイン").click()


def scan(staff: Page, desk: str | None, code: str) -> None:
    """Scan a code at one of the desks (貸出, 返却, 到着); None stays where the last scan was."""
    if desk:
        staff.goto("/admin/desk/")
        staff.get_by_role("link", name=desk).first.click()
    field = staff.locator("input:focus")
    field.fill(code)
    field.press("Enter")


def answer(staff: Page) -> Locator:
    """Return what the desk says to the last scan."""
    return staff.get_by_role("main").get_by_role("status")
