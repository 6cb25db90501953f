"""Which face a request has, what a face closes, and how a visit to a shared device ends."""

import re
from datetime import timedelta
from typing import cast

import pytest
import time_machine
from django.core import signing
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from catalog import terminals
from catalog.models import Terminal
from catalog.requests import PortalRequest
from opac.faces import face as faces
from patrons.models import ContactMethod
from tests import build
from tests.sure import sure

pytestmark = pytest.mark.django_db


def device(kind: str = Terminal.Kind.KEYBOARD, name: str = "1階 入口") -> tuple[Client, Terminal]:
    """Register a device as staff do and return its browser."""
    terminal = Terminal.objects.create(library=build.library(), name=name, kind=kind)
    client = Client()
    code = terminals.issue_code(terminal, now=timezone.now())
    assert client.post(reverse("opac:enrol"), {"code": code})["Location"] == "/"
    terminal.refresh_from_db()
    return client, terminal


def face_of(client: Client, address: str = "/", *, seen_from: str = "127.0.0.1", **headers: str) -> str:
    return face_in(client.get(address, headers=headers, REMOTE_ADDR=seen_from).wsgi_request)


def face_in(request: HttpRequest) -> str:
    face = cast(PortalRequest, request).face
    assert isinstance(face, faces.Face)
    return face.name


def test_a_registered_device_has_the_face_of_its_kind() -> None:
    assert face_of(device()[0]) == "terminal"
    assert face_of(device(Terminal.Kind.TOUCH, "2階")[0]) == "touch terminal"


@pytest.mark.parametrize("agent", ["館内利用者検索機", "OPAC-Kiosk/1.0", "Terminal"])
def test_no_user_agent_and_no_address_makes_a_terminal(agent: str) -> None:
    assert face_of(Client(), user_agent=agent) == "web"
    assert face_of(Client(), "/?face=terminal&terminal=1") == "web"


@pytest.mark.parametrize(
    "value",
    ["", "1", "1:secret", "terminal", signing.dumps([1, "x"]), signing.dumps("x", salt=faces.SALT)],
    ids=["empty", "number", "unsigned", "word", "other salt", "other content"],
)
def test_a_forged_cookie_makes_no_terminal(value: str) -> None:
    device()
    client = Client()
    client.cookies[faces.COOKIE] = value
    assert face_of(client) == "web"


def test_a_signed_cookie_with_a_wrong_secret_makes_no_terminal() -> None:
    _, terminal = device()
    client = Client()
    client.cookies[faces.COOKIE] = signing.dumps([terminal.pk, "guessed"], salt=faces.SALT)
    assert face_of(client) == "web"


def test_a_cookie_copied_out_of_the_library_makes_no_terminal() -> None:
    client, terminal = device()
    terminal.library.terminal_networks = "192.0.2.0/24"
    terminal.library.save()
    assert face_of(client) == "web"
    assert face_of(client, seen_from="192.0.2.8") == "terminal"


def test_an_ipv4_device_seen_by_a_server_on_both_protocols_is_in_its_network() -> None:
    client, terminal = device()
    terminal.library.terminal_networks = "192.0.2.0/24"
    terminal.library.save()
    assert face_of(client, seen_from="::ffff:192.0.2.8") == "terminal"
    assert face_of(client, seen_from="::ffff:203.0.113.9") == "web"


def test_behind_a_proxy_the_devices_own_address_counts(settings) -> None:
    settings.TRUSTED_PROXIES = 1
    client, terminal = device()
    terminal.library.terminal_networks = "192.0.2.0/24"
    terminal.library.save()
    assert face_of(client, x_forwarded_for="192.0.2.8") == "terminal"
    assert face_of(client, x_forwarded_for="192.0.2.8, 203.0.113.9") == "web"


def test_a_revoked_terminal_is_none_with_its_next_request_and_its_visitor_is_logged_out() -> None:
    client, terminal = device()
    client.force_login(build.patron().user)
    assert client.get("/").wsgi_request.user.is_authenticated
    terminals.revoke(terminal, now=timezone.now())
    request = client.get("/").wsgi_request
    assert (face_in(request), request.user.is_authenticated) == ("web", False)


