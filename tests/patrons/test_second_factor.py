"""The staff's second factor, where the library asks for one (STAFF_TOTP)."""

import base64
import io
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
import zxingcpp
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from PIL import Image
from playwright.sync_api import Page

from patrons.account import second_factor
from patrons.models import User
from tests import build
from tests.browser import DESKTOP, PHONE, violations
from tests.sure import sure

LOGIN, INDEX = reverse("admin:login"), reverse("admin:index")
CODE, ENROLMENT = reverse("admin:second_factor"), reverse("admin:second_factor_enrolment")
CODES = reverse("admin:second_factor_codes")


@pytest.fixture(autouse=True)
def required(settings):
    settings.STAFF_TOTP = "required"


@pytest.fixture
def clerk(db):
    made = User.objects.create_user("counter-1", "staff-pass-1", is_staff=True)
    made.groups.add(Group.objects.get(name="counter"))
    return made


def logged_in(name: str = "counter-1") -> Client:
    client = Client()
    client.post(LOGIN, {"username": name, "password": "staff-pass-1", "next": INDEX})
    return client


def code_of(device: TOTPDevice, later: int = 0) -> str:
    totp = TOTP(device.bin_key)
    totp.time = time.time() + 30 * later
    return f"{totp.token():06}"


def enrolled(user: User) -> tuple[TOTPDevice, list[str]]:
    return TOTPDevice.objects.create(user=user, name="app"), second_factor.renew_codes(user)


def opens(client: Client) -> bool:
    return client.get(reverse("admin:patrons_patron_changelist")).status_code == 200


def test_password_alone_opens_nothing_and_leads_to_the_enrolment(clerk):
    client = logged_in()
    for page in (INDEX, reverse("admin:desk"), reverse("admin:patrons_patron_changelist"), CODES):
        assert client.get(page).status_code == 302
    assert client.get(reverse("admin:desk"), follow=True).redirect_chain[-1][0] == ENROLMENT
    assert client.post(reverse("admin:desk"), {"scan": "1"}).status_code == 302


def test_member_of_staff_enrols_an_app_and_gets_codes_once(clerk):
    client = logged_in()
    secret = sure(re.search(r"<code>([A-Z2-7]+)</code>", client.get(ENROLMENT).content.decode()))[1]
    assert TOTPDevice.objects.count() == 0
    wrong = client.post(ENROLMENT, {"code": "000000"}).content.decode()
    assert ("確認コードが違います。" in wrong, secret in wrong, TOTPDevice.objects.count()) == (True, True, 0)
    before = client.session.session_key
    device = TOTPDevice(key=client.session[second_factor.NEW_KEY])
    page = client.post(ENROLMENT, {"code": code_of(device)}).content.decode()
    shown = re.findall(r"<li><code>([a-z0-9]{10})</code>", page)
    assert (len(set(shown)), opens(client), client.session.session_key == before) == (10, True, False)
    assert second_factor.NEW_KEY not in client.session
    assert shown[0] not in client.get(CODES).content.decode()
    assert not StaticToken.objects.filter(token__in=shown).exists()


def test_code_after_the_password_opens_what_was_wanted(clerk):
    device, _ = enrolled(clerk)
    client = logged_in()
    assert not opens(client)
    typed = code_of(device)
    answer = client.post(CODE, {"code": f"{typed[:3]} {typed[3:]}", "next": "/admin/desk/"})
    assert (answer["Location"], opens(client)) == ("/admin/desk/", True)
    again = logged_in()
    assert "確認コードが違います。" in again.post(CODE, {"code": typed}).content.decode()
    assert not opens(again)


def test_enrolled_user_gets_no_second_app_by_the_password_alone(clerk):
    enrolled(clerk)
    client = logged_in()
    assert client.get(ENROLMENT)["Location"] == CODE
    device = TOTPDevice(key="00" * 20)
    session = client.session
    session[second_factor.NEW_KEY] = device.key
    session.save()
    client.post(ENROLMENT, {"code": code_of(device)})
    assert (TOTPDevice.objects.count(), opens(client)) == (1, False)


def test_recovery_code_works_once_however_it_is_typed(clerk):
    _, codes = enrolled(clerk)
    for typed, works in ((f"{codes[0][:5]} {codes[0][5:]}".upper(), True), (codes[0], False), (codes[1], True)):
        client = logged_in()
        client.post(CODE, {"code": typed})
        assert opens(client) is works
    assert second_factor.codes_left(clerk) == 8


def test_new_codes_end_the_old_ones(clerk):
    device, old = enrolled(clerk)
    client = logged_in()
    client.post(CODE, {"code": code_of(device)})
    assert "残り10個" in client.get(CODES).content.decode()
    new = re.findall(r"<li><code>([a-z0-9]{10})</code>", client.post(CODES).content.decode())
    other = logged_in()
    other.post(CODE, {"code": old[0]})
    assert not opens(other)
    other.post(CODE, {"code": new[0]})
    assert opens(other)


def test_code_of_a_colleague_is_worth_nothing(clerk):
    enrolled(clerk)
    boss = build.staff("boss", "staff-pass-1")
    device, codes = enrolled(boss)
    client = logged_in()
    for typed in (code_of(device), codes[0]):
        client.post(CODE, {"code": typed})
    assert (opens(client), second_factor.codes_left(boss)) == (False, 10)


