"""「借りている資料」 over HTTP: only one's own, 「延長」 from the due date, the reason otherwise."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from loans.models import Loan
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return build.library("中央図書館")


def browser(patron) -> Client:
    client = Client()
    client.force_login(patron.user)
    return client


def shown(client: Client) -> str:
    answer = client.get("/my/loans/")
    assert answer.status_code == 200
    return answer.content.decode()


def due(days: int):
    return timezone.localdate() + timedelta(days=days)


def test_the_page_lists_ones_own_loans_with_due_date_library_and_reason(here):
    patron = build.patron()
    build.loan(build.item(build.title("三四郎"), here), patron, due_on=due(3))
    build.loan(build.item(build.title("落語集", code="cd"), here), patron, due_on=due(0))
    build.loan(build.item(build.title("人の本"), here), build.patron(), due_on=due(0))
    page = shown(browser(patron))
    day = due(3)
    assert [words in page for words in ("三四郎", "見本市立中央図書館", f"{day.month}月{day.day}日", "人の本")] == [
        True,
        True,
        True,
        False,
    ]
    assert [words in page for words in ("貸出期限の当日", "視聴覚資料は延長できません。", ">延長<")] == [
        True,
        True,
        False,
    ]


def test_an_extension_on_the_due_day_says_the_new_date_and_a_second_press_says_why_not(here):
    patron = build.patron()
    loan = build.loan(build.item(build.title(), here), patron, due_on=due(0))
    client = browser(patron)
    assert ">延長<" in shown(client)
    first = client.post(f"/my/loans/{loan.pk}/extension/", follow=True).content.decode()
    second = client.post(f"/my/loans/{loan.pk}/extension/", follow=True).content.decode()
    new = due(14)
    assert f"新しい貸出期限は{new.month}月{new.day}日" in first
    assert ("すでに延長しています" in second, Loan.objects.get().due_on) == (True, new)


def test_the_loans_of_others_are_not_found_and_get_changes_nothing(here):
    loan = build.loan(build.item(build.title(), here), build.patron(), due_on=due(0))
    client = browser(build.patron())
    assert client.post(f"/my/loans/{loan.pk}/extension/").status_code == 404
    assert client.get(f"/my/loans/{loan.pk}/extension/").status_code == 405
    assert Client().post(f"/my/loans/{loan.pk}/extension/").status_code == 302
    assert Loan.objects.get().extended_at is None


@pytest.mark.parametrize("rows", [1, 3])
def test_three_loans_need_as_many_queries_as_one(here, django_assert_max_num_queries, rows):
    patron = build.patron()
    for number in range(rows):
        lender = build.library(f"見本{number}図書館")
        build.loan(build.item(build.title(f"本{number}"), lender), patron, due_on=due(0))
    client = browser(patron)
    shown(client)
    with django_assert_max_num_queries(11):
        shown(client)


def test_nothing_on_loan_says_what_to_do_next(here):
    assert "借りている資料はありません" in shown(browser(build.patron()))
