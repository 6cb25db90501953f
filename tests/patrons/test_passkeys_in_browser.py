"""Passkeys in Chromium, with its own virtual authenticator."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from patrons.models import Passkey
from tests import build
from tests.browser import DESKTOP_DARK, PHONE, violations
from tests.patrons.passkeys import plug_in

LOGIN, LIST = reverse("patrons:login"), reverse("patrons:passkeys")


@pytest.fixture
def home(page: Page, live_server, settings) -> str:
    """The site's address, configured; it has a name, for an address in numbers can have no passkeys."""
    settings.SITE_URL = live_server.url
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    return settings.SITE_URL


def log_in(page: Page, home: str, next_page: str = LIST) -> None:
    page.goto(f"{home}{LOGIN}?next={next_page}")
    page.get_by_label("利用者カードの番号").fill("01234567")
    page.get_by_label("パスワード").fill("abcd1234")
    page.get_by_role("button", name="ログイン", exact=True).click()


def register(page: Page) -> None:
    page.get_by_label("パスキーの名前").fill("わたしの電話")
    page.get_by_label("今のパスワード").fill("abcd1234")
    page.get_by_role("button", name="登録に進む").click()
    page.get_by_role("button", name="この端末で登録する").click()


@pytest.mark.parametrize("page", [PHONE, DESKTOP_DARK], indirect=True)
def test_patron_registers_logs_in_and_removes(page: Page, home: str):
    build.patron("岡山 花子", card_number="01234567")
    plug_in(page)
    log_in(page, home)
    page.get_by_role("heading", name="パスキーを登録する").wait_for()
    assert violations(page) == []
    register(page)
    page.get_by_text("パスキーを登録しました。").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="ログアウト").click()
    page.goto(f"{home}{LOGIN}?next={LIST}")
    assert violations(page) == []
    page.get_by_role("button", name="パスキーでログイン").click()
    page.get_by_text("最後の使用は").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="名前の変更・削除").click()
    page.get_by_role("heading", name="パスキー「わたしの電話」").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="このパスキーを削除する").click()
    page.get_by_text("登録したパスキーはありません。").wait_for()
    page.get_by_role("button", name="ログアウト").click()
    page.goto(f"{home}{LOGIN}")
    page.get_by_role("button", name="パスキーでログイン").click()
    page.get_by_text("このパスキーは登録されていません。パスワードでログインしてください。").wait_for()


def test_device_that_does_not_verify_its_owner_is_told_kindly(page: Page, home: str):
    build.patron("岡山 花子", card_number="01234567")
    session, device = plug_in(page)
    log_in(page, home)
    register(page)
    page.get_by_text("パスキーを登録しました。").wait_for()
    page.get_by_role("button", name="ログアウト").click()
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.goto(f"{home}{LOGIN}")
    page.get_by_role("button", name="パスキーでログイン").click()
    page.get_by_text("パスキーは使われませんでした。").wait_for()
    assert Passkey.objects.get().last_used_at is None


def test_device_that_has_one_makes_no_second(page: Page, home: str):
    build.patron("岡山 花子", card_number="01234567")
    plug_in(page)
    log_in(page, home)
    register(page)
    page.get_by_text("パスキーを登録しました。").wait_for()
    register(page)
    page.get_by_text("登録は終わっていません。").wait_for()
    assert Passkey.objects.count() == 1


def test_page_under_another_address_offers_no_button(page: Page, home: str):
    page.goto(home.replace("localhost", "127.0.0.1") + LOGIN)
    page.get_by_role("button", name="ログイン", exact=True).wait_for()
    assert not page.get_by_role("button", name="パスキーでログイン").is_visible()


def test_without_script_the_password_does(browser, home: str):
    build.patron("岡山 花子", card_number="01234567")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    log_in(page, home)
    assert not page.get_by_role("button", name="登録に進む").is_visible()
    assert page.get_by_text("パスキーを登録するには、").is_visible()
    context.close()
