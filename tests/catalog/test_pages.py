"""The catalogue's pages as a visitor opens them."""

import pytest

from tests import build

pytestmark = pytest.mark.django_db


def test_search_finds_a_title_by_part_of_its_reading(client):
    build.item(build.title("吾輩は猫である", title_reading="ワガハイ ワ ネコ デ アル"), build.library())
    page = client.get("/search/", {"q": "ねこである"})
    assert "1件見つかりました" in page.text
    assert "吾輩は猫である" in page.text


def test_title_page_tells_copies_and_how_many_wait(client):
    at = build.library("幸町図書館")
    title = build.title()
    build.item(title, at, call_number="913.6/ナ")
    build.reservation(title, build.patron(), at)
    page = client.get(title.get_absolute_url())
    assert "幸町図書館" in page.text
    assert "913.6/ナ" in page.text
    assert "予約待ち 1人" in page.text


def test_anonymous_pages_set_no_cookie(client):
    title = build.title()
    for path in ("/", "/search/", "/search/?q=猫", title.get_absolute_url()):
        assert client.get(path).cookies == {}


@pytest.mark.parametrize("rows", [1, 3])
def test_results_take_the_same_queries_for_any_number_of_hits(client, django_assert_num_queries, rows):
    at = build.library()
    for number in range(rows):
        build.item(build.title(f"猫の本{number}"), at)
    with django_assert_num_queries(5):
        client.get("/search/", {"q": "猫"})
