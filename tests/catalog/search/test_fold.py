import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.japanese.fold import fold

SAME = [
    ("ｺﾝﾋﾟｭｰﾀ", "コンピューター", "こんぴゅーた", "コンピュ-タ", "コンピュ－ター"),
    ("ヴァイオリン", "バイオリン", "ばいおりん", "ウ゛ァイオリン"),
    ("國史", "国史"),
    ("斉藤", "齋藤", "斎藤", "齊藤"),
    ("佐佐木", "佐々木"),
    ("ＰＹＴＨＯＮ", "python", "Python"),
    ("世界大戦 III", "世界大戦　Ⅲ", "世界大戦 ⅲ"),
    ("髙橋", "高橋"),
    ("宮﨑", "宮崎"),
    ("渡邊", "渡邉", "渡辺"),
    ("與謝野晶子", "与謝野晶子"),
    ("関ヶ原", "関ケ原", "関が原"),
    ("八ヶ岳", "八ケ岳", "八が岳"),
    ("一ヶ月", "一か月", "一カ月", "一箇月", "一ヵ月"),
    ("民主々義", "民主主義"),
    ("部分々々", "部分部分"),
    ("こゝろ", "こころ", "ココロ"),
    ("すゞめ", "すずめ", "すヾめ"),
    ("少しづゝ", "少しずつ"),
    ("1,000", "１，０００", "1000"),
    ("キヤノン", "キャノン"),
    ("ちぢむ", "ちじむ"),
    ("ゐど", "いど"),
    ("ハリー・ポッター", "ハリーポッター"),
    ("コンピューター・ゲーム", "コンピュータ・ゲーム"),
    ("Les Misérables", "les miserables"),
    ("Ōsaka", "osaka"),
    ("C++", "ｃ＋＋"),
    ("〈狐〉の書評", "『狐』の書評"),
    ("よ～くわかる", "よーくわかる", "よ〜くわかる"),
    ("神\ufe00", "神"),
    ("第二十三巻", "第二三巻", "第23巻"),
    ("第百回", "第１００回"),
    ("経済学--論文集", "経済学 論文集", "経済学――論文集――"),
    ("ビジネス--日本", "ビジネス 日本"),
    ("ねこ\u200f", "\u202eねこ", "ね\x00こ", "\ud800ねこ"),
    ("夏目　漱石", " 夏目 漱石 "),
]
DIFFERENT = [
    ("ビル", "ビール"),
    ("スター", "スタ"),
    ("3.14", "314"),
    ("はは", "ばば"),
    ("C", "C++"),
    ("囲碁", "囲棋"),
    ("大阪", "大坂"),
    ("次第一覧", "次第1覧"),
    ("ビル--東京", "ビルー東京"),
    ("日", "曰"),
]


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: spellings[0])
def test_spellings_of_one_word_are_folded_to_one_form(spellings):
    assert {fold(spelling) for spelling in spellings} == {fold(spellings[0])}


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_words_stay_different(one, other):
    assert fold(one) != fold(other)


def test_marks_alone_are_kept_so_that_such_a_title_can_be_found():
    assert fold("！！！") == "!!!"


def test_nothing_folds_to_nothing():
    assert fold(" \x00\u3000\u200b") == ""


KANA_IN_ONE_SCRIPT = st.text("アイカガキャヂヅヴヶ々国東ゝ1,0aZé +#-") | st.text("あいかがきゃぢづ々國ゝゞ1,0 ")


@given(st.text())
def test_any_text_is_folded(text):
    assert "\x00" not in fold(text)


@given(KANA_IN_ONE_SCRIPT | st.text().filter(lambda text: not set(text) & set("ー-‐‑‒–—―−ｰ─━ー")))
def test_folding_twice_changes_nothing(text):
    """But for a final long mark of a word in two scripts or parts, whose length only shows once it is in one."""
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_case_and_width_make_no_difference(text):
    assert fold(text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})) == fold(text)
