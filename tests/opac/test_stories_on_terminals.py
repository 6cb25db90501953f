"""A patron's whole story on the library's devices: by keyboard alone on the one, by taps alone on the other.

On every stop of the keyboard the focus is somewhere (never lost to the page itself) and is drawn.
"""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from catalog import terminals
from catalog.models import Terminal
from patrons.models import Patron
from reservations.models import Reservation, State
from tests import build
from tests.browser import DESKTOP, Shape
from tests.opac.test_touch_panel import press

PANEL = Shape(1080, 1400)
MOST_STOPS = 90
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
    """Press Tab until the focus stands on what is named so (and is of a ``kind``, a selector)."""
    passed = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        passed.append(stop(page))
        if re.search(words, passed[-1]) and page.evaluate("kind => document.activeElement.matches(kind)", kind):
            return
    raise AssertionError(f"{words} is not among {passed}")


def choose(page: Page, words: str, key: str = "Enter") -> None:
    tab_to(page, words)
    page.keyboard.press(key)
    page.wait_for_load_state()


def write(page: Page, label: str, text: str) -> None:
    tab_to(page, label, "input")
    page.keyboard.type(text)


@pytest.mark.parametrize("page", [DESKTOP], indirect=True)
def test_search_reserve_change_cancel_and_logout_by_keyboard_alone(page: Page) -> None:
    patron = device(page, Terminal.Kind.KEYBOARD)
    write(page, "かんたん検索", "学校")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search/"))
    choose(page, "^学校の怪談$")
    page.wait_for_url(re.compile("/titles/"))
    choose(page, "^予約かごへ")
    expect(page.get_by_text("予約かごに入れました。")).to_be_visible()
    page.goto("/basket/")
    choose(page, "して予約に進む")
    page.wait_for_url(re.compile("/login/"))
    write(page, "利用者カードの番号", patron.card_number)
    write(page, "パスワード", "abcd1234")
    page.keyboard.press("Enter")
    page.wait_for_url("/basket/")
    choose(page, "^予約する")
    expect(page.get_by_role("heading", name="予約しました")).to_be_visible()
    made = Reservation.objects.get(patron=patron)
    assert (made.state, made.made_at) == (State.WAITING, "terminal")

    page.goto("/my/reservations/")
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
    choose(page, "^ログアウト$")
    page.wait_for_url("/")
    assert "sessionid" not in {cookie["name"] for cookie in page.context.cookies()}


def tap_login(page: Page, patron: Patron, password: str) -> None:
    page.get_by_role("link", name="My ライブラリログイン").click()
    page.get_by_label("利用者カードの番号").click()
    press(page, *patron.card_number)
    page.get_by_label("パスワード").click()
    press(page, *password, "ログイン")


@pytest.mark.parametrize("page", [PANEL], indirect=True)
def test_search_reserve_change_cancel_and_logout_by_taps_alone(page: Page) -> None:
    patron = device(page, Terminal.Kind.TOUCH)
    tap_login(page, patron, "abcd1234")
    page.wait_for_url(re.compile("/my/"))
    page.get_by_role("link", name="ホーム").first.click()
    page.get_by_label("かんたん検索").click()
    press(page, "か", "濁点・半濁点", "つ", "小さい字にする", "こ", "う", "検索")
    page.get_by_role("link", name=re.compile("^予約する")).first.click()
    page.get_by_role("button", name="幸町図書館").click()
    page.get_by_role("button", name="電話").click()
    page.get_by_role("button", name="予約する").click()
    expect(page.get_by_role("heading", name="予約しました")).to_be_visible()
    made = Reservation.objects.get(patron=patron)
    assert (made.pickup_library.short_name, made.contact_method) == ("幸町図書館", "telephone")

    page.goto("/my/reservations/")
    page.get_by_role("link", name=re.compile("^変更")).click()
    page.get_by_label("不要").check()
    page.get_by_role("button", name="変更する").click()
    expect(page.get_by_text("受取館・連絡方法を変更しました。")).to_be_visible()
    page.get_by_role("button", name=re.compile("^取消")).click()
    expect(page.get_by_text("「学校の怪談」の予約を取り消しました。")).to_be_visible()
    made.refresh_from_db()
    assert (made.contact_method, made.state) == ("none", State.CANCELLED)
    page.get_by_role("button", name="ログアウト").click()
    page.wait_for_url("/")
    assert "sessionid" not in {cookie["name"] for cookie in page.context.cookies()}


@pytest.mark.parametrize("page", [PANEL], indirect=True)
def test_the_first_own_password_is_set_by_taps_with_capitals(page: Page) -> None:
    device(page, Terminal.Kind.TOUCH)
    patron = build.patron("倉敷 太郎", password=None)
    tap_login(page, patron, patron.initial_password)
    expect(page.get_by_role("heading", level=1)).to_contain_text("パスワード")
    fields = page.locator("main input[type=password]")
    for number in range(fields.count()):
        fields.nth(number).click()
        press(page, "大文字", "A", "大文字", "b", "c", "1", "2")
        expect(page.get_by_role("button", name="大文字")).to_have_attribute("aria-pressed", "false")
    press(page, page.locator("main form button:not([type=button])").first.inner_text().strip())
    expect(page.get_by_text("パスワードを設定しました。")).to_be_visible()
    patron.user.refresh_from_db()
    assert patron.user.check_password("Abc12")
