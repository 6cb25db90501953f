"""A patron's stories on the タッチパネル版 by taps alone: no key of a keyboard, no pointer, no address typed."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from reservations.models import Reservation, State
from tests import build
from tests.opac.touch_input import SIZES, begin, end, log_in, look, send, tap, write
from tests.sure import sure

pytestmark = SIZES


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
    build.item(build.title("Kokoro", isbn="9784101010137"), sure(patron.pickup_library))
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
    lent = build.loan(build.item(build.title("羅生門"), sure(patron.pickup_library)), patron, due_on=today)
    for volume in "上下":
        build.reservation(build.title(f"細雪 {volume}巻"), patron, sure(patron.pickup_library))
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
