"""The house stands: the launcher, the settings, the browser, the mail server."""

import pytest
from django.core.mail import send_mail
from django.db import connection
from playwright.sync_api import Page

from tests.browser import DESKTOP, PHONE
from tests.mail import Mailbox


@pytest.mark.django_db
def test_trigrams_of_japanese_are_found():
    with connection.cursor() as cursor:
        cursor.execute("SELECT show_trgm('図書館')")
        assert len(cursor.fetchone()[0]) == 4


@pytest.mark.parametrize("page", [PHONE, DESKTOP], indirect=True)
def test_browser_opens_a_page_of_the_live_server(page: Page):
    answer = page.goto("/")
    assert answer.status < 500
    assert page.evaluate("innerWidth") in {375, 1280}


def test_mail_reaches_a_real_server(smtp: Mailbox):
    send_mail("件名", "本文は髙島屋の①番", "toshokan@ocl.city.okayama.jp", ["patron@example.jp"])
    assert [(mail["subject"], mail.get_content().strip()) for mail in smtp.messages] == [("件名", "本文は髙島屋の①番")]
