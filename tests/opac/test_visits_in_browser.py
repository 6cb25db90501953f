"""A shared device in a real browser: the countdown, the button at the right, nothing behind for the next person."""

import pytest
import zxingcpp
from django.test import Client
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from catalog import terminals
from catalog.models import Terminal
from tests import build
from tests.browser import DESKTOP, Shape, violations
from tests.sure import sure

STANDING = Shape(1080, 1400)


@pytest.fixture
def device(page: Page) -> Page:
    """A browser that staff have registered, on the start page."""
    terminal = Terminal.objects.create(library=build.library(), name="1階 入口")
    code = terminals.issue_code(terminal, now=timezone.now())
    page.goto("/terminal/")
    page.get_by_label("登録コード").fill(code)
    page.get_by_role("button", name="登録する").click()
    page.wait_for_url("/")
    return page


def log_in(page: Page) -> None:
    """Give the browser the session of a patron."""
    client = Client()
    client.force_login(build.patron().user)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": page.url}])


@pytest.mark.parametrize("page", [DESKTOP, STANDING], indirect=True)
def test_logout_stands_at_the_right_of_every_page(device: Page) -> None:
    log_in(device)
    for address in ("/", "/search/", "/my/", "/nothing/"):
        device.goto(address)
        button = device.get_by_role("button", name="ログアウト")
        expect(button).to_have_count(1)
        box = sure(button.bounding_box())
        width = sure(device.viewport_size)["width"]
        assert (box["x"] + box["width"] > width * 0.9, box["height"] >= 64) == (True, True), address
        device.mouse.wheel(0, 2000)
        expect(button).to_be_in_viewport()


def test_countdown_is_seen_and_said_and_ends_the_visit(device: Page) -> None:
    device.clock.install()
    log_in(device)
    device.goto("/my/")
    device.clock.fast_forward(44_000)
    expect(device.get_by_role("dialog")).to_be_hidden()
    device.clock.run_for(1_500)
    expect(device.get_by_role("dialog")).to_contain_text("ログアウトします")
    expect(device.get_by_role("alert")).to_have_text("あと15秒")
    assert violations(device) == []
    device.clock.run_for(15_000)
    device.wait_for_url("/")
    expect(device.get_by_role("button", name="ログアウト")).to_have_count(0)
    assert "sessionid" not in {cookie["name"] for cookie in device.context.cookies()}


def test_going_on_stops_the_countdown(device: Page) -> None:
    device.clock.install()
    log_in(device)
    device.goto("/my/")
    device.clock.run_for(50_000)
    device.get_by_role("button", name="続ける").click()
    expect(device.get_by_role("dialog")).to_be_hidden()
    device.clock.run_for(40_000)
    expect(device.get_by_role("dialog")).to_be_hidden()
    expect(device.get_by_role("button", name="ログアウト")).to_be_visible()


def test_who_is_busy_is_told_before_the_whole_visit_ends(device: Page) -> None:
    log_in(device)
    device.goto("/")
    device.clock.install()
    device.goto("/my/")
    for _ in range(18):
        device.clock.run_for(30_000)
        device.keyboard.press("Shift")
    device.clock.run_for(2_000)
    dialog = device.get_by_role("dialog")
    expect(dialog).to_contain_text("1回のご利用時間がまもなく終わり")
    expect(dialog).not_to_contain_text("操作がないため", use_inner_text=True)
    assert violations(device) == []
    device.get_by_role("button", name="続ける").click()
    for _ in range(4):
        device.clock.run_for(10_000)
        device.keyboard.press("Shift")
    expect(dialog).to_be_hidden()
    device.clock.run_for(8_000)
    expect(dialog).to_contain_text("1回のご利用時間がまもなく終わり")
    device.clock.run_for(15_000)
    device.wait_for_url("/")
    expect(device.get_by_role("button", name="ログアウト")).to_have_count(0)


def test_a_start_page_that_nobody_touches_waits_in_peace_and_forgets_what_was_read_before(device: Page) -> None:
    device.goto("/search/?q=ひみつ")
    device.get_by_role("link", name="ホーム").click()
    device.wait_for_url("/")
    device.clock.install()
    device.reload()
    sent = []
    device.on("request", lambda request: sent.append(request.url) if "/static/" not in request.url else None)
    for _ in range(6):
        device.clock.run_for(50_000)
        expect(device.get_by_role("dialog")).to_be_hidden()
    assert sent == []
    device.evaluate("history.back()")
    expect(device.locator("html:not([hidden]) h1")).to_have_text("本をさがす、予約する")
    assert device.url.endswith("/")


def test_a_start_page_with_words_in_its_box_is_cleared(device: Page) -> None:
    device.clock.install()
    device.reload()
    device.locator("input[name=q]").fill("ひみつ")
    device.clock.run_for(50_000)
    expect(device.get_by_role("dialog")).to_contain_text("はじめの画面に戻ります")
    device.clock.run_for(12_000)
    expect(device.locator("input[name=q]")).to_have_value("")


def test_paper_shows_nothing_of_the_device(device: Page) -> None:
    device.emulate_media(media="print")
    for name in ("form.leave", "dialog.idle", ".keys"):
        assert device.locator(name).evaluate_all("found => found.every((one) => !one.offsetParent)"), name
    expect(device.locator("form.leave")).to_be_hidden()


def test_back_shows_the_next_person_nothing(device: Page) -> None:
    log_in(device)
    device.goto("/search/?q=ひみつ")
    device.goto("/my/")
    device.get_by_role("button", name="ログアウト").click()
    device.wait_for_url("/")
    device.go_back()
    expect(device.get_by_text("さん、こんにちは")).to_have_count(0)
    device.go_back()
    device.wait_for_url("/")
    assert device.locator("input[name=q]").input_value() == ""


def test_only_the_librarys_own_pages_open(device: Page) -> None:
    device.goto("/")
    own = device.url
    assert device.locator(f'a[href]:not([href^="/"], [href^="#"], [href^="{own}"])').count() == 0


def test_staff_show_a_code_that_a_camera_and_a_scanner_read(page: Page, tmp_path, settings) -> None:
    terminal = Terminal.objects.create(library=build.library(), name="1階 入口")
    client = Client()
    client.force_login(build.staff())
    chosen = {"action": "issue_codes", "_selected_action": [terminal.pk]}
    page.set_content(client.post("/admin/catalog/terminal/", chosen).content.decode())
    read = {}
    for name in ("登録のページをコード入りで開くQRコード", "登録コードだけのQRコード"):
        page.get_by_role("img", name=name).screenshot(path=tmp_path / "code.png")
        read[name] = zxingcpp.read_barcodes(Image.open(tmp_path / "code.png"))[0].text
    address, code = read.values()
    assert address == f"{settings.SITE_URL}/terminal/?code={code}"
    page.goto(f"/terminal/?code={code}")
    expect(page.get_by_label("登録コード")).to_have_value(code)
    expect(page.get_by_label("登録コード")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("/")
    expect(page.get_by_role("link", name="My ライブラリログイン")).to_be_visible()
