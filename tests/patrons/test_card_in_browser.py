"""The card on a phone: read by an independent decoder, open without a network, gone after logout."""

import io

import pytest
import zxingcpp
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page

from tests import build
from tests.browser import PHONE, PHONE_DARK

CARD = reverse("patrons:card")


def log_in(page: Page, card_number: str) -> None:
    page.goto(f"{reverse('patrons:login')}?next={CARD}")
    page.get_by_label("利用者カードの番号").fill(card_number)
    page.get_by_label("パスワード").fill("abcd1234")
    page.get_by_role("main").get_by_role("button", name="ログイン").click()
    page.get_by_role("heading", name="デジタル利用者カード").wait_for()


def decoded(page: Page) -> dict[str, str]:
    """Return what a decoder finds in a picture of the screen, by the kind of code."""
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("L")
    return {str(found.format): found.text for found in zxingcpp.read_barcodes(picture)}


@pytest.mark.parametrize("page", [PHONE, PHONE_DARK], indirect=True)
@pytest.mark.parametrize("card_number", ["01234567", "00000000000042"])
def test_both_codes_are_read_from_the_screen(page: Page, card_number: str):
    build.patron("岡山 花子", card_number=card_number)
    log_in(page, card_number)
    assert decoded(page) == {"QR Code": card_number, "Codabar": f"A{card_number}A"}
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_saved_card_opens_without_a_network_and_goes_with_the_logout(page: Page):
    build.patron("岡山 花子", card_number="01234567")
    log_in(page, "01234567")
    assert page.evaluate("caches.keys()") == []
    page.get_by_role("button", name="この端末に保存").click()
    page.get_by_text("この端末に保存しました。").wait_for()
    page.context.set_offline(True)
    page.goto(CARD)
    page.get_by_text("この端末に保存したカードです。").wait_for()
    assert decoded(page) == {"QR Code": "01234567", "Codabar": "A01234567A"}
    page.context.set_offline(False)
    page.goto(CARD)
    page.get_by_role("button", name="ログアウト").click()
    page.get_by_text("ログアウトしました。").wait_for()
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_next_patron_on_a_phone_replaces_the_saved_card(page: Page):
    build.patron("岡山 花子", card_number="01234567")
    build.patron("倉敷 太郎", card_number="07654321")
    log_in(page, "01234567")
    page.get_by_role("button", name="この端末に保存").click()
    page.get_by_text("この端末に保存しました。").wait_for()
    page.context.clear_cookies()
    log_in(page, "07654321")
    page.get_by_role("button", name="この端末から消す").wait_for()
    page.wait_for_function(
        "caches.match('/my/card/').then((kept) => kept.text()).then((text) => text.includes('07654321'))"
    )
    page.get_by_role("button", name="この端末から消す").click()
    page.get_by_text("この端末から消しました。").wait_for()
    assert page.evaluate("caches.keys()") == []
