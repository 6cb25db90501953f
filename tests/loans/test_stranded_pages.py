"""The counter's list of reservations that no copy can serve, and its two steps."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Item
from loans import stock
from loans.lists import pull
from reservations.models import Reservation
from tests import build
from tests.build import NOON

pytestmark = pytest.mark.django_db
LIST = reverse("admin:desk_stranded")


@pytest.fixture
def here():
    return build.library()


@pytest.fixture
def staff():
    return build.staff()


@pytest.fixture
def desk(here, staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


@pytest.fixture
def waits(here) -> Reservation:
    return build.reservation(build.title("最後の一冊"), build.patron(), here)


def step(name: str, reservation: Reservation) -> str:
    return reverse(f"admin:desk_stranded_{name}", args=(reservation.title_id,))


def said(page) -> str:
    return "".join(str(message) for message in page.context["messages"])


def text(page) -> str:
    return page.content.decode()


def test_list_shows_all_libraries_or_one(here, desk, waits):
    there = build.library("幸町図書館")
    withdrawn = build.item(waits.title, here, status=Item.Status.WITHDRAWN)
    build.reservation(build.title("遠くの本"), build.patron(), there)
    assert [title.pk for title in desk.get(LIST).context["titles"]][:1] == [waits.title_id]
    assert "すべての館　2件" in text(desk.get(LIST))
    page = text(desk.get(LIST, {"at": here.pk}))
    assert "最後の一冊" in page
    assert "遠くの本" not in page
    assert f"{withdrawn.barcode}</span> 除籍" in page
    assert desk.get(LIST, {"at": "x"}).status_code == 200


def test_list_asks_the_database_as_often_for_one_title_as_for_three(here, desk, waits, django_assert_max_num_queries):
    desk.get(LIST)
    counts = []
    for _ in range(2):
        with django_assert_max_num_queries(30) as asked:
            desk.get(LIST)
        counts.append(len(asked.captured_queries))
        for name in ("一", "二"):
            build.reservation(build.title(name), build.patron(), here)
    assert counts[0] == counts[1]


def test_cancelling_is_asked_once_more_and_tells_the_reason(desk, waits):
    asked = desk.post(step("cancellation", waits), {"reason": "汚れたため"})
    assert "1件の予約を取り消します。よろしいですか。" in text(asked)
    waits.refresh_from_db()
    assert waits.state == "waiting"
    done = {"reason": "汚れたため", "confirmed": "1", "count": 1}
    page = desk.post(step("cancellation", waits), done, follow=True)
    assert said(page).startswith("1件の予約を取り消しました。")
    waits.refresh_from_db()
    assert (waits.state, waits.closed_by, waits.close_reason) == ("cancelled", "library", "汚れたため")


def test_cancelling_without_a_reason_or_after_a_change_does_nothing(here, desk, waits):
    assert "理由を入れてください" in said(desk.post(step("cancellation", waits), {"confirmed": "1"}, follow=True))
    late = {"reason": "除籍", "confirmed": "1", "count": 1}
    build.reservation(waits.title, build.patron(), here)
    assert "確認のあとに予約が変わりました" in said(desk.post(step("cancellation", waits), late, follow=True))
    assert set(Reservation.objects.values_list("state", flat=True)) == {"waiting"}


def test_moving_is_asked_once_more_and_says_what_became_of_whom(here, desk, waits):
    new = build.title("最後の一冊 新版")
    copy = build.item(new, here)
    build.reservation(new, waits.patron, here, placed_at=NOON - timedelta(days=1))
    other = build.reservation(waits.title, build.patron(), here)
    asked = desk.post(step("move", waits), {"scan": copy.barcode})
    assert "2件の予約を移します。" in text(asked)
    assert "（いま1件待ち）" in text(asked)
    page = desk.post(step("move", waits), {"scan": copy.barcode, "confirmed": "1", "count": 2}, follow=True)
    assert said(page) == (
        "「最後の一冊 新版」へ1件の予約を移しました。1件は、その方がすでにしている予約にまとめました。"
    )
    other.refresh_from_db()
    assert other.title_id == new.pk


def test_moving_names_who_could_not_go(here, desk, waits):
    new = build.title("最後の一冊 CD", code="cd")
    copy = build.item(new, here)
    build.loan(copy, waits.patron)
    page = desk.post(step("move", waits), {"scan": copy.barcode, "confirmed": "1", "count": 1}, follow=True)
    assert "11月24日の予約は移していません：いま借りている資料です" in said(page)
    assert page.redirect_chain[-1][0] == step("title", waits)


@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "1", "count": 1}])
def test_moving_to_nothing_or_to_what_nobody_may_reserve_is_refused(here, desk, waits, confirmed):
    reference = build.item(build.title("参考"), here, lendable=False)
    for typed, words in (("", "見つかりません"), ("9999999999", "見つかりません"), (reference.barcode, "禁帯出")):
        assert words in said(desk.post(step("move", waits), {"scan": typed} | confirmed, follow=True))


def test_setting_the_last_copy_aside_says_how_many_wait(here, staff):
    copy, second = (build.item(title, here) for title in [build.title()] * 2)
    for _ in range(2):
        build.reservation(copy.title, build.patron(), here)
    assert "待つ予約" not in stock.set_aside(second, "withdrawn", by=staff, now=NOON).detail
    assert "この資料を待つ予約が2件あり、渡せる資料がありません。" in (
        stock.set_aside(copy, "withdrawn", by=staff, now=NOON).detail
    )


def test_last_copy_not_found_says_how_many_wait(here, staff):
    copy = build.item(build.title(), here)
    build.reservation(copy.title, build.patron(), here)
    assert "この資料を待つ予約が1件あり" in pull.not_found(copy, by=staff, now=NOON).detail


def test_patrons_page_at_the_desk_leads_to_the_list(desk, waits):
    page = text(desk.get(reverse("admin:desk_patron", args=(waits.patron_id,))))
    assert step("title", waits) in page
