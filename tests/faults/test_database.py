"""A database that is away, dead, restarting, read-only or blocked: everybody is told soon, and nothing else waits."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from reservations.models import Reservation
from tests import build
from tests.faults.portal import Caller, Portal

PAGES = {"visitor": "/titles/1/", "patron": "/my/", "desk": "/admin/desk/"}
SOON = 1.0  # seconds
NOT_LOADED = 0.5  # seconds more on a machine that does other things, too
Callers = dict[str, Caller]


def told_busy(portal: Portal, callers: Callers) -> dict[str, object]:
    """Return who is not told within a second that it is busy, and what they got."""
    answers = {name: portal.ask(path, callers[name]) for name, path in PAGES.items()}
    return {
        name: (answer.status, round(answer.seconds, 1))
        for name, answer in answers.items()
        if not answer.is_busy or answer.seconds > SOON + NOT_LOADED
    }


def test_a_database_that_is_away_is_said_to_everybody(portal: Portal, callers: Callers):
    portal.line.close()
    assert told_busy(portal, callers) == {}
    assert told_busy(portal, callers) == {}


def test_what_needs_no_database_does_not_wait_for_it(portal: Portal, callers: Callers):
    portal.line.stalls = True
    portal.ask("/my/", callers["patron"])
    answers = [portal.ask(path, callers["patron"]) for path in ("/robots.txt", "/static/css/opac.css")]
    answers += [portal.ask("/nothing-here/"), portal.ask("/nothing-here/", callers["patron"])]
    assert [answer.status for answer in answers] == [200, 200, 404, 503]
    assert max(answer.seconds for answer in answers) < NOT_LOADED
    assert portal.ask("/", host="evil.example").status == 400


def test_the_first_page_after_an_outage_is_a_good_one(portal: Portal, callers: Callers):
    portal.line.close()
    end = time.monotonic() + 3
    while time.monotonic() < end:
        assert portal.ask("/my/", callers["patron"]).is_busy
    portal.line.open()
    assert [portal.ask("/my/", callers["patron"]).status for _ in range(10)] == [200] * 10


def test_no_page_fails_after_a_restart(portal: Portal, callers: Callers):
    statuses = []
    for _ in range(4):
        portal.line.cut()
        statuses += [portal.ask("/my/", callers["patron"]).status for _ in range(8)]
    assert statuses == [200] * 32


def test_a_dead_line_is_given_up(portal: Portal, callers: Callers):
    portal.line.stalls = True
    assert told_busy(portal, callers) == {}
    portal.line.heal()
    time.sleep(SOON)
    assert portal.ask("/my/", callers["patron"]).status == 200


@pytest.mark.parametrize(
    ("table", "stopped"),
    [
        ("patrons_patron", ["patron"]),
        ("patrons_loginsession", ["desk", "patron"]),
        ("patrons_user", ["desk", "patron"]),
        ("catalog_policy", ["patron"]),
        ("catalog_library", ["desk"]),
    ],
)
def test_a_locked_table_stops_nobody_for_long(portal: Portal, callers: Callers, table: str, stopped: list[str]):
    with other_session() as session:
        session.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")  # type: ignore[arg-type]
        answers = {name: portal.ask(path, callers[name]) for name, path in PAGES.items()}
    assert {name for name, answer in answers.items() if answer.status != 503 and name in stopped} == set()
    assert all(answer.is_busy for answer in answers.values() if answer.status not in {200, 404})
    assert max(answer.seconds for answer in answers.values()) < SOON + NOT_LOADED


def test_a_read_only_database_is_no_wrong_address(portal: Portal, callers: Callers):
    new = build.patron(name="新しい人")
    with read_only(portal):
        assert portal.ask("/login/", sent={"card_number": new.card_number, "password": "abcd1234"}).is_busy
        scanned = portal.ask("/admin/desk/", callers["desk"], {"scan": "1234"})
        assert scanned.is_busy or scanned.status == 200
        fresh = Caller.__new__(Caller)
        fresh.user, fresh.cookie = None, callers["patron"].cookie
        assert portal.ask("/my/settings/", fresh, {"contact_method": "none"}).status in {200, 503}
    assert portal.ask("/my/", callers["patron"]).status == 200


def test_a_session_that_cannot_be_saved_is_no_wrong_address(portal: Portal):
    patron = Caller(build.patron().user)  # its first page writes when the session began
    with read_only(portal):
        assert portal.ask("/my/", patron).is_busy


def test_where_the_answer_of_commit_is_lost_nobody_is_told_that_nothing_changed(portal: Portal):
    library = build.library()
    patron = build.patron(pickup_library=library)
    title = build.title()
    build.item(title, library)
    who = Caller(patron.user)
    portal.ask("/my/", who)
    form = {"titles": title.pk, "pickup_library": library.pk, "contact_method": "none", "submission": str(uuid4())}
    portal.ask("/basket/entries/", who, {"title": title.pk})
    portal.line.loses_commits = True
    answer = portal.ask("/basket/reservation/", who, form)
    portal.line.heal()
    assert answer.is_busy, (answer.status, answer.text[:2000])
    assert "記録は変わっていません" not in answer.text
    assert "予約一覧でお確かめください" in answer.text
    assert 'href="/my/reservations/"' in answer.text
    assert Reservation.objects.filter(patron=patron).count() == 1
    again = portal.ask("/basket/reservation/", who, form)
    assert again.status == 302
    assert Reservation.objects.filter(patron=patron).count() == 1


def test_a_lock_not_got_is_rolled_back_for_certain(portal: Portal):
    library = build.library()
    patron = build.patron(pickup_library=library)
    title = build.title()
    build.item(title, library)
    who = Caller(patron.user)
    portal.ask("/my/", who)
    portal.ask("/basket/entries/", who, {"title": title.pk})
    form = {"titles": title.pk, "pickup_library": library.pk, "contact_method": "none", "submission": str(uuid4())}
    with other_session() as session:
        session.execute("SELECT FROM catalog_title WHERE id = %s FOR UPDATE", [title.pk])
        answer = portal.ask("/basket/reservation/", who, form)
    assert answer.is_busy
    assert "記録は変わっていません" in answer.text


@contextmanager
def other_session() -> Iterator[psycopg.Connection]:
    """Open a transaction beside the portal's; it is rolled back."""
    with psycopg.connect(**connection.get_connection_params() | {"options": ""}) as session:
        yield session
        session.rollback()


@contextmanager
def read_only(portal: Portal) -> Iterator[None]:
    """Let every new session of the database be one that may not write, as on a standby that was not promoted."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        portal.line.cut()
        try:
            yield
        finally:
            cursor.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
            portal.line.cut()
