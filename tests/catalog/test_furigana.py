"""Furigana: from the record's own reading, where it belongs, and never guessed."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.japanese.furigana import parts


@pytest.mark.parametrize(
    ("text", "reading", "said"),
    [
        ("銀河鉄道の夜", "ギンガ テツドウ ノ ヨル", "銀河鉄道(ぎんがてつどう)の夜(よる)"),
        ("吾輩は猫である", "ワガハイ ワ ネコ デ アル", "吾輩(わがはい)は猫(ねこ)である"),
        ("吾輩は猫である", "ワガハイ ハ ネコ デ アル", "吾輩(わがはい)は猫(ねこ)である"),
        ("町を歩く", "マチ オ アルク", "町(まち)を歩(ある)く"),
        ("飛行機の本", "ヒコウキ ノ ホン", "飛行機(ひこうき)の本(ほん)"),
        ("「走れ」と言う", "ハシレ ト イウ", "「走(はし)れ」と言(い)う"),
        ("1Q84", "イチ キュー ハチ ヨン", "1Q84(いちきゅーはちよん)"),
        ("原 ゆたか", "ハラ, ユタカ", "原(はら) ゆたか"),
        ("夏目 漱石", "ナツメ, ソウセキ", "夏目(なつめ) 漱石(そうせき)"),
        ("宮沢賢治", "ミヤザワ, ケンジ", "宮沢賢治(みやざわけんじ)"),
    ],
)
def test_each_part_has_its_own_reading(text, reading, said):
    assert "".join(f"{piece}({over})" if over else piece for piece, over in parts(text, reading)) == said


@pytest.mark.parametrize(
    ("text", "reading", "over_all"),
    [
        ("物の怪の話", "モノノケ ノ ハナシ", "もののけ の はなし"),
        ("山の本", "ヤマ ト ホン", "やま と ほん"),
    ],
)
def test_where_there_is_more_than_one_way_or_none_the_whole_stands_over_the_whole(text, reading, over_all):
    assert list(parts(text, reading)) == [(text, over_all)]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("銀河鉄道の夜", ""),
        ("かいけつゾロリ", "カイケツ ゾロリ"),
        ("Alice", "Alice in Wonderland"),
        ("夜", "yoru"),
        ("", "ヨル"),
        ("！？", "カンタン"),
    ],
)
def test_without_a_reading_in_kana_or_a_need_for_one_nothing_is_shown(text, reading):
    assert list(parts(text, reading)) == [(text, "")]


@given(
    st.text(alphabet="山川のはァンー １a、 \n<", max_size=40), st.text(alphabet="ヤマカワノハァンー ,", max_size=160)
)
def test_no_character_is_lost_or_added(text, reading):
    assert "".join(piece for piece, _ in parts(text, reading)) == text


def test_the_worst_title_is_read_at_once():
    begin = time.perf_counter()
    parts("山の" * 15, "ノ" * 150)
    assert time.perf_counter() - begin < 1
