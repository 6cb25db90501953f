"""A database that is away, dead, restarting, read-only or blocked: everybody is told soon, and nothing else waits."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from reservations.models import BasketEntry, Reservation
from tests import build
from tests.conftest import DEEP
from tests.faults.portal import Answer, Caller, Portal

PAGES = {"visitor": "/titles/1/", "patron": "/my/", "desk": "/admin/desk/"}
SOON = 1.0  # seconds
NOT_LOADED = 4.0  # seconds more on a machine that does other things, too: what fails here hangs
OUTAGE = 90 if DEEP else 1  # seconds
LOCKED = [
    ("patrons_loginsession", ["desk", "patron"]),
    ("catalog_policy", ["patron"]),
    ("patrons_patron", ["patron"]),
    ("patrons_user", ["desk", "patron"]),
    ("catalog_library", ["desk"]),
]
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
    end = time.monotonic() + OUTAGE
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


@pytest.mark.parametrize(("table", "stopped"), LOCKED[: len(LOCKED) if DEEP else 2])
def test_a_locked_table_stops_nobody_for_long(portal: Portal, callers: Callers, table: str, stopped: list[str]):
    with other_session() as session:
        session.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        answers = {name: portal.ask(path, callers[name]) for name, path in PAGES.items()}
    assert {name for name, answer in answers.items() if answer.status != 503 and name in stopped} == set()
    assert all(answer.is_busy for answer in answers.values() if answer.status not in {200, 404})
    assert max(answer.seconds for answer in answers.values()) < SOON + NOT_LOADED


def test_a_read_only_database_is_no_wrong_address(portal: Portal, callers: Callers):
    new = build.patron(name="新しい人")
    with read_only(portal):
        logs_in = portal.ask("/login/", sent={"card_number": new.card_number, "password": "abcd1234"})
        chooses = portal.ask("/my/settings/", callers["patron"], {"contact_method": "none"})
        lends = portal.ask("/admin/desk/", callers["desk"], {"scan": new.card_number})
    assert [answer.is_busy for answer in (logs_in, chooses, lends)] == [True, True, True]
    assert portal.ask("/my/", callers["patron"]).status == 200


def test_a_session_that_cannot_be_saved_is_no_wrong_address(portal: Portal):
    patron = Caller(build.patron().user)  # its first page writes when the session began
    with read_only(portal):
        assert portal.ask("/my/", patron).is_busy


def test_where_the_answer_of_commit_is_lost_nobody_is_told_that_nothing_changed(portal: Portal):
    who, form = about_to_reserve(portal)
    portal.line.loses_commits = True
    answer = portal.ask("/basket/reservation/", who, form)
    portal.line.heal()
    assert answer.is_busy
    assert "記録は変わっていません" not in answer.text
    assert "予約一覧でお確かめください" in answer.text
    assert 'href="/my/reservations/"' in answer.text
    assert Reservation.objects.count() == 1
    assert portal.ask("/basket/reservation/", who, form).status == 302
    assert Reservation.objects.count() == 1


def test_a_lock_not_got_is_rolled_back_for_certain(portal: Portal):
    who, form = about_to_reserve(portal)
    with other_session() as session:
        session.execute("SELECT FROM catalog_title WHERE id = %s FOR UPDATE", [form["titles"]])
        answer = portal.ask("/basket/reservation/", who, form)
    assert answer.is_busy
    assert answer.seconds < SOON + NOT_LOADED
    assert "記録は変わっていません" in answer.text


def test_one_locked_title_does_not_hold_every_thread(portal: Portal):
    title, library = build.title(), build.library()
    build.item(title, library)
    crowd = []
    for _ in range(12):
        patron = build.patron(pickup_library=library)
        BasketEntry.objects.create(patron=patron, title=title, position=0, added_at=build.NOON)
        crowd.append(Caller(patron.user))
        assert portal.ask("/basket/", crowd[-1]).status == 200
    form = {"titles": title.pk, "pickup_library": library.pk, "contact_method": "none"}

    def reserve(who: Caller) -> Answer:
        return portal.ask("/basket/reservation/", who, form | {"submission": str(uuid4())})

    with ThreadPoolExecutor(len(crowd)) as threads:
        with other_session() as session:
            session.execute("SELECT FROM catalog_title WHERE id = %s FOR UPDATE", [title.pk])
            asked = [threads.submit(reserve, who) for who in crowd]
            time.sleep(NOT_LOADED / 5)
            visitors = [portal.ask("/titles/999/").seconds for _ in range(3)]
            answers = [one.result() for one in asked]
        assert all(answer.is_busy for answer in answers)
        assert max(visitors) < SOON + NOT_LOADED
        assert [one.status for one in threads.map(reserve, crowd)].count(302) >= len(crowd) // 2


def test_who_extends_is_told_to_look_where_the_answer_is_lost(portal: Portal):
    patron, library = build.patron(), build.library()
    loan = build.loan(build.item(build.title(), library), patron, due_on=timezone.localdate())
    who = Caller(patron.user)
    portal.ask("/my/", who)
    portal.line.loses_commits = True
    portal.ask(reverse("loans:extension", args=[loan.pk]), who, {})
    portal.line.heal()
    assert "延長できたかどうか" in portal.ask("/my/loans/", who).text


def test_the_desk_is_told_to_look_where_the_answer_is_lost(portal: Portal):
    patron, library = build.patron(), build.library()
    loan = build.loan(build.item(build.title(), library), patron, due_on=timezone.localdate())
    who = Caller(build.staff(library=library))
    portal.ask("/admin/desk/", who)
    portal.line.loses_commits = True
    answer = portal.ask(reverse("admin:desk_check_in"), who, {"scan": loan.item.barcode})
    assert "記録できたか分かりません" in answer.text
    assert "何も変わっていません" not in answer.text


def about_to_reserve(portal: Portal) -> tuple[Caller, dict[str, object]]:
    """Return a patron with a title in the basket, and the form that reserves it."""
    library, title = build.library(), build.title()
    patron = build.patron(pickup_library=library)
    build.item(title, library)
    BasketEntry.objects.create(patron=patron, title=title, position=0, added_at=build.NOON)
    who = Caller(patron.user)
    assert portal.ask("/basket/", who).status == 200
    form = {"titles": title.pk, "pickup_library": library.pk, "contact_method": "none", "submission": str(uuid4())}
    return who, form


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
