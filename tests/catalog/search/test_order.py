from hypothesis import given
from hypothesis import strategies as st

from catalog.japanese.sort_keys import packed, sort_key

IN_ORDER = [
    ["アイ", "アオ", "カキ", "ガキ", "カク", "サ"],
    ["ハハ", "ハバ", "バハ", "ババ", "パパ", "ハヒ"],
    ["キヤク", "キャク", "ギャク"],
    ["ア", "アア", "アー ア"],
    ["アン", "アンナ", "イ"],
    ["2001", "A", "Z", "ア", "ン", "亜"],
]


def test_readings_stand_in_the_order_of_the_fifty_sounds():
    for readings in IN_ORDER:
        assert sorted(set(readings), key=sort_key) == readings


def test_a_long_mark_counts_as_its_vowel():
    assert sorted(["カイ", "カート", "カア", "カウ"], key=sort_key) == ["カア", "カート", "カイ", "カウ"]


def test_hiragana_spaces_and_brackets_make_no_difference():
    assert sort_key("「こころ」") == sort_key("ココロ") == sort_key("コ コ ロ")


def test_a_key_fits_an_index_entry():
    assert len(sort_key("ガー" * 800).encode()) < 1500


@given(st.text())
def test_any_reading_has_a_key_that_postgresql_can_hold(reading):
    key = sort_key(reading)
    assert "\x00" not in key
    assert len(key.encode()) < 1500


@given(st.text(), st.text())
def test_a_packed_key_sorts_as_the_key_does(one, other):
    keys = sort_key(one), sort_key(other)
    assert (packed(keys[0]) < packed(keys[1])) == (keys[0] < keys[1])


def test_kana_are_packed_into_one_byte():
    assert packed(sort_key("アイ")) == '"$'
