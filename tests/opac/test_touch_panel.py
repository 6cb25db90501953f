"""タッチパネル版 by taps alone: the keyboard, 「予約する」 in four steps, what it does not offer."""

import re

import pytest
import zxingcpp
from django.test import Client
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from catalog import terminals
from catalog.models import Terminal
from reservations.models import Reservation
from tests import build
from tests.browser import Shape, violations
from tests.sure import sure

PANEL = Shape(1080, 1400)
SYLLABLES = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをんー・"
pytestmark = pytest.mark.parametrize("page", [PANEL], indirect=True)

SMALL = """() => {
  const targets = "main a, main button, .site-nav a, .keys button, .account a, .leave button";
  const shown = [...document.querySelectorAll(targets)].filter((one) => one.checkVisibility() && one.clientWidth);
  return shown.filter((one) => one.getBoundingClientRect().height < 64).map((one) => one.textContent.trim());
}"""


@pytest.fixture
def panel(page: Page) -> Page:
    """A registered touch panel on the start page, in a library with a lendable title."""
    library = build.library()
    build.item(build.title("学校の怪談", title_reading="ガッコウ ノ カイダン", creator="見本 著者"), library)
    terminal = Terminal.objects.create(library=library, name="2階", kind=Terminal.Kind.TOUCH)
    code = terminals.issue_code(terminal, now=timezone.now())
    page.goto("/terminal/")
    page.get_by_label("登録コード").fill(code)
    page.get_by_role("button", name="登録する").click()
    page.wait_for_url("/")
    return page


def press(page: Page, *names: str) -> None:
    keyboard = page.get_by_role("region", name="画面のキーボード")
    for name in names:
        keyboard.get_by_role("button", name=name, exact=True).click()


def test_a_word_is_typed_by_taps_and_found(panel: Page) -> None:
    panel.goto("/search/")
    press(panel, "か", "濁点・半濁点", "つ", "小さい字にする", "こ", "う", "空白", "あ", "一字消す")
    expect(panel.get_by_label("かんたん検索")).to_have_value("がっこう ")
    expect(panel.get_by_label("かんたん検索")).to_be_focused()
    press(panel, "検索")
    expect(panel.get_by_role("link", name="学校の怪談", exact=True)).to_be_visible()
    expect(panel.get_by_role("region", name="画面のキーボード")).to_be_hidden()


def test_keys_are_announced_and_everything_can_be_erased(panel: Page) -> None:
    panel.goto("/search/")
    said = panel.locator("[data-said]")
    press(panel, "は")
    expect(said).to_have_text("は")
    press(panel, "濁点・半濁点", "濁点・半濁点")
    expect(said).to_have_text("ぱ")
    press(panel, "全部消す")
    expect(said).to_have_text("全部消しました")
    expect(panel.get_by_label("かんたん検索")).to_have_value("")


@pytest.mark.parametrize("order", Terminal.KeyOrder.values)
def test_columns_run_from_the_side_that_the_terminals_row_says(panel: Page, order: str) -> None:
    Terminal.objects.update(key_order=order)
    panel.goto("/search/")
    heads = "あかさたなはまやらわ"
    boxes = {key: sure(panel.get_by_role("button", name=key, exact=True).bounding_box()) for key in heads + "いを"}
    columns = [boxes[key]["x"] for key in heads]
    assert columns == sorted(columns, reverse=order == "right")
    assert (boxes["い"]["x"], boxes["い"]["y"] > boxes["あ"]["y"]) == (boxes["あ"]["x"], True)
    assert boxes["を"]["y"] == boxes["い"]["y"]


@pytest.mark.parametrize("order", Terminal.KeyOrder.values)
def test_tab_goes_through_the_keys_as_the_syllables_are_said(panel: Page, order: str) -> None:
    Terminal.objects.update(key_order=order)
    panel.goto("/search/")
    panel.get_by_role("button", name="あ", exact=True).focus()
    said = "あ"
    for _ in range(len(SYLLABLES) - 1):
        panel.keyboard.press("Tab")
        said += panel.evaluate("document.activeElement.textContent")
    assert said == SYLLABLES