def test_a_device_without_the_cookie_asks_nothing_of_the_database(django_assert_num_queries) -> None:
    request = RequestFactory().get("/")
    with django_assert_num_queries(0):
        assert faces.terminal_of(request) is None


def test_the_web_offers_mail_or_nothing_and_terminals_every_method() -> None:
    assert faces.WEB.contact_methods == (ContactMethod.EMAIL, ContactMethod.NONE)
    assert set(faces.TERMINAL.contact_methods) == set(faces.TOUCH.contact_methods) == set(ContactMethod.values)


@pytest.mark.parametrize("kind", Terminal.Kind.values)
def test_a_terminals_browser_keeps_no_page(kind: str) -> None:
    client, _ = device(kind)
    assert "no-store" in client.get("/")["Cache-Control"]
    assert "no-store" not in Client().get("/").get("Cache-Control", "")


def test_the_login_button_has_the_guides_words_on_each_face() -> None:
    assert [face.login_label for face in (faces.WEB, faces.TERMINAL, faces.TOUCH)] == [
        "ログイン",
        "My ライブラリログイン",
        "My ライブラリログイン",
    ]


def test_the_touch_panel_closes_what_it_does_not_offer() -> None:
    closed = {"patrons:settings", "patrons:shelves", "patrons:challenges", "notifications:alerts", "patrons:card"}
    assert {page for page in closed if faces.TOUCH.offers(page)} == set()
    assert {page for page in closed if not faces.TERMINAL.offers(page)} == {"patrons:card"}
    assert not any(face.offers("opac:my_data") for face in (faces.TOUCH, faces.TERMINAL))
    assert {page for page in closed if not faces.WEB.offers(page)} == set()


def test_leaving_logs_out_and_forgets_all_cookies_but_the_devices_own() -> None:
    client, _ = device()
    client.force_login(build.patron().user)
    client.cookies["basket"] = "titles"
    answer = client.post(reverse("opac:leave"))
    assert (answer.status_code, answer["Location"], answer["Clear-Site-Data"]) == (302, "/", '"cache", "storage"')
    kept = {name for name, cookie in client.cookies.items() if cookie.value}
    assert kept == {faces.COOKIE}
    assert not client.get("/").wsgi_request.user.is_authenticated


def test_the_next_person_begins_in_japanese() -> None:
    client, _ = device()
    assert client.post("/en/terminal/leave/")["Location"] == "/"


def test_each_visit_renews_the_devices_cookie_and_no_other_browser_gets_one() -> None:
    client, terminal = device()
    cookie = client.post(reverse("opac:leave")).cookies[faces.COOKIE]
    assert signing.loads(cookie.value, salt=faces.SALT) == [terminal.pk, terminal.secret]
    assert faces.COOKIE not in Client().post(reverse("opac:leave")).cookies


def test_a_page_whose_visit_or_terminal_has_ended_is_told_so() -> None:
    client, terminal = device()
    stay = reverse("opac:stay")
    assert client.post(stay).status_code == 204
    assert client.post(f"{stay}?in").status_code == 410
    client.force_login(build.patron().user)
    assert client.post(f"{stay}?in").status_code == 204
    terminals.revoke(terminal, now=timezone.now())
    assert (client.post(f"{stay}?in").status_code, client.post(stay).status_code) == (410, 410)


def test_a_basket_on_a_shared_device_lasts_no_longer_than_a_visit() -> None:
    client, _ = device()
    title = build.title()
    put = client.post(reverse("reservations:basket_entries"), {"title": title.pk})
    assert put.cookies["basket"]["max-age"] == faces.TERMINAL.visit_seconds
    at_home = Client().post(reverse("reservations:basket_entries"), {"title": title.pk})
    assert at_home.cookies["basket"]["max-age"] == 14 * 24 * 3600


def test_leaving_needs_a_post() -> None:
    client, _ = device()
    assert client.get(reverse("opac:leave")).status_code == 405


@pytest.mark.parametrize(("seconds", "goes_on"), [(60, True), (89, True), (91, False)])
def test_an_idle_visit_ends_on_the_server_too(seconds: int, goes_on: bool) -> None:
    client, _ = device()
    start = timezone.now()
    client.force_login(build.patron().user)
    with time_machine.travel(start, tick=False):
        client.get("/")
    with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
        assert client.get("/").wsgi_request.user.is_authenticated == goes_on


