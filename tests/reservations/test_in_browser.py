"""Reserving as a patron does it: basket, sequence, refusal, undo, at both sizes."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from catalog.models import Library
from patrons.models import Patron
from reservations.models import Reservation, State
from tests import build
from tests.browser import DESKTOP, PHONE, violations
from tests.reservations.queue_setup import in_state, placed, scan

SIZES = pytest.mark.parametrize("page", [PHONE, DESKTOP], indirect=True)


def about(action: str, title: str) -> re.Pattern[str]:
    """Match the name of a button or link: its action and, for those who do not see the row, the title."""
    return re.compile(f"^{action} ?：{title}$")


def log_in(page: Page, patron: Patron) -> None:
    """Give the browser a session of the patron."""
    client = Client()
    client.force_login(patron.user, "patrons.backends.LoginBackend")
    page.goto("/")
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": page.url}])


@pytest.fixture
def here(page: Page) -> Library:
    return build.library("幸町図書館", telephone="086-234-5188")


@pytest.fixture
def patron(here: Library) -> Patron:
    return build.patron(pickup_library=here, email="hanako@example.jp", contact_method="email")


def copied(here, name, **fields):
    title = build.title(name, creator="谷崎潤一郎", publisher="中央公論社", **fields)
    build.item(title, here)
    return title


@SIZES
def test_basket_before_login_and_two_titles_reserved_at_once(page: Page, here, patron):
    novel, film = copied(here, "吾輩は猫である"), copied(here, "後楽園四季", code="dvd")
    for title in (novel, film):
        page.goto(reverse("catalog:title", args=(title.pk,)))
        page.get_by_role("button", name="予約かごへ").click()
        expect(page.get_by_text(f"「{title}」を予約かごに入れました。")).to_be_visible()
    expect(page.get_by_role("link", name="予約かご 2 点")).to_be_visible()
    assert violations(page) == []
    log_in(page, patron)
    page.goto("/basket/")
    expect(page.get_by_label("受取館")).to_have_value(str(here.pk))
    expect(page.get_by_label("eメール")).to_be_checked()
    expect(page.get_by_label("電話")).to_have_count(0)
    assert violations(page) == []
    page.get_by_role("button", name="予約する").click()
    expect(page.get_by_role("heading", name="予約しました")).to_be_visible()
    expect(page.get_by_text("順番は 1 番目です。")).to_have_count(2)
    assert violations(page) == []
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", name="予約かごは空です")).to_be_visible()


@SIZES
def test_a_refusal_says_the_rule_and_keeps_the_title(page: Page, here, patron):
    ishima = build.library("伊島図書館", name="岡山市立伊島図書館", hands_out_av=False)
    log_in(page, patron)
    for title in (copied(here, "こころ"), copied(here, "古典落語集", code="cd")):
        page.goto(reverse("catalog:title", args=(title.pk,)))
        page.get_by_role("button", name="予約かごへ").click()
    page.get_by_label("受取館").select_option(str(ishima.pk))
    page.get_by_role("button", name="予約する").click()
    expect(page.get_by_role("heading", name="予約できなかった資料（1点）")).to_be_visible()
    expect(page.get_by_text("岡山市立伊島図書館では、CD・DVD・ビデオの受け取りはできません。")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("main").get_by_role("link", name="予約かごへ戻る").click()
    expect(page.get_by_role("link", name="古典落語集")).to_be_visible()


def test_a_title_is_dragged_to_its_place(page: Page, here):
    for name in ("下巻", "中巻", "上巻"):
        page.goto(reverse("catalog:title", args=(copied(here, name).pk,)))
        page.get_by_role("button", name="予約かごへ").click()
    rows = page.get_by_role("main").get_by_role("listitem").filter(has=page.get_by_role("heading", level=3))
    page.set_viewport_size({"width": 1280, "height": 1600})  # nothing scrolls between taking hold and letting go
    rows.nth(2).drag_to(rows.nth(0))
    expect(rows.get_by_role("heading", level=3)).to_have_text(["上巻", "下巻", "中巻"])


@SIZES
def test_a_sequence_is_set_by_pressing_up_and_released(page: Page, here, patron):
    titles = [copied(here, "細雪", volume=volume) for volume in ("下巻", "上巻", "中巻")]
    for title in titles:
        placed(patron, title, at=here)
    log_in(page, patron)
    page.goto("/my/reservations/")
    for volume in ("下巻", "上巻", "中巻"):
        page.get_by_role("checkbox", name=about("順番予約に選ぶ", f"細雪 {volume}")).check()
    page.get_by_role("button", name="選んだ資料を順番予約にする").click()
    page.get_by_role("link", name=about("上へ", "細雪 上巻")).click()
    page.get_by_role("link", name=about("下へ", "細雪 下巻")).click()
    assert violations(page) == []
    page.get_by_role("button", name="この順番で順番予約にする").click()
    lane = page.get_by_role("region", name="順番予約")
    expect(lane.get_by_role("strong")).to_have_text(["細雪 上巻", "細雪 中巻", "細雪 下巻"])
    assert violations(page) == []
    lane.get_by_role("button", name="順番予約を解除する").click()
    expect(page.get_by_text("順番予約を解除しました。")).to_be_visible()


@SIZES
def test_a_cancellation_is_taken_back(page: Page, here, patron):
    reservation = placed(patron, copied(here, "三四郎"), at=here)
    log_in(page, patron)
    page.goto("/my/reservations/")
    page.get_by_role("button", name=about("取消", "三四郎")).click()
    expect(page.get_by_text("「三四郎」の予約を取り消しました。")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name=about("もとに戻す", "三四郎")).click()
    expect(page.get_by_text("順番は前と同じです。")).to_be_visible()
    reservation.refresh_from_db()
    assert reservation.state == State.WAITING


@SIZES
def test_the_state_changes_between_page_and_click(page: Page, here, patron):
    reservation = placed(patron, copied(here, "門"), at=here)
    log_in(page, patron)
    page.goto("/my/reservations/")
    scan(reservation.title.items.get(), here)
    page.get_by_role("button", name=about("取消", "門")).click()
    expect(page.get_by_role("heading", name="門")).to_be_visible()
    call = page.get_by_role("main").get_by_role("link", name="086-234-5188")
    expect(call).to_have_attribute("href", "tel:0862345188")
    assert violations(page) == []


@SIZES
def test_change_and_pause(page: Page, here, patron):
    build.library("中央図書館")
    reservation = placed(patron, copied(here, "それから"), at=here)
    log_in(page, patron)
    page.goto("/my/reservations/")
    page.get_by_role("link", name=about("変更", "それから")).click()
    assert violations(page) == []
    page.get_by_label("受取館").select_option(label="中央図書館")
    page.get_by_role("button", name="変更する").click()
    expect(page.get_by_text("受取館・連絡方法を変更しました。")).to_be_visible()
    page.get_by_role("link", name=about("変更", "それから")).click()
    page.get_by_label("順番に戻る日").fill((build.TODAY + timedelta(days=300)).isoformat())
    page.get_by_role("button", name="お休みにする").click()
    expect(page.get_by_text("お休み中です。")).to_be_visible()
    assert Reservation.objects.get(pk=reservation.pk).pickup_library.short_name == "中央図書館"


@SIZES
def test_what_was_cancelled_and_why(page: Page, here, patron):
    in_state("expired", patron=patron, at=here, title=copied(here, "明暗"), closed_by="library", close_reason="理由")
    Reservation.objects.update(closed_at=build.NOON + timedelta(days=0))
    log_in(page, patron)
    page.goto("/my/reservations/cancelled/")
    assert violations(page) == []