def test_guessing_is_throttled_and_ends_by_itself(clerk):
    device, _ = enrolled(clerk)
    with time_machine.travel(build.NOON, tick=False) as clock:
        client = logged_in()
        for _ in range(5):
            client.post(CODE, {"code": "000000"})
        page = client.post(CODE, {"code": code_of(device)}).content.decode()
        assert "間違いが続いたため、10秒ほどお待ちください。" in page
        clock.shift(timedelta(seconds=11))
        client.post(CODE, {"code": code_of(device)})
        assert opens(client)


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_are_tried_as_often_as_the_rules_allow():
    clerk = User.objects.create_user("counter-1", "staff-pass-1", is_staff=True)
    enrolled(clerk)
    clients = [logged_in() for _ in range(4)]

    def guess(number: int) -> str:
        try:
            return clients[number % 4].post(CODE, {"code": f"{number:06}"}).content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(guess, range(24)))
    assert sum("確認コードが違います。" in page for page in pages) == 5


@pytest.mark.parametrize("typed", ["", "x" * 41, "あ", "12345", "9" * 30, "\x00", "-1", "１２３４５６"])
def test_nonsense_is_refused_kindly(clerk, typed):
    enrolled(clerk)
    client = logged_in()
    answer = client.post(CODE, {"code": typed})
    assert (answer.status_code, "＊" in answer.content.decode(), opens(client)) == (200, True, False)


def test_manager_takes_a_lost_telephone_away(clerk):
    device, _ = enrolled(clerk)
    working = logged_in()
    working.post(CODE, {"code": code_of(device)})
    boss = User.objects.create_user("manager-1", "staff-pass-1", is_staff=True)
    boss.groups.add(Group.objects.get(name="manager"))
    own, _ = enrolled(boss)
    client = logged_in("manager-1")
    client.post(CODE, {"code": code_of(own)})
    chosen = {"action": "reset_second_factor", "_selected_action": [clerk.pk]}
    client.post(reverse("admin:patrons_user_changelist"), chosen)
    assert (opens(working), second_factor.is_enrolled(clerk), second_factor.codes_left(clerk)) == (False, False, 0)
    assert LogEntry.objects.get().object_id == str(clerk.pk)
    assert logged_in().get(CODE)["Location"] == ENROLMENT


def test_counter_staff_take_nobodys_telephone_away(clerk):
    device, _ = enrolled(clerk)
    boss = build.staff("boss", "staff-pass-1")
    enrolled(boss)
    client = logged_in()
    client.post(CODE, {"code": code_of(device)})
    chosen = {"action": "reset_second_factor", "_selected_action": [boss.pk]}
    assert client.post(reverse("admin:patrons_user_changelist"), chosen).status_code == 403
    assert second_factor.is_enrolled(boss)


def test_device_that_is_gone_ends_what_it_opened(clerk):
    device, _ = enrolled(clerk)
    client = logged_in()
    client.post(CODE, {"code": code_of(device)})
    device.delete()
    assert not opens(client)


def test_patrons_and_strangers_see_none_of_it(clerk):
    client = Client()
    assert client.get(CODE)["Location"].startswith(LOGIN)
    client.force_login(build.patron().user)
    assert client.get(CODE)["Location"].startswith(LOGIN)
    assert client.get(reverse("opac:my")).status_code == 200


def test_library_that_asks_for_none_has_none(clerk, settings):
    settings.STAFF_TOTP = "off"
    client = logged_in()
    assert (opens(client), client.get(CODE).status_code, client.get(CODES).status_code) == (True, 404, 404)


@pytest.mark.parametrize("page", [DESKTOP], indirect=True)
def test_story_in_the_browser(page: Page):
    boss = build.staff("boss", "staff-pass-1")
    page.goto(INDEX)
    page.locator("#id_username").fill("boss")
    page.locator("#id_password").fill("staff-pass-1")
    page.locator("[type=submit]").click()
    page.get_by_role("heading", name="二段階認証の登録").wait_for()
    assert violations(page) == []
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("L")
    (found,) = zxingcpp.read_barcodes(picture)
    address = urlsplit(found.text)
    assert (address.scheme, address.netloc, address.path) == ("otpauth", "totp", "/localhost%3Aboss")
    secret = parse_qs(address.query)["secret"][0]
    assert page.get_by_text(secret).is_visible()
    device = TOTPDevice(key=second_factor_key(secret))
    page.get_by_label("確認コード").fill(code_of(device))
    page.get_by_role("button", name="登録する").click()
    page.get_by_text("回復コードは、今だけ表示されます。").wait_for()
    assert violations(page) == []
    recovery = page.locator(".second-factor-codes code").first.inner_text()
    page.get_by_role("link", name="控えたので、次へ進む").click()
    page.get_by_role("button", name="ログアウト").click()
    page.goto(INDEX)
    page.locator("#id_username").fill("boss")
    page.locator("#id_password").fill("staff-pass-1")
    page.locator("[type=submit]").click()
    page.get_by_role("heading", name="確認コードの入力").wait_for()
    assert violations(page) == []
    page.get_by_label("確認コード").fill(recovery)
    page.get_by_role("button", name="確認する").click()
    page.get_by_role("heading", name="確認コードの入力").wait_for(state="detached")
    assert second_factor.codes_left(boss) == 9


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_the_line_around_the_focus_leaves_the_label_free_on_a_phone(page: Page):
    build.staff("boss", "staff-pass-1")
    page.goto(INDEX)
    page.locator("#id_username").fill("boss")
    page.locator("#id_password").fill("staff-pass-1")
    page.locator("[type=submit]").click()
    page.get_by_label("確認コード").focus()
    label, field = (sure(page.locator(one).bounding_box()) for one in ("label[for=id_code]", "#id_code"))
    ring = 10  # pixels that the outline and its offset stand around the field
    beside = label["x"] + label["width"] + ring <= field["x"]
    assert beside or label["y"] + label["height"] + ring <= field["y"]


def second_factor_key(secret: str) -> str:
    """Return the secret of an otpauth address in the hexadecimal that the table keeps."""
    return base64.b32decode(secret).hex()
