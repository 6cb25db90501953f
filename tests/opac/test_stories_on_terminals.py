"""A patron's stories on the 館内利用者検索機 by Tab, arrows, Enter and typing alone; nothing is opened by its address.

On every stop the focus is somewhere (never lost to the page itself) and is drawn. The touch panel's stories are in
``test_stories_by_taps.py``.
"""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from catalog import terminals
from catalog.models import Terminal
from patrons.models import Patron, ShelfEntry
from reservations.models import Reservation, State
from tests import build
from tests.browser import DESKTOP, Shape

pytestmark = pytest.mark.parametrize("page", [DESKTOP, Shape(1280, 800)], indirect=True)
MOST_STOPS = 90
NO_POINTER = """addEventListener("pointerdown", (event) => {
  if (event.isTrusted) throw new Error("pressed with a pointer");
}, true);"""
STOP = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const words = one.ariaLabel || one.labels?.[0]?.textContent || one.textContent || one.value || "";
  const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return [one.tagName, words.replace(/\\s+/g, " ").trim(), drawn];
}"""


def device(page: Page, kind: str) -> Patron:
    """Make the browser a terminal with a title to find; return a patron who can log in."""
    library = build.library("幸町図書館")
    build.library()
    build.item(build.title("学校の怪談", title_reading="ガッコウ ノ カイダン", creator="見本 著者"), library)
    code = terminals.issue_code(Terminal.objects.create(library=library, name="2階", kind=kind), now=timezone.now())
    page.goto(f"/terminal/?code={code}")
    page.get_by_label("登録コード").press("Enter")
    page.wait_for_url("/")
    return build.patron(telephone="086-000-1111", pickup_library=library, contact_method="none")


def stop(page: Page) -> str:
    """Return the name of what has the focus, which must be something and must be seen."""
    tag, words, drawn = page.evaluate(STOP)
    assert (tag != "BODY", drawn) == (True, True), (page.url, tag, words)
    return words


def tab_to(page: Page, words: str, kind: str = "*") -> None:
    """Press Tab until the focus stands on what is named so (and is of a ``kind``, a selector).

    After an action the focus stands on what it did, so the way may lead once over the end of the page to its top.
    """
    passed, over_the_end = [], False
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if not over_the_end and page.evaluate("document.activeElement === document.body"):
            over_the_end = True
            continue
        passed.append(stop(page))
        if re.search(words, passed[-1]) and page.evaluate("kind => document.activeElement.matches(kind)", kind):
            return
    raise AssertionError(f"{words} is not among {passed}")


def choose(page: Page, words: str, key: str = "Enter") -> None:
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press(key)


def write(page: Page, label: str, text: str) -> None:
    tab_to(page, label, "input")
    page.keyboard.type(text)


def begin(page: Page) -> Patron:
    """Register the device, then let no pointer near it."""
    patron = device(page, Terminal.Kind.KEYBOARD)
    page.context.add_init_script(NO_POINTER)
    return patron


def enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def log_in(page: Page, patron: Patron) -> None:
    write(page, "利用者カードの番号", patron.card_number)
    write(page, "パスワード", "abcd1234")
    enter(page)


def search(page: Page, words: str) -> None:
    write(page, "かんたん検索", words)
    enter(page)
    page.wait_for_url(re.compile(r"/search/\?"))


def end(page: Page) -> None:
    choose(page, "^ログアウト$")
    page.wait_for_url("/")
    assert "sessionid" not in {cookie["name"] for cookie in page.context.cookies()}


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
        build.item(build.title(f"細雪 {volume}巻"), patron.pickup_library)
    choose(page, "^My ライブラリログイン$")
    log_in(page, patron)
    page.wait_for_url("/my/")
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
    lent = build.loan(build.item(build.title("羅生門"), patron.pickup_library), patron, due_on=today)
    choose(page, "^My ライブラリログイン$")
    log_in(page, patron)
    page.wait_for_url("/my/")
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
    choose(page, "^My ライブラリログイン$")
    log_in(page, patron)
    page.wait_for_url("/my/")
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
