"""The account as a patron meets it in a browser."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests import build
from tests.browser import DESKTOP, PHONE


@pytest.mark.parametrize("page", [PHONE, DESKTOP], indirect=True)
def test_newcomer_sets_a_password_in_the_browser(page: Page):
    build.patron(password=None, card_number="01234567", birth_date=date(2020, 9, 10))
    page.goto(reverse("patrons:login"))
    page.get_by_label("利用者カードの番号").fill("０１２３−４５６７")
    page.get_by_label("パスワード").fill("45670910")
    page.get_by_role("main").get_by_role("button", name="ログイン").click()
    page.get_by_role("heading", name="パスワード変更").wait_for()
    page.get_by_label("新しいパスワード ※必須").fill("Hanako26")
    page.get_by_label("新しいパスワード（確認）").fill("Hanako26")
    page.get_by_role("button", name="パスワードを設定する").click()
    page.get_by_role("heading", name="My ライブラリ").first.wait_for()
    page.get_by_role("button", name="ログアウト").click()
    page.get_by_text("ログアウトしました。").wait_for()
