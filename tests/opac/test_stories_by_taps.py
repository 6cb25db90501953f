"""A patron's stories on the タッチパネル版 by taps alone: no key of a keyboard, no pointer, no address typed."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from catalog.models import Terminal
from patrons.models import Patron
from reservations.models import Reservation, State
from tests import build
from tests.browser import Shape
from tests.opac.test_stories_on_terminals import device

PANEL = Shape(1080, 1400, touch=True)
LYING = Shape(1280, 800, touch=True)
pytestmark = pytest.mark.parametrize("page", [PANEL, LYING], indirect=True)
FINGERS_ONLY = """for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, (event) => {
  if (event.isTrusted && event.pointerType !== "touch") throw new Error(`${kind} by no finger`);
}, true);"""
# What the panel has nowhere: words of links and buttons.
NOT_HERE = re.compile(
    "予約かご|順番予約にする|順番予約を解除|利用者情報設定|My 本棚|本棚に|読書チャレンジ|新着資料お知らせメール"
    "|パスキー|デジタル利用者カード|わたしのデータ|フィード|新着資料をメールで"
)


def begin(page: Page) -> Patron:
    """Register the panel as staff do, then let fingers alone near it."""
    patron = device(page, Terminal.Kind.TOUCH)
    page.context.add_init_script(FINGERS_ONLY)
    return patron


def tap(page: Page, name: str, role: str = "link") -> None:
    """Tap what is named so, once it is seen that the page offers nothing that is not for the panel."""
    look(page)
    with page.expect_navigation():
        page.get_by_role(role, name=re.compile(name)).first.tap()


def look(page: Page) -> None:
    offered = page.locator("a:visible, button:visible").all_inner_texts()
    assert [words for words in offered if NOT_HERE.search(words)] == []
    assert page.locator("a[href^=http], a[href^=mailto], a[href^=tel], a[target], a[download]").count() == 0


def write(page: Page, *keys: str, panel: str = "") -> None:
    """Tap keys of the screen's keyboard, after turning it to another panel where one is named."""
    keyboard = page.get_by_role("region", name="画面のキーボード")
    for key in (panel, *keys) if panel else keys:
        keyboard.get_by_role("button", name=key, exact=True).tap()


def send(page: Page, *keys: str, panel: str = "") -> None:
    """Tap keys, the last of which sends the form."""
    write(page, *keys[:-1], panel=panel)
    with page.expect_navigation():
        write(page, keys[-1])


def log_in(page: Page, patron: Patron, password: str = "abcd1234") -> None:
    """Fill in the login, whose card field waits for its digits."""
    send(page, *patron.card_number, "次の欄へ", *password, "ログイン")


def end(page: Page) -> None:
    page.get_by_role("button", name="ログアウト").tap()
    page.wait_for_url("/")
    expect(page.get_by_role("link", name="My ライブラリログイン")).to_be_visible()
    assert "sessionid" not in {cookie["name"] for cookie in page.context.cookies()}


def test_search_reserve_change_pause_cancel_take_back_and_logout(page: Page) -> None:
    patron = begin(page)
    send(page, "か", "濁点・半濁点", "つ", "小さい字にする", "こ", "う", "検索")
    tap(page, "^学校の怪談$")
    page.wait_for_url(re.compile("/titles/"))
    tap(page, "^予約する")
    page.wait_for_url(re.compile("/login/"))
    log_in(page, patron)
    tap(page, "^幸町図書館", "button")
    tap(page, "^電話$", "button")
    expect(page.get_by_role("heading", level=1, name="これで予約しますか")).to_be_visible()
    tap(page, "^予約する$", "button")
    expect(page.get_by_role("heading", level=1, name="予約しました")).to_be_visible()
    made = Reservation.objects.get(patron=patron)
    assert (made.pickup_library.short_name, made.contact_method) == ("幸町図書館", "telephone")

    tap(page, "^予約している資料$")
    tap(page, "^変更")
    page.get_by_label("受取館").tap()
    page.get_by_role("option", name=re.compile("中央図書館")).tap()
    page.get_by_label("不要").tap()
    tap(page, "^変更する$", "button")
    expect(page.get_by_text("受取館・連絡方法を変更しました。")).to_be_visible()
    made.refresh_from_db()
    assert (made.pickup_library.short_name, made.contact_method) == ("中央図書館", "none")
    tap(page, "^変更")
    page.get_by_label("順番に戻る日").tap()
    page.get_by_label("順番に戻る日").locator("option").nth(1).tap()
    tap(page, "^お休みにする$", "button")
    made.refresh_from_db()
    assert made.sleeps_until == timezone.localdate() + timedelta(weeks=2)
    tap(page, "^予約している資料")
    tap(page, "^取消", "button")
    expect(page.get_by_text("「学校の怪談」の予約を取り消しました。")).to_be_visible()
    made.refresh_from_db()
    assert made.state == State.CANCELLED
    tap(page, "^もとに戻す", "button")
    expect(page.get_by_role("link", name=re.compile("^変更"))).to_be_visible()
    end(page)


