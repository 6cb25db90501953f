"""The pages about mail in a real browser: axe, no script, keyboard."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from notifications.letters import unsubscribe_link
from notifications.models import Alert, Kind
from tests import build
from tests.browser import DESKTOP, DESKTOP_DARK, PHONE, PHONE_DARK, violations
from tests.sure import sure


@pytest.fixture
def hanako(page: Page, live_server, client):
    """A patron who is logged in and has two conditions."""
    patron = build.patron(email="hanako@example.org")
    client.force_login(patron.user)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    for number, words in enumerate(("岡山", "料理")):
        Alert.objects.create(patron=patron, keyword=words, active=number == 0, created_at=timezone.now())
    title = build.title("岡山の歴史", creator="岡山 太郎", publisher="見本出版", year=2026)
    build.item(title, build.library(), acquired_on=timezone.localdate())
    return patron


@pytest.mark.parametrize("page", [PHONE, PHONE_DARK, DESKTOP, DESKTOP_DARK], indirect=True)
def test_pages_are_accessible_and_fit(page: Page, hanako):
    mine = sure(Alert.objects.first())
    stop = "/" + unsubscribe_link(hanako, Kind.ARRIVALS).split("/", 3)[3]
    for path in ("/my/alerts/", "/my/alerts/new/", f"/my/alerts/{mine.pk}/", "/my/reminders/", stop):
        assert sure(page.goto(path)).status == 200
        assert (path, violations(page)) == (path, [])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_patron_saves_a_search_sees_what_it_would_have_found_and_stops_it(page: Page, hanako):
    page.goto("/search/?q=%E6%AD%B4%E5%8F%B2")
    page.get_by_role("link", name="この条件の新着資料をメールで受け取る").click()
    page.get_by_role("button", name="見つかる資料を確かめる").click()
    assert "1件見つかります" in page.get_by_role("status").first.inner_text()
    page.get_by_role("button", name="この条件を登録する").click()
    card = page.locator(".condition", has_text="歴史")
    card.get_by_role("button", name="お知らせを止める").click()
    assert "お知らせしない" in card.inner_text()
    assert Alert.objects.get(keyword="歴史").active is False
