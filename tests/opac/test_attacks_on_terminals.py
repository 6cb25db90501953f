"""What the next person at a device may try, in a browser as a library runs it: a profile on disk, pages kept for Back.

Playwright turns Chromium's back/forward cache off as a rule; here it is on.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from catalog import terminals
from catalog.models import Terminal
from reservations.models import Reservation, State
from tests import build
from tests.browser import ARGUMENTS, PATIENCE, program

SECRETS = re.compile("かくしごと|岡山 花子|点を借りています|00000000")
# What turns a click into one that opens a window or a tab, or saves.
HELD: tuple[list[Literal["Alt", "Control", "Shift"]], ...] = (["Control"], ["Shift"], ["Alt"], ["Control", "Shift"])
# Whatever is drawn goes into window.name, which outlives the page.
RECORDER = """(() => {
  const look = () => {
    if (document.body && !document.documentElement.hidden) {
      const typed = [...document.querySelectorAll("input")].map((one) => one.value);
      window.name += document.body.innerText + typed;
    }
    requestAnimationFrame(look);
  };
  look();
})();"""


@pytest.fixture
def kiosk(browser: Browser, live_server, tmp_path: Path) -> Iterator[BrowserContext]:
    """Start a browser with a profile on disk and with pages kept for Back, registered as a terminal with a keyboard."""
    library = build.library()
    build.item(build.title("ひみつの花園", title_reading="ヒミツ ノ ハナゾノ"), library)
    code = terminals.issue_code(Terminal.objects.create(library=library, name="2階"), now=timezone.now())
    context = browser.browser_type.launch_persistent_context(
        tmp_path / "profile",
        executable_path=program(),
        args=ARGUMENTS,
        ignore_default_args=["--disable-back-forward-cache"],
        base_url=live_server.url,
        viewport={"width": 1280, "height": 800},
        locale="ja-JP",
    )
    context.set_default_timeout(PATIENCE)
    page = context.pages[0]
    page.goto(f"/terminal/?code={code}")
    page.get_by_label("登録コード").press("Enter")
    page.wait_for_url("/")
    yield context
    context.close()


def log_in(page: Page, card: str, password: str = "abcd1234") -> None:
    with page.expect_navigation():
        page.get_by_role("link", name="My ライブラリログイン").click()
    page.get_by_label("利用者カードの番号").fill(card)
    page.get_by_label("パスワード", exact=False).first.fill(password)
    with page.expect_navigation():
        page.get_by_role("button", name="ログイン", exact=True).click()


def leave(page: Page) -> None:
    page.get_by_role("button", name="ログアウト").click()
    page.wait_for_url("/")
    expect(page.get_by_role("link", name="My ライブラリログイン")).to_be_visible()


def visit(page: Page) -> None:
    """Search, fail to log in, log in, look at what is personal, leave."""
    patron = build.patron(card_number="00000000")
    build.loan(build.item(build.title("羅生門"), build.library("幸町図書館")), patron)
    page.get_by_label("かんたん検索").fill("かくしごと")
    page.get_by_label("かんたん検索").press("Enter")
    page.wait_for_url(re.compile(r"/search/\?"))
    log_in(page, "00000000", "wrong")
    expect(page.get_by_role("heading", level=1)).to_contain_text("ログイン")
    page.get_by_label("パスワード", exact=False).first.fill("abcd1234")
    page.get_by_role("button", name="ログイン", exact=True).click()
    page.wait_for_url("/my/")
    page.get_by_role("link", name="借りている資料").first.click()
    expect(page.get_by_role("link", name="羅生門", exact=True)).to_be_visible()
    leave(page)


def test_back_forward_and_reload_draw_nothing_of_the_last_visit_not_for_a_moment(kiosk: BrowserContext) -> None:
    page = kiosk.pages[0]
    visit(page)
    kiosk.add_init_script(RECORDER)
    page.evaluate("window.name = ''")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.is_navigation_request() else None)
    for step in ["back"] * 8 + ["forward"] * 8 + ["reload"]:
        move = {
            "back": "navigation.canGoBack && history.back()",
            "forward": "history.forward()",
            "reload": "location.reload()",
        }[step]
        page.evaluate(f"setTimeout(() => {move})")
        page.wait_for_timeout(500)
        page.wait_for_load_state()
        expect(page.locator("html:not([hidden]) h1")).to_be_visible()  # a page of an earlier visit has been left
        assert page.url.startswith("http://localhost"), page.url  # never the browser's own page about sending again
    drawn = page.evaluate("window.name")
    assert ("本をさがす、予約する" in drawn, SECRETS.findall(drawn)) == (True, [])
    assert set(sent) <= {"GET"}


def test_back_onto_a_refused_form_asks_nobody_to_send_it_again(kiosk: BrowserContext) -> None:
    page = kiosk.pages[0]
    build.patron(card_number="00000000")
    log_in(page, "00000000", "wrong")
    expect(page.locator("[data-focus]")).to_be_visible()
    page.get_by_label("パスワード", exact=False).first.fill("abcd1234")
    page.get_by_role("button", name="ログイン", exact=True).click()
    page.wait_for_url("/my/")
    page.evaluate("history.back()")
    page.wait_for_url(re.compile("/my/$|/login/$"))
    expect(page.locator("h1")).to_be_visible()


def test_a_logout_empties_every_tab_and_an_old_form_sends_nothing(kiosk: BrowserContext) -> None:
    page = kiosk.pages[0]
    first, second = build.patron(card_number="00000000"), build.patron("倉敷 太郎", card_number="11111111")
    library = build.library("幸町図書館")
    for one in (first, second):
        build.reservation(build.title(f"見本 {one.card_number}"), one, library)
    log_in(page, "00000000")
    page.wait_for_url("/my/")
    other = kiosk.new_page()
    other.goto("/my/reservations/")
    token = other.locator("[name=csrfmiddlewaretoken]").first.input_value()
    page.bring_to_front()
    leave(page)
    other.wait_for_url("/")
    expect(other.get_by_text("岡山 花子")).to_have_count(0)
    log_in(page, "11111111")
    page.wait_for_url("/my/")
    answers = [
        page.evaluate(
            """async ([pk, token]) => {
              const body = new URLSearchParams({ csrfmiddlewaretoken: token });
              return (await fetch(`/my/reservations/${pk}/cancellation/`, { method: "POST", body })).status;
            }""",
            [reservation.pk, token],
        )
        for reservation in Reservation.objects.all()
    ]
    assert answers == [403, 403]
    assert set(Reservation.objects.values_list("state", flat=True)) == {State.WAITING}


def test_who_is_busy_in_one_tab_is_not_logged_out_by_another(kiosk: BrowserContext) -> None:
    page = kiosk.pages[0]
    build.patron(card_number="00000000")
    log_in(page, "00000000")
    page.wait_for_url("/my/")
    other = kiosk.new_page()
    kiosk.clock.install()
    for one in (page, other):
        one.goto("/my/")
    kiosk.clock.run_for(40_000)
    page.keyboard.press("Shift")
    page.wait_for_timeout(300)
    kiosk.clock.run_for(30_000)
    expect(other.get_by_role("dialog")).to_be_hidden()
    assert other.url.endswith("/my/")
    kiosk.clock.run_for(20_000)
    expect(other.get_by_role("dialog")).to_contain_text("ログアウトします")


def test_a_page_that_stands_open_when_staff_revoke_goes_with_the_next_sign_of_life(kiosk: BrowserContext) -> None:
    page = kiosk.pages[0]
    build.patron(card_number="00000000")
    log_in(page, "00000000")
    page.clock.install()
    page.goto("/my/")
    for terminal in Terminal.objects.all():
        terminals.revoke(terminal, now=timezone.now())
    page.clock.run_for(25_000)
    page.keyboard.press("Shift")
    page.wait_for_url("/")
    expect(page.get_by_role("link", name="ログイン", exact=True)).to_be_visible()


def test_no_second_window_no_menu_no_download_and_nothing_dragged_out(kiosk: BrowserContext) -> None:
    page = kiosk.pages[0]
    page.get_by_label("かんたん検索").fill("ひみつ")
    page.get_by_label("かんたん検索").press("Enter")
    page.wait_for_url(re.compile(r"/search/\?"))
    page.evaluate("""() => {
      window.held = [];
      const note = (event) => held.push([event.type, event.defaultPrevented]);
      for (const kind of ["contextmenu", "dragstart"]) addEventListener(kind, note);
    }""")
    link = page.get_by_role("link", name="ひみつの花園", exact=True)
    saved: list[object] = []
    page.on("download", lambda download: saved.append(download))
    for keys in HELD:
        link.click(modifiers=keys)
    link.click(button="middle")
    link.click(button="right")
    link.dispatch_event("dragstart")
    page.wait_for_timeout(300)
    assert page.evaluate("held") == [["contextmenu", True], ["dragstart", True]]
    assert (len(kiosk.pages), saved, "/search/" in page.url) == (1, [], True)
    assert page.get_by_label("かんたん検索").input_value() == "ひみつ"


def test_no_field_lets_the_browser_remember_and_no_link_tells_that_it_was_opened(kiosk: BrowserContext) -> None:
    page = kiosk.pages[0]
    for address in ("/", "/search/", "/search/detail/", "/login/", "/forgotten/"):
        page.goto(address)
        remembered = """() => [...document.querySelectorAll("input:not([type=hidden]), select, form")]
          .filter((one) => one.autocomplete !== "off").map((one) => one.outerHTML)"""
        assert page.evaluate(remembered) == [], address
    visited, link = (
        page.evaluate("name => getComputedStyle(document.body).getPropertyValue(name)", name)
        for name in ("--visited", "--link")
    )
    assert visited == link != ""
