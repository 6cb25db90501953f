import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from catalog.bibliography.isbn import isbn13
from catalog.search.query import LAST_PAGE, Query


def read(address: str) -> Query:
    return Query.read(QueryDict(address))


def test_words_in_the_one_box_are_terms_that_must_all_be_there():
    query = read("q=夏目　漱石+ｺｺﾛ")
    assert [term.folded for term in query.terms] == ["夏目", "漱石", "こころ"]
    assert query.words == "夏目 漱石 ココロ"


def test_words_in_quotation_marks_are_one_term():
    assert [term.folded for term in read("q=“吾輩は 猫”+本").terms] == ["吾輩は 猫", "本"]


def test_rows_keep_their_field_and_how_they_are_joined():
    query = read("field=title&words=猫&join=and&field=creator&words=漱石&join=not")
    assert [(row.join, row.field, row.words) for row in query.rows] == [
        ("and", "title", "猫"),
        ("not", "creator", "漱石"),
    ]


def test_more_than_eight_terms_and_a_hundred_characters_are_cut_and_said():
    query = read("q=" + "+".join("abcdefghij"))
    assert len(query.terms) == 8
    assert query.notes == ("検索することばは8語までです。はじめの8語で検索しました。",)
    assert len(read("q=" + "あ" * 10_000).terms[0].folded) == 100
    assert "100文字まで" in read("q=" + "ﷺ" * 100).notes[0]


@pytest.mark.parametrize(
    "address",
    ["q=%%%", "q=%00", "q=😀", "q=%ED%A0%80", "q=‮‏", "q=%26+|+!+:*", "page=99999999", "page=-1", "sort=;drop",
     "type=a'b", "ndc=x", "decade=1", "from=abcd", "library=%00", "field=x&join=y&words=猫", "page=²", "q=’"],
)  # fmt: skip
def test_anything_in_an_address_is_read(address):
    query = read(address)
    assert 1 <= query.page <= LAST_PAGE
    assert query.sort == "relevance"
    assert query.filters == {}


def test_an_address_leads_back_to_the_same_query():
    query = read("q=猫+犬&type=book&type=dvd&library=chuo&from=2001&to=2010&sort=newest&page=3")
    assert read(query.address(page=3)[1:]) == query
    detailed = read("field=title&words=猫&join=and&field=creator&words=漱石&join=not&available=1")
    assert read(detailed.address()[1:]) == detailed


@pytest.mark.parametrize(
    "typed", ["4-10-353422-8", "978-4-10-353422-8", "９７８４１０３５３４２２８", "ISBN 4103534222"]
)
def test_an_isbn_is_read_in_all_its_dress(typed):
    assert isbn13(typed) == "9784103534228"


def test_ten_digits_with_a_wrong_check_digit_are_words():
    assert isbn13("4103534229") == ""


@given(st.text(), st.text(max_size=6))
def test_no_text_breaks_the_reading(words, page):
    params = QueryDict(mutable=True)
    params.update({"q": words, "page": page, "title": words, "isbn": words})
    Query.read(params).address()
