"""The first page of My ライブラリ."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def hanako(client):
    patron = build.patron()
    client.force_login(patron.user)
    return patron


def test_visitor_is_sent_to_the_login(client):
    assert client.get("/my/").headers["Location"] == "/login/?next=/my/"


def test_page_counts_what_waits_for_an_answer(client, hanako):
    at, today = build.library(), timezone.localdate()
    ready = build.item(build.title("届いた本"), at, status="on_hold_shelf")
    held = {"state": "ready", "item": ready, "ready_at": build.NOON, "collect_by": today + timedelta(days=3)}
    build.reservation(ready.title, hanako, at, **held)
    build.reservation(build.title("待つ本"), hanako, at)
    build.loan(build.item(build.title("遅れた本"), at), hanako, due_on=today - timedelta(days=1))
    page = client.get("/my/")
    counts = {name: page.context[name] for name in ("ready", "waiting", "coming", "on_loan", "overdue")}
    assert counts == {"ready": 1, "waiting": 1, "coming": 0, "on_loan": 1, "overdue": 1}
    assert "貸出期限を過ぎた資料が 1点あります" in page.text


@pytest.mark.parametrize("rows", [1, 3])
def test_page_takes_the_same_queries_for_any_number_of_rows(client, hanako, django_assert_num_queries, rows):
    at = build.library()
    for number in range(rows):
        build.reservation(build.title(f"本{number}"), hanako, at)
    client.get("/my/")
    with django_assert_num_queries(7):
        client.get("/my/")


def test_page_is_never_stored_by_a_browser(client, hanako):
    assert "no-store" in client.get("/my/").headers["Cache-Control"]