def test_letters_and_digits_fit_the_field(panel: Page) -> None:
    panel.goto("/login/")
    panel.get_by_label("利用者カードの番号").click()
    press(panel, *"01234567")
    panel.get_by_label("パスワード").click()
    press(panel, "a", "b", "1", "2")
    expect(panel.get_by_label("利用者カードの番号")).to_have_value("01234567")
    expect(panel.get_by_label("パスワード")).to_have_value("ab12")
    expect(panel.locator("[data-said]")).to_have_text("入力しました")


def test_a_hardware_keyboard_or_scanner_works_beside_it(panel: Page) -> None:
    panel.goto("/search/")
    panel.keyboard.type("123")
    expect(panel.get_by_label("かんたん検索")).to_have_value("123")


def test_keys_work_by_keyboard_alone(panel: Page) -> None:
    panel.goto("/search/")
    panel.get_by_role("button", name="う", exact=True).focus()
    panel.keyboard.press("Enter")
    expect(panel.get_by_label("かんたん検索")).to_have_value("う")


@pytest.mark.parametrize("address", ["/", "/search/", "/search/?q=学校", "/login/"])
def test_targets_are_large_and_axe_finds_nothing(panel: Page, address: str) -> None:
    panel.goto(address)
    assert panel.evaluate(SMALL) == []
    assert violations(panel) == []


def test_a_title_is_reserved_in_four_steps(panel: Page) -> None:
    patron = build.patron(telephone="086-000-1111")
    client = Client()
    client.force_login(patron.user)
    panel.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": panel.url}])
    panel.goto("/search/?q=学校")
    panel.get_by_role("link", name="予約する").click()
    panel.get_by_role("button", name="中央図書館").click()
    expect(panel.get_by_text("メールアドレスが登録されていないため")).to_be_visible()
    assert violations(panel) == []
    panel.get_by_role("button", name="電話").click()
    expect(panel.get_by_role("heading", level=1)).to_have_text("これで予約しますか")
    panel.get_by_role("button", name="予約する").click()
    panel.wait_for_url(re.compile("/my/reserved/"))
    expect(panel.get_by_text("1 番目です")).to_be_visible()
    made = Reservation.objects.values_list(
        "patron", "title__title", "contact_method", "made_at", "pickup_library__short_name"
    )
    assert list(made) == [(patron.pk, "学校の怪談", "telephone", "terminal", "中央図書館")]
    assert panel.get_by_role("button", name="予約かごへ").count() == 0


def test_the_title_page_carries_its_address_for_the_own_telephone(panel: Page, tmp_path, settings) -> None:
    panel.goto("/search/?q=学校")
    panel.get_by_role("link", name="学校の怪談", exact=True).click()
    panel.wait_for_url(re.compile(r"/titles/\d+/"))
    picture = tmp_path / "qr.png"
    panel.get_by_alt_text("この資料のページのQRコード").screenshot(path=picture)
    path = sure(re.search(r"/titles/\d+/", panel.url))[0]
    assert [code.text for code in zxingcpp.read_barcodes(Image.open(picture))] == [settings.SITE_URL + path]


@pytest.mark.parametrize("address", ["/search/?q=学校", "/login/"])
def test_what_is_written_in_stands_above_the_keys_on_a_low_screen(panel: Page, address: str) -> None:
    panel.set_viewport_size({"width": 1280, "height": 800})
    panel.goto(address)
    field = panel.locator("main input:not([type=hidden])").last
    field.focus()
    expect(panel.locator(".keys")).to_be_visible()
    field_box, keys_box = sure(field.bounding_box()), sure(panel.locator(".keys").bounding_box())
    assert 0 <= field_box["y"] <= keys_box["y"] - field_box["height"]
