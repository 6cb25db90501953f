"""「ご利用案内」 says what the rows say."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import ClosedDay, LimitGroup, MaterialType, Policy
from opac.pages.help import closings, week
from tests import build

pytestmark = pytest.mark.django_db


def shown(client) -> str:
    answer = client.get("/help/")
    assert (answer.status_code, answer.cookies) == (200, {})
    return answer.content.decode()


def test_a_changed_row_is_a_changed_page(client):
    build.library("伊島図書館", hands_out_av=False)
    before = shown(client)
    Policy.objects.update(extension_days=10, hold_open_days=5)
    LimitGroup.objects.filter(name="DVD・ビデオ").update(reservation_limit=3)
    MaterialType.objects.filter(code="book").update(loan_days=21)
    after = shown(client)
    rules = (
        "1度だけ2週間",
        "開館日で7日間",
        "DVD・ビデオで10点まで",
        "1度だけ10日間",
        "開館日で5日間",
        "DVD・ビデオで3点まで",
    )
    assert [words in before for words in rules] == [True, True, True, False, False, False]
    assert [words in after for words in rules] == [False, False, False, True, True, True]
    assert ("3週間" in before, "3週間" in after) == (False, True)
    assert "見本市立伊島図書館では、CD・DVD・ビデオの受け取りはできません。" in after


def test_spoken_cds_are_named_by_their_label(client):
    assert "朗読CD（請求記号が 700～799 のCD）" in shown(client)


def test_days_with_the_same_hours_stand_together():
    library = build.library(closed_weekdays=(0,), closed_second_sunday=True)
    library.opening_hours.filter(weekday=3).update(opens="11:00", closes="19:00")
    assert week(library.opening_hours.all()) == [("火・水・金・土・日", "10:00～18:00"), ("木", "11:00～19:00")]
    assert closings(library) == "月曜日、第2日曜日、祝日、年末年始"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_needs_as_many_queries_for_three_libraries_as_for_one(client, django_assert_num_queries, rows):
    for number in range(rows):
        library = build.library(f"見本{number}図書館")
        ClosedDay.objects.create(library=library, date=timezone.localdate() + timedelta(days=3), reason="館内整理")
    with django_assert_num_queries(6):
        text = shown(client)
    assert ("館内整理" in text, text.count("見本2図書館") > 0) == (True, rows == 3)
