"""Names, years, titles, yomi and scripts as records of many hands write them."""

import pytest

from catalog.marc.files.charset import unfolded
from catalog.marc.files.parsed import read
from catalog.marc.meaning.dates import year_in
from catalog.marc.meaning.facts import facts_of
from catalog.marc.meaning.statement import responsible
from tests.catalog.marc.records import LEADER, field, raw, record, reread


def facts(*fields):
    found, _ = facts_of(reread(record("1", *fields)))
    return found


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("沢辺均 著 ; 林拓也, 森裕司 編", "沢辺均; 林拓也; 森裕司"),
        ("みほんはなこ さく・え.", "みほんはなこ"),
        ("れいたろう ぶん ; みほんはなこ え.", "れいたろう; みほんはなこ"),
        ("みほんはなこ さく れいたろう え", "みほんはなこ; れいたろう"),
        ("見本太郎ぶん", "見本太郎"),
        ("見本太郎/著", "見本太郎"),
        ("見本太郎／著 例花子／絵", "見本太郎; 例花子"),
        ("見本太郎/〔著〕", "見本太郎"),
        ("見本太郎 [ほか] 編著.", "見本太郎"),
        ("見本太郎ほか著", "見本太郎"),
        ("見本太郎ほか3名著", "見本太郎"),
        ("[見本太郎著]", "見本太郎"),
        ("見本太郎 [ほか著]", "見本太郎"),
        ("文・見本太郎 ; 絵・例花子", "見本太郎; 例花子"),
        ("作・絵: 見本太郎", "見本太郎"),
        ("見本社編集部 編", "見本社編集部"),
    ],
)
def test_names_come_from_the_statement_without_what_they_did(statement, names):
    assert "; ".join(responsible(statement)) == names


@pytest.mark.parametrize(
    ("words", "year"),
    [
        ("昭和五十三年", 1978),
        ("明治三十八年三月", 1905),
        ("大正元年", 1912),
        ("二〇〇五年", 2005),
        ("千九百七十八年", 1978),
        ("昭53", 1978),
        ("平31.4", 2019),
        ("令1", 2019),
        ("R元", 2019),
        ("S53.4", 1978),
        ("㍼53", 1978),
        ("慶応3年", 1867),
        ("皇紀二千六百年", 1940),
        ("昭和50-55", 1975),
        ("昭和4年-", 1929),
        ("昭和4-?", None),
        ("[昭和4-]", None),
        ("[19--?]", None),
        ("197-?", None),
        ("", None),
    ],
)
def test_years_are_read_in_words_and_eras(words, year):
    assert year_in(words) == year


@pytest.mark.parametrize(
    ("written", "title", "subtitle"),
    [
        ({"a": "= /", "c": "見本 歌."}, "=", ""),
        ({"a": "/"}, "/", ""),
        ({"a": "... /", "c": "見本"}, "...", ""),
        ({"a": "R.O.D. /", "c": "見本"}, "R.O.D.", ""),
        ({"a": "こちらU.S.A. :", "b": "旅の本"}, "こちらU.S.A.", "旅の本"),
        ({"a": "二人はMr. & Mrs. /"}, "二人はMr. & Mrs.", ""),
        ({"a": "A whole word."}, "A whole word", ""),
        ({"n": "第3巻", "p": "東北編"}, "東北編", ""),
        ({"a": "日本の旅.", "n": "第3巻", "p": "東北編"}, "日本の旅", "東北編"),
    ],
)
def test_titles_at_the_edge(written, title, subtitle):
    found = facts(field("245", **written))
    assert (found.title, found.subtitle) == (title, subtitle)


def test_a_part_without_a_title_is_no_series_of_its_own_name():
    assert facts(field("245", n="第3巻", p="東北編")).series == ""


@pytest.mark.parametrize("yomi", ["しののめ の まち", "ｼﾉﾉﾒ ﾉ ﾏﾁ", "シノノメ ノ マチ"])
def test_a_yomi_may_be_in_any_kana(yomi):
    found = facts(field("245", _6="880-01", a="東雲の町"), field("880", _6="245-01/$1", a=yomi))
    assert (found.title, found.title_reading) == ("東雲の町", "シノノメ ノ マチ")


@pytest.mark.parametrize(
    ("agency", "title", "yomi"), [("JTNDL", "JR", "ジェイアール"), ("DLC", "じぇいあーる", "ジェイアール")]
)
def test_kana_beside_a_latin_title_are_what_the_agency_writes_there(agency, title, yomi):
    parallel = [field("245", _6="880-01", a="JR"), field("880", _6="245-01/$1", a="じぇいあーる")]
    found = facts(field("040", a=agency), *parallel)
    assert (found.title, found.title_reading) == (title, yomi)


@pytest.mark.parametrize(
    ("romanised", "written"),
    [
        ("Vecherniĭ gorod", "Вечерний город"),
        ("Nangsư̄ tūayāng", "หนังสือตัวอย่าง"),
        ("Kitāb", "كتاب"),
        ("Sefer", "ספר"),
        ("Vivlio", "Βιβλίο"),
        ("Pustak", "पुस्तक"),
        ("Alpha ryūshi", "α粒子"),
    ],
)
def test_a_title_in_880_is_shown_in_any_script_and_the_romanised_one_is_kept(romanised, written):
    found = facts(field("245", _6="880-01", a=romanised), field("880", _6="245-01", a=written))
    assert (found.title, found.other_titles) == (written, romanised)


@pytest.mark.parametrize("text", ["湖畔の見本", "Вечерний город", "é à ñ"])
@pytest.mark.parametrize("taken_for", ["latin-1", "cp932"])
def test_text_encoded_twice_is_repaired_and_told(text, taken_for):
    twice = text.encode().decode(taken_for, errors="ignore")
    if twice.encode(taken_for) != text.encode() or (taken_for == "cp932" and "湖" not in text):
        assert unfolded(text) == (text, None)
        return
    found = read(raw(record("1", field("245", a=twice))))
    assert found.record is not None
    assert found.record["245"]["a"] == text
    assert ["二重" in problem.reason for problem in found.problems] == [True]


@pytest.mark.parametrize("text", ["café", "Ångström", "naïve “quotes”", "猫", "ÀÉÎÕÜ", "São Paulo"])
def test_text_encoded_once_is_left_alone(text):
    assert unfolded(text) == (text, None)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (b"N\xbd\xe2\xbcc", "Nước"),
        (b"\xa3\xbd\xf2\xbcc m\xe1ua", "Được mùa"),
        (b"Ng\xbd\xe1\xbci Vi\xf2\xe3et", "Người Việt"),
        (b"T\xe1\xbd \xb3i\xe3\xe0en", "Từ điển"),
    ],
)
def test_vietnamese_in_marc8_is_read(written, read_as):
    made = record("1", field("245", a="PLACE")).as_marc()
    leader = LEADER.replace(" a22", "  22")
    found = read(raw(made[:9] + leader[9:10].encode() + made[10:].replace(b"PLACE", written)))
    assert found.record is not None
    assert found.record["245"]["a"] == read_as
