"""What every story on a terminal begins with, and what its patron does elsewhere."""

import re

from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from catalog import terminals
from catalog.models import Terminal
from patrons.models import Patron
from tests import build
from tests.mail import Mailbox
from tests.sure import sure


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


def set_password_at_home(mailbox: Mailbox, password: str) -> None:
    """Have the one mail sent that was asked for, and set a password by its link in a browser that is no terminal."""
    call_command("send_notices")
    [mail] = mailbox.messages
    link = sure(re.search(r"https?://[^/]+(/reset/\S+)", mail.get_content()))[1]
    answer = Client().post(link, {"password": password, "again": password})
    assert answer["Location"] == reverse("patrons:login")
