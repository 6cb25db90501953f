"""A fault leaves a trace: where it happened and under which number, and nothing about who asked for what."""

import json
import logging
import re
import time
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from opac import request_log, urls
from opac.urls import handler400, handler403, handler404, handler500  # noqa: F401
from patrons.models import Patron
from tests import build
from tests.trace_scanner import Marks

NAME, CARD, BOOK = "金糸雀 加奈恵", "31415926", "鳴かない鳥の見分け方"
ROMAN, MAIL, TELEPHONE = "Canary Kanae", "canary@example.jp", "086-314-1592"
SOMEBODY = Marks(frozenset({NAME, BOOK, ROMAN, MAIL, TELEPHONE, CARD, "カナリヤ"}), frozenset({int(CARD)}))


def falls(request: HttpRequest, card: str) -> HttpResponse:
    raise RuntimeError(f"{NAME} {ROMAN} {CARD} {MAIL} wanted {BOOK}")


def looks_up(request: HttpRequest, card: str) -> HttpResponse:
    known: dict[str, str] = {}
    return HttpResponse(known[request.GET["q"]])


def doubles(request: HttpRequest, card: str) -> HttpResponse:
    with transaction.atomic():
        build.patron(NAME, card_number=CARD)
    raise AssertionError


def chains(request: HttpRequest, card: str) -> HttpResponse:
    try:
        raise ValueError(f"no such patron: {ROMAN}")
    except ValueError as error:
        raise IntegrityError(f"DETAIL: Key (name)=({NAME}) exists") from error


def says(request: HttpRequest, card: str) -> HttpResponse:
    logging.getLogger("catalog").warning("not found: %s, %s, '%s', /search/?q=%s", NAME, CARD, ROMAN, ROMAN)
    return HttpResponse()


def is_away(request: HttpRequest, card: str) -> HttpResponse:
    raise OperationalError(f"the database is away\nDETAIL: while looking for {ROMAN}")


FAILING = {view.__name__: view for view in (falls, looks_up, doubles, chains, says, is_away)}
urlpatterns = [*urls.urlpatterns, *(path(f"failing/<str:card>/{name}/", view) for name, view in FAILING.items())]


@pytest.fixture(params=[False, True], ids=["lines", "json"])
def as_json(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture
def log(as_json: bool) -> Iterator[StringIO]:
    """What would be written to stderr."""
    handler = logging.StreamHandler(text := StringIO())
    handler.setFormatter(request_log.Lines(as_json=as_json))
    handler.addFilter(request_log.Worth())
    logging.getLogger().addHandler(handler)
    yield text
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
@pytest.mark.urls("tests.faults.test_log")
@pytest.mark.parametrize("name", FAILING)
def test_a_line_says_where_and_under_which_number_and_not_who_or_what(name: str, log: StringIO, as_json: bool):
    client = Client(raise_request_exception=False)
    if name == "doubles":
        build.patron(NAME, card_number=CARD)
    client.force_login(build.patron(NAME).user)
    answer = client.get(f"/failing/{CARD}/{name}/", {"q": BOOK, "name": ROMAN})
    written = log.getvalue()
    assert not SOMEBODY.stand_in(written), written
    number = answer["X-Request-ID"]
    assert number in written
    assert f"GET failing/<str:card>/{name}/" in written
    if name != "says":
        assert f"お問い合わせ番号：{number}" in answer.text
    if name in {"falls", "looks_up", "doubles", "chains"}:
        assert answer.status_code == 500
        assert __file__.split("/")[-1] in written  # where it fell
    if as_json:
        facts = [json.loads(line) for line in written.splitlines()]
        assert {"time", "level", "logger", "message", "request", "route"} <= facts[0].keys()


@pytest.mark.django_db
@pytest.mark.urls("tests.faults.test_log")
def test_every_error_page_has_a_number(client: Client):
    client.raise_request_exception = False
    for address, status in (("/nothing-here/", 404), ("/failing/1/falls/", 500), ("/failing/1/is_away/", 503)):
        answer = client.get(address)
        assert (answer.status_code, f"お問い合わせ番号：{answer['X-Request-ID']}" in answer.text) == (status, True)
    refused = Client(enforce_csrf_checks=True).post("/login/", {})
    assert f"お問い合わせ番号：{refused['X-Request-ID']}" in refused.text


@pytest.mark.django_db
def test_a_number_is_taken_from_a_trusted_proxy_only(client: Client, settings):
    given = {"x-request-id": "0123-abcd-4567"}
    assert client.get("/robots.txt", headers=given)["X-Request-ID"] != given["x-request-id"]
    settings.TRUSTED_PROXIES = 1
    assert client.get("/robots.txt", headers=given)["X-Request-ID"] == given["x-request-id"]
    assert client.get("/robots.txt", headers={"x-request-id": "<script>"})["X-Request-ID"].isalnum()


def test_a_constraint_is_named_and_its_row_is_not(db, log: StringIO):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE patrons_patron SET card_number = %s", [CARD])
            build.patron(NAME, card_number=CARD)
            Patron.objects.create(user=build.staff(ROMAN), card_number=CARD, name=NAME)
    except Exception:
        logging.getLogger("patrons").exception("It fell")
    assert "IntegrityError: 23" in log.getvalue()
    assert "patrons_patron" in log.getvalue()
    assert not SOMEBODY.stand_in(log.getvalue())


def test_gunicorn_and_the_portal_write_alike_and_in_one_time_zone(portal, callers):
    portal.line.close()
    portal.ask("/my/?q=" + ROMAN.replace(" ", "+"), callers["patron"])
    lines = portal.log.read_text().splitlines()
    stamp = re.compile(r"[0-9-]{10}T[0-9:.]{12}\+09:00 (INFO|WARNING|ERROR) [\w.]+")
    assert [line for line in lines if not stamp.match(line)] == []
    assert any("503" in line and "GET my/" in line for line in lines)
    assert ROMAN.split()[0] not in portal.log.read_text()


def test_a_fault_is_mailed_once_and_says_no_more_than_the_log(settings, mailoutbox):
    settings.ADMINS = [("", "operator@example.jp")]
    handler = request_log.Mails()
    handler.setFormatter(request_log.Lines())
    for _ in range(3):
        handler.handle(logging.makeLogRecord({"levelno": logging.ERROR, "msg": f"{NAME} '{ROMAN}' {CARD}"}))
    end = time.monotonic() + 5
    while not mailoutbox and time.monotonic() < end:
        time.sleep(0.01)
    assert [mail.to for mail in mailoutbox] == [["operator@example.jp"]]
    assert not SOMEBODY.stand_in(mailoutbox[0].subject + mailoutbox[0].body)


def test_commands_tell_no_number_of_a_request(log: StringIO, db):
    call_command("invariants")
    logging.getLogger("catalog").warning("A word %s", "of the house")
    assert "of the house" in log.getvalue()
