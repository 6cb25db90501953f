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
    with django_assert_num_queries(7):
        client.get("/search/", {"q": "猫"})


def test_results_can_be_narrowed_by_what_was_found(client):
    here = build.library("幸町図書館", code="saiwaicho")
    build.item(build.title("猫の本", year=2011, ndc="645.7"), here)
    page = client.get("/search/", {"q": "猫"})
    for words in ("いま貸出できる", "図書", "幸町図書館", "6 産業", "2010年代", "日本語"):
        assert words in page.text
    assert "?q=%E7%8C%AB&amp;library=saiwaicho" in page.text


def test_a_detailed_search_is_said_in_words_and_can_be_changed(client):
    build.title("坊っちゃん", creator="夏目 漱石", year=1906)
    address = "field=creator&words=漱石&join=and&field=title&words=猫&join=not&from=1900"
    page = client.get(f"/search/?{address}")
    assert "1件見つかりました" in page.text
    assert "著者「漱石」 次を含まない：書名「猫」 出版年 1900～" in page.text
    form = client.get(f"/search/detail/?{address}")
    assert 'value="漱石"' in form.text
    assert 'value="1900"' in form.text


def test_words_without_a_letter_offer_the_box_again(client):
    assert "探せることばがありません" in client.get("/search/", {"q": "\x00"}).text
