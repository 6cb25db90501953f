"""A patron's stories on the 館内利用者検索機 by Tab, arrows, Enter and typing alone; nothing is opened by its address.

The touch panel's stories are in ``test_stories_by_taps.py``.
"""

import re

from django.utils import timezone
from playwright.sync_api import Page, expect

from patrons.models import ShelfEntry
from reservations.models import Reservation, State
from tests import build
from tests.opac.keyboard_input import SIZES, begin, choose, end, log_in, open_my_library, search, tab_to
from tests.sure import sure

pytestmark = SIZES


def test_search_reserve_change_cancel_take_back_and_logout(page: Page) -> None:
    patron = begin(page)
    search(page, "学校")
    choose(page, "^学校の怪談$")
    page.wait_for_url(re.compile("/titles/"))
    choose(page, "^予約かごへ")
    expect(page.get_by_text("予約かごに入れました。")).to_be_visible()
    choose(page, "して予約に進む")
    page.wait_for_url(re.compile("/login/"))
    log_in(page, patron)
    page.wait_for_url("/basket/")
    choose(page, "^予約する$")
    expect(page.get_by_role("heading", name="予約しました")).to_be_visible()
    made = Reservation.objects.get(patron=patron)
    assert (made.state, made.made_at) == (State.WAITING, "terminal")

    choose(page, "^予約している資料$")
    page.wait_for_url("/my/reservations/")
    choose(page, "^変更 ?：学校の怪談$")
    page.wait_for_url(re.compile(r"/my/reservations/\d+/"))
    tab_to(page, "受取館")
    page.keyboard.press("ArrowDown")
    choose(page, "^変更する$")
    expect(page.get_by_text("受取館・連絡方法を変更しました。")).to_be_visible()
    choose(page, "^取消 ?：学校の怪談$")
    expect(page.get_by_text("「学校の怪談」の予約を取り消しました。")).to_be_visible()
    made.refresh_from_db()
    assert made.state == State.CANCELLED
    choose(page, "^もとに戻す")
    expect(page.get_by_role("link", name=re.compile("^変更"))).to_be_visible()
    made.refresh_from_db()
    assert made.state == State.WAITING
    end(page)


def test_two_volumes_are_reserved_as_a_sequence(page: Page) -> None:
    patron = begin(page)
    for volume in "上下":
        build.item(build.title(f"細雪 {volume}巻"), sure(patron.pickup_library))
    open_my_library(page, patron)
    for volume in "上下":
        choose(page, "^かんたん検索$")
        search(page, f"細雪 {volume}巻")
        choose(page, "^予約かごへ")
        expect(page.get_by_text("予約かごに入れました。")).to_be_visible()
    tab_to(page, "^順番予約にする", "input")
    page.keyboard.press("Space")
    choose(page, "^予約する$")
    expect(page.get_by_role("heading", name="予約しました")).to_be_visible()
    choose(page, "^予約している資料$")
    choose(page, "^順番予約を解除する$")
    expect(page.get_by_role("button", name="順番予約を解除する")).to_have_count(0)
    end(page)


def test_a_loan_is_extended_and_help_and_languages_are_reached(page: Page) -> None:
    patron = begin(page)
    today = timezone.localdate()
    lent = build.loan(build.item(build.title("羅生門"), sure(patron.pickup_library)), patron, due_on=today)
    open_my_library(page, patron)
    choose(page, "借りている資料")
    choose(page, "^延長$")
    expect(page.get_by_text("延長済")).to_be_visible()
    lent.refresh_from_db()
    assert lent.due_on > today
    choose(page, "^ご利用案内$")
    expect(page.get_by_role("heading", level=1, name="ご利用案内")).to_be_visible()
    choose(page, "^Language$")
    choose(page, "^English$")
    page.wait_for_url(re.compile("/en/help/"))
    choose(page, "^Log out$")
    page.wait_for_url("/")
    expect(page.get_by_role("heading", level=1, name="本をさがす、予約する")).to_be_visible()


def test_an_alert_and_a_shelf_are_made(page: Page) -> None:
    patron = begin(page)
    open_my_library(page, patron)
    choose(page, "^新着資料お知らせメール$")
    choose(page, "^条件を登録する$")
    tab_to(page, "ことば|キーワード", "input")
    page.keyboard.type("怪談")
    choose(page, "^この条件を登録する$")
    expect(page.get_by_role("link", name=re.compile("怪談"))).to_be_visible()
    choose(page, "^かんたん検索$")
    search(page, "学校")
    choose(page, "^My 本棚へ")
    choose(page, "^本棚に入れる$")
    assert [entry.shelf.patron_id for entry in ShelfEntry.objects.all()] == [patron.pk]
    end(page)