def test_without_scripts_an_idle_device_is_emptied_by_its_own_refresh() -> None:
    client, _ = device()
    title = build.item(build.title(), build.library("幸町図書館")).title
    client.post(reverse("reservations:basket_entries"), {"title": title.pk})
    page = client.get(reverse("catalog:search")).content.decode()
    assert client.cookies["basket"].value
    refresh = sure(re.search(r'<noscript><meta http-equiv="refresh" content="\d+;url=([^"]+)">', page))[1]
    assert client.get(refresh)["Location"] == "/"
    assert client.cookies["basket"].value == ""
    assert face_of(client) == "terminal"


def test_at_home_the_same_address_ends_nothing() -> None:
    client = Client()
    client.force_login(build.patron().user)
    assert client.get("/?left").wsgi_request.user.is_authenticated


def test_a_page_knows_when_its_visit_ends() -> None:
    client, _ = device()
    client.force_login(build.patron().user)
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        client.get("/")
    with time_machine.travel(start + timedelta(seconds=50), tick=False):
        assert 'data-whole="550"' in client.get("/").content.decode()


def test_a_visit_ends_after_ten_minutes_however_busy() -> None:
    client, _ = device()
    start = timezone.now()
    client.force_login(build.patron().user)
    seen = []
    for minute in range(12):
        with time_machine.travel(start + timedelta(minutes=minute), tick=False):
            client.post(reverse("opac:stay"))
            seen.append(client.get("/").wsgi_request.user.is_authenticated)
    assert seen == [True] * 11 + [False]


def test_a_session_stolen_from_a_terminal_does_not_work_elsewhere() -> None:
    client, _ = device()
    client.force_login(build.patron().user)
    client.get("/")
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert not thief.get("/").wsgi_request.user.is_authenticated


def test_a_web_session_knows_no_idle_limit_of_terminals() -> None:
    client = Client()
    client.force_login(build.patron().user)
    start = timezone.now()
    with time_machine.travel(start + timedelta(minutes=20), tick=False):
        assert client.get("/").wsgi_request.user.is_authenticated


def test_staff_issue_a_code_and_revoke_in_the_admin() -> None:
    staff = build.patron().user.__class__.objects.create_superuser("staff", "staff-password")
    terminal = Terminal.objects.create(library=build.library(), name="1階 入口")
    client = Client()
    client.force_login(staff)
    page = reverse("admin:catalog_terminal_changelist")
    answer = client.post(page, {"action": "issue_codes", "_selected_action": [terminal.pk]})
    terminal.refresh_from_db()
    code = re.search(r"[0-9]{4}-[0-9]{4}-[0-9]{4}", answer.content.decode())
    assert "検索機のアドレス範囲" in answer.content.decode()
    assert (bool(code), bool(terminal.code_digest), "no-store" in answer["Cache-Control"]) == (True, True, True)
    client.post(page, {"action": "revoke", "_selected_action": [terminal.pk]})
    terminal.refresh_from_db()
    assert (terminal.code_digest, bool(terminal.revoked_at)) == ("", True)


def test_a_scanned_code_is_filled_in_and_registers_only_when_it_is_sent() -> None:
    terminal = Terminal.objects.create(library=build.library(), name="1階 入口")
    code = terminals.issue_code(terminal, now=timezone.now())
    client = Client()
    page = client.get(reverse("opac:enrol"), {"code": code})
    terminal.refresh_from_db()
    assert (f'value="{code}"' in page.content.decode(), "no-store" in page["Cache-Control"]) == (True, True)
    assert (face_of(client), bool(terminal.code_digest)) == ("web", True)
    client.post(reverse("opac:enrol"), {"code": code})
    assert face_of(client) == "terminal"
    assert client.post(reverse("opac:enrol"), {"code": code}).status_code == 400


def test_what_is_in_the_address_is_filled_in_as_text() -> None:
    page = Client().get(reverse("opac:enrol"), {"code": '"><script>' + "1" * 99}).content.decode()
    assert ("<script>1" in page, f'value="&quot;&gt;&lt;script&gt;{"1" * 30}"' in page) == (False, True)