def test_a_title_is_found_by_digits_and_by_letters(page: Page) -> None:
    patron = begin(page)
    build.item(build.title("Kokoro", isbn="9784101010137"), patron.pickup_library)
    send(page, *"9784101010137", "検索", panel="数字")
    expect(page.get_by_role("link", name="Kokoro", exact=True)).to_be_visible()
    tap(page, "^もどる$", "button")
    page.wait_for_url("/")
    send(page, *"kokoro", "検索", panel="ABC")
    tap(page, "^Kokoro$")
    expect(page.get_by_alt_text("この資料のページのQRコード")).to_be_visible()
    tap(page, "^もどる$", "button")
    page.wait_for_url(re.compile(r"/search/\?"))
    look(page)


def test_loans_are_seen_and_extended_and_sequences_are_left_to_the_counter(page: Page) -> None:
    patron = begin(page)
    today = timezone.localdate()
    lent = build.loan(build.item(build.title("羅生門"), patron.pickup_library), patron, due_on=today)
    for volume in "上下":
        build.reservation(build.title(f"細雪 {volume}巻"), patron, patron.pickup_library)
    tap(page, "^My ライブラリログイン$")
    log_in(page, patron)
    page.wait_for_url("/my/")
    tap(page, "借りている資料")
    tap(page, "^延長", "button")
    expect(page.get_by_text("延長済")).to_be_visible()
    lent.refresh_from_db()
    assert lent.due_on > today
    tap(page, "^予約している資料$")
    expect(page.get_by_text("「順番予約」は、カウンターでお申し込みください。")).to_be_visible()
    tap(page, "^取消済予約一覧$")
    look(page)
    end(page)


def test_help_classes_and_languages_are_reached_and_the_next_person_begins_in_japanese(page: Page) -> None:
    begin(page)
    tap(page, "^ご利用案内$")
    expect(page.get_by_role("heading", level=1, name="ご利用案内")).to_be_visible()
    tap(page, "^かんたん検索$")
    page.get_by_role("button", name="画面のキーボードを閉じる").tap()
    tap(page, "総記")
    tap(page, "^もどる$", "button")
    page.wait_for_url("/search/")
    tap(page, "^Language$")
    tap(page, "^English$")
    page.wait_for_url(re.compile("/en/search/"))
    page.locator(".leave button").tap()
    page.wait_for_url("/")
    expect(page.get_by_role("heading", level=1, name="本をさがす、予約する")).to_be_visible()


def test_the_first_own_password_is_set_with_capitals(page: Page) -> None:
    begin(page)
    patron = build.patron("倉敷 太郎", password=None)
    tap(page, "^My ライブラリログイン$")
    log_in(page, patron, patron.initial_password)
    expect(page.get_by_role("heading", level=1)).to_contain_text("パスワード")
    write(page, "大文字", "A", "大文字", "b", "c", "1", "2", "次の欄へ")
    send(page, "大文字", "A", "大文字", "b", "c", "1", "2", "パスワードを設定する")
    expect(page.get_by_text("パスワードを設定しました。")).to_be_visible()
    patron.user.refresh_from_db()
    assert patron.user.check_password("Abc12")
    end(page)
