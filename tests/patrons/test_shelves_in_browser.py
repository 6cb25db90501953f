"""「My 本棚」 and 「読書チャレンジ」 as a patron meets them, at both sizes, with and without a script."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from patrons.models import Challenge, Shelf, ShelfEntry
from patrons.reading import shelves
from tests import build
from tests.browser import DESKTOP, PHONE, violations
from tests.reservations.test_in_browser import about, log_in
from tests.sure import sure

SIZES = pytest.mark.parametrize("page", [PHONE, DESKTOP], indirect=True)


@pytest.fixture
def patron(page: Page):
    return build.patron(email="hanako@example.jp")


def filled(patron, *names, name="冬に読む本") -> Shelf:
    shelf = Shelf.objects.create(patron=patron, name=name, created_at=timezone.now())
    for one in names:
        shelves.add(shelf, build.title(one, creator="宮沢賢治"), now=timezone.now())
    return shelf


def rows(page: Page) -> list[str]:
    return page.locator(".book__title").all_inner_texts()


@SIZES
def test_from_the_title_page_to_the_shelf_and_read(page: Page, patron):
    title = build.title("銀河鉄道の夜", creator="宮沢賢治", isbn="9784003101018")
    build.item(title, build.library())
    log_in(page, patron)
    page.goto(title.get_absolute_url())
    page.get_by_role("link", name=about("My 本棚へ", "銀河鉄道の夜")).click()
    assert violations(page) == []
    page.get_by_label("メモ").fill("冬の夜に")
    page.get_by_role("button", name="本棚に入れる").click()
    expect(page.get_by_text("「銀河鉄道の夜」を本棚「わたしの本棚」に入れました。")).to_be_visible()
    expect(page.get_by_text("冬の夜に")).to_be_visible()
    page.get_by_role("button", name=re.compile("^読んだ")).click()
    expect(page.get_by_text("「銀河鉄道の夜」を「読んだ」にしました。")).to_be_visible()
    page.get_by_role("button", name=re.compile("^本棚から出す")).click()
    page.get_by_role("button", name=re.compile("^もとに戻す")).click()
    expect(page.get_by_text("「銀河鉄道の夜」を本棚に戻しました。")).to_be_visible()
    page.get_by_label("ISBN").fill("４－００－３１０１０１－４")
    page.get_by_role("button", name="ISBNで入れる").click()
    expect(page.get_by_text("もう本棚「わたしの本棚」にあります。")).to_be_visible()
    assert violations(page) == []
    assert ShelfEntry.objects.get().read_on == timezone.localdate()


@SIZES
def test_wrong_isbn_is_said_at_the_field_and_kept(page: Page, patron):
    shelf = filled(patron, "猫")
    log_in(page, patron)
    page.goto(shelf.get_absolute_url())
    page.get_by_label("ISBN").fill("12345")
    page.get_by_role("button", name="ISBNで入れる").click()
    expect(page.get_by_role("alert")).to_contain_text("ISBNを読み取れませんでした。")
    expect(page.get_by_label("ISBN")).to_have_value("12345")
    expect(page.get_by_label("ISBN")).to_be_focused()
    assert violations(page) == []


@SIZES
def test_order_by_arrows(page: Page, patron):
    shelf = filled(patron, "一", "二", "三")
    log_in(page, patron)
    page.goto(shelf.get_absolute_url())
    page.get_by_role("button", name=about("下へ", "一")).click()
    expect(page.locator(".book__title").first).to_have_text("二")
    assert rows(page) == ["二", "一", "三"]
    assert [str(entry) for entry in shelf.entries.standing()] == ["二", "一", "三"]


def test_a_title_is_dragged_to_its_place(page: Page, patron):
    shelf = filled(patron, "一", "二", "三")
    log_in(page, patron)
    page.goto(shelf.get_absolute_url())
    expect(page.locator(".book").nth(2)).to_have_attribute("draggable", "true")
    page.set_viewport_size({"width": 1280, "height": 1600})  # nothing scrolls between taking hold and letting go
    page.locator(".book__by").nth(2).drag_to(page.locator(".book__by").first)
    expect(page.locator(".book__title").first).to_have_text("三")
    assert [str(entry) for entry in shelf.entries.standing()] == ["三", "一", "二"]


@SIZES
def test_what_is_in_stock_goes_to_the_basket(page: Page, patron):
    shelf, at = filled(patron, "ある本", "貸出中の本", "もう一冊"), build.library()
    for entry in shelf.entries.exclude(name="貸出中の本"):
        build.item(sure(entry.title), at)
    log_in(page, patron)
    page.goto(shelf.get_absolute_url())
    page.get_by_label("予約する：もう一冊").uncheck()
    page.get_by_role("button", name="在庫のある資料を予約かごへ").click()
    expect(page.get_by_text("「ある本」を予約かごに入れました。")).to_be_visible()
    page.get_by_role("link", name="前のページに戻って、続けてえらぶ").click()
    expect(page.get_by_role("heading", name="冬に読む本")).to_be_visible()


@SIZES
def test_challenge_is_begun_and_fills(page: Page, patron):
    shelf = filled(patron, "一", "二")
    for entry in shelf.entries.all():
        shelves.mark(entry, "read", on=timezone.localdate())
    log_in(page, patron)
    page.goto(reverse("patrons:challenges"))
    assert violations(page) == []
    page.get_by_role("link", name="チャレンジを始める").click()
    page.get_by_label("チャレンジの名前").fill("年末まで")
    page.get_by_label("目標").fill("４")
    assert violations(page) == []
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_role("heading", name="年末まで")).to_be_visible()
    expect(page.get_by_text("目標 4冊のうち、2冊読みました。")).to_be_visible()
    expect(page.locator(".tome")).to_have_count(4)
    expect(page.locator(".tome--open")).to_have_count(2)
    assert violations(page) == []
    page.get_by_role("link", name="読書通帳").click()
    expect(page.get_by_text("2冊の記録です。")).to_be_visible()
    assert violations(page) == []
    assert Challenge.objects.get().goal == 4


@SIZES
def test_paper_shows_the_books_and_no_buttons(page: Page, patron):
    shelf = filled(patron, "一", "二")
    log_in(page, patron)
    page.emulate_media(media="print")
    page.goto(shelf.get_absolute_url())
    expect(page.get_by_text("一", exact=True).first).to_be_visible()
    for name in ("本棚から出す", "ISBNで入れる", "ログアウト"):
        expect(page.get_by_role("button", name=re.compile(name))).to_have_count(0)
    page.goto(f"{shelf.get_absolute_url()}?list=1")
    expect(page.get_by_role("row")).to_have_count(3)


@SIZES
def test_file_is_downloaded(page: Page, patron):
    shelf = filled(patron, "銀河鉄道の夜")
    log_in(page, patron)
    page.goto(shelf.get_absolute_url())
    with page.expect_download() as download:
        page.get_by_role("link", name="CSVで書き出す").click()
    assert "銀河鉄道の夜" in Path(download.value.path()).read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("width", [320, 1280])
def test_everything_works_without_a_script(browser: Browser, live_server, width):
    patron = build.patron()
    shelf = filled(patron, "一", "二")
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": width, "height": 800}, locale="ja-JP"
    )
    page = context.new_page()
    log_in(page, patron)
    page.goto(shelf.get_absolute_url())
    page.get_by_role("button", name=about("上へ", "二")).click()
    assert rows(page) == ["二", "一"]
    page.get_by_role("link", name=about("メモ・しるし", "一")).click()
    page.get_by_label("読んだ", exact=True).check()
    page.get_by_label("メモ").fill("よかった")
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_text("よかった")).to_be_visible()
    page.get_by_role("button", name=about("本棚から出す", "一")).click()
    page.get_by_role("button", name=about("もとに戻す", "一")).click()
    assert rows(page) == ["二", "一"]
    context.close()
