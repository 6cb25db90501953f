"""What a Title learns from a record, in the habits of JAPAN/MARC and of libraries overseas."""

import pytest

from catalog.marc.meaning import wording
from catalog.marc.meaning.coded import isbns_of
from catalog.marc.meaning.facts import NO_TITLE, TitleFacts, facts_of
from tests.catalog.marc.records import CODED, field, record, reread
from tests.sure import sure


def facts(*fields, number: str = "0001", coded: str = CODED, **how) -> TitleFacts:
    found, _problems = facts_of(reread(record(number, *fields, coded=coded, **how)))
    return sure(found)


def reasons(*fields, number: str = "0001", **how) -> list[str]:
    return [problem.reason for problem in facts_of(reread(record(number, *fields, **how)))[1]]


JAPAN_MARC = (
    field("020", a="978-4-10-133575-9 :", c="550円"),
    field("084", ("a", "KH628"), ("2", "kktb")),
    field("084", ("a", "913.6"), ("2", "njb/09")),
    field("245", _6="880-01", a="虚空の冠 :", b="覇者たちの電子書籍戦争.", n="上巻 /", c="楡周平 著."),
    field("260", _6="880-02", a="東京 :", b="新潮社,", c="2013.2."),
    field("490", _6="880-03", a="新潮文庫 ;", v="に-20-5"),
    field("650", ("6", "880-04"), ("a", "電子書籍"), ("x", "歴史"), ("0", "001194148"), ("2", "ndlsh")),
    field("700", _6="880-05", a="楡, 周平,", d="1957-", _0="00313325"),
    field("880", _6="245-01/$1", a="コクウ ノ カン :", b="ハシャタチ ノ デンシ ショセキ センソウ.", n="1."),
    field("880", _6="245-01/(B", a="Koku no kan :", b="Hashatachi no denshi shoseki senso.", n="1."),
    field("880", _6="260-02/$1", b="シンチョウシャ."),
    field("880", _6="490-03/$1", a="シンチョウ ブンコ ;", v="ニ-20-5"),
    field("880", _6="650-04/$1", a="デンシ ショセキ", x="レキシ"),
    field("880", _6="700-05/(B", a="Nire, Shuhei"),
    field("880", _6="700-05/$1", a="ニレ, シュウヘイ"),
)


def test_japan_marc_gives_what_is_written_and_how_it_is_read():
    found = facts(*JAPAN_MARC)
    assert (found.title, found.title_reading) == ("虚空の冠", "コクウ ノ カン")
    assert (found.subtitle, found.volume, found.volume_order) == ("覇者たちの電子書籍戦争", "上巻", 1)
    assert (found.series, found.series_reading) == ("虚空の冠", "コクウ ノ カン")
    assert (found.creator, found.creator_reading) == ("楡 周平", "ニレ, シュウヘイ")
    assert (found.publisher, found.year, found.isbn) == ("新潮社", 2019, "9784101335759")
    assert (found.ndc, found.language, found.subjects) == ("913.6", "jpn", "電子書籍--歴史")
    assert found.other_titles == "新潮文庫"


def test_overseas_the_kanji_in_880_is_the_title_and_romaji_another_one():
    found = facts(
        field("100", _6="880-01", a="Yoshida, Hajime,", d="1934-"),
        field("245", _6="880-02", a="Tōkaidō gojūsantsugi emaki /", c="Yoshida Hajime cho."),
        field("260", _6="880-03", a="Tōkyō :", b="Hōsei Daigaku Shuppankyoku,", c="1997."),
        field("880", _6="100-01/$1", a="吉田一,", d="1934-"),
        field("880", _6="245-02/$1", a="東海道五十三次絵卷 /", c="吉田一著."),
        field("880", _6="260-03/$1", a="東京 :", b="法政大学出版局,", c="1997."),
        coded=CODED.replace("s2019", "s1997"),
    )
    assert (found.title, found.title_reading) == ("東海道五十三次絵卷", "")
    assert found.other_titles == "Tōkaidō gojūsantsugi emaki"
    assert (found.creator, found.publisher, found.year) == ("吉田一", "法政大学出版局", 1997)


def test_an_880_without_a_partner_of_its_number_still_finds_its_field():
    found = facts(field("245", a="Tōkaidō."), field("880", _6="245-00", a="東海道."))
    assert (found.title, found.other_titles) == ("東海道", "Tōkaidō")
    alone = facts(field("500", a="x"), field("880", _6="245-01/$1", a="東海道."), field("245", _6="880-01", a="東海."))
    assert alone.title == "東海"


@pytest.mark.parametrize(
    ("agency", "title", "reading"), [("JTNDL", "CNN", "シーエヌエヌ"), ("NjP", "シーエヌエヌ", "シーエヌエヌ")]
)
def test_where_latin_meets_katakana_the_habit_of_the_agency_decides(agency, title, reading):
    fields = (
        field("040", a=agency),
        field("245", _6="880-01", a="CNN"),
        field("880", _6="245-01/$1", a="シーエヌエヌ"),
    )
    found = facts(*fields)
    assert (found.title, found.title_reading) == (title, reading)


def test_links_that_lead_nowhere_do_no_harm():
    fields = (
        field("245", _6="880-77", a="猫"),
        field("880", a="宛先なし"),
        field("880", _6="zzz", a="壊れた"),
        field("880", _6="999-01", a="無い項目"),
    )
    assert facts(*fields).title == "猫"


def test_a_parallel_title_is_parted_from_the_subtitle():
    found = facts(
        field("245", a="競争法の理論と課題 =", b="Competition Law : 独占禁止法の最前線 /", c="川濵昇, 泉水文雄 編.")
    )
    assert (found.subtitle, found.other_titles) == ("独占禁止法の最前線", "Competition Law")
    assert found.creator == "川濵昇; 泉水文雄"


def test_a_body_is_named_without_the_land_that_libraries_overseas_put_before_it():
    makers = (
        field("710", _6="880-06", a="Japan.", b="Gaimushō."),
        field("880", _6="710-06/$1", a="Japan.", b="外務省."),
        field("710", a="United States.", b="Dept. of State."),
    )
    assert facts(field("245", a="外交青書"), *makers).creator == "外務省; United States Dept. of State"


def test_a_volume_with_its_own_title_is_taken_apart():
    found = facts(field("245", a="図書館情報学シリーズ.", n="第3巻 (電子書籍) /", c="編集委員会 編."))
    assert (found.volume, found.volume_order, found.subtitle) == ("第3巻", 3, "電子書籍")
    assert found.series == "図書館情報学シリーズ"


def test_a_series_statement_gives_series_and_place():
    found = facts(field("245", a="風評被害の深層"), field("490", a="ソシオ情報シリーズ ;", v="10 /"))
    assert (found.series, found.volume, found.volume_order) == ("ソシオ情報シリーズ", "", 10)
    assert found.series_volume == "10"


@pytest.mark.parametrize(
    ("said", "volume", "own_title"),
    [
        ("63(1)", "63(1)", ""), ("2026(4月号)", "2026(4月号)", ""), ("第1集（上）", "第1集（上）", ""),
        ("01(2019.4).", "01(2019.4)", ""), ("3 (完結篇) /", "3", "完結篇"),
        ("第一巻 (一茶の生涯)", "第一巻", "一茶の生涯"),
    ],
)  # fmt: skip
def test_a_number_in_brackets_is_no_title_of_a_volume(said, volume, own_title):
    assert wording.split_volume(said) == (volume, own_title)


@pytest.mark.parametrize(
    ("dirt", "isbn"),
    [
        ("978-4-10-133575-9", "9784101335759"),
        ("978-4-10-133575-9 :", "9784101335759"),
        ("９７８４１０１３３５７５９", "9784101335759"),
        ("9784890664740 (sewn)", "9784890664740"),
        ("4-8222-4375-3 (上製) :", "9784822243753"),
        ("4822243753", "9784822243753"),
        ("ISBN4-8222-4375-3", "9784822243753"),
        ("4-8222-4375-3 978-4-8222-4375-3", "9784822243753"),
        ("4-8222-4375-4 978-4-8222-4375-3", "9784822243753"),
        ("978-4-10-133575-9 2", "9784101335759"),
        ("2 978 4 10 133575 9", "9784101335759"),
        ("978-4-10-133575-8", ""),
        ("4-10-133575", ""),
        ("非売品", ""),
    ],
)
def test_isbn_is_found_in_its_dirt(dirt, isbn):
    found, problems = isbns_of([field("020", a=dirt)])
    assert found == [isbn] * bool(isbn)
    assert [problem.reason for problem in problems] == (
        [] if isbn or dirt == "非売品" else [f"ISBN「{dirt}」は正しくありません。"]
    )


def test_the_isbn_of_the_volume_goes_before_that_of_the_set():
    of_set, own = field("020", a="978-4-10-133575-9 (セット)"), field("020", a="4-8222-4375-3")
    assert isbns_of([of_set, own, of_set])[0] == ["9784822243753", "9784101335759"]
    assert isbns_of([of_set])[0] == ["9784101335759"]


@pytest.mark.parametrize(
    ("coded", "imprint", "year"),
    [
        ("s2019    ", "2019.2.", 2019),
        ("s19uu    ", "[19--?]", None),
        ("s19uu    ", "[1987]", 1987),
        ("q19001984", "[19--?]", None),
        ("m20042006", "2004-2006", 2004),
        ("c19879999", "昭和62 [1987]-", 1987),
        ("r1957    ", "1957", 1957),
        ("nuuuu    ", "", None),
        ("         ", "平成5.3", 1993),
        ("         ", "大正 11", 1922),
        ("         ", "令和元年", 2019),
        ("|||||||||", "S62", 1987),
        ("s9999    ", "", None),
        ("s20", "", None),
    ],
)
def test_a_year_is_known_only_where_it_has_no_holes(coded, imprint, year):
    assert facts(field("260", c=imprint or "刊年不明"), coded=f"190212{coded}").year == year


def test_the_newest_edition_of_the_classification_counts():
    fields = [
        field("084", ("a", number), ("2", scheme))
        for number, scheme in (("KH628", "kktb"), ("023", "njb/09"), ("023.1", "njb/10"), ("24", "njb/8"))
    ]
    assert facts(*fields).ndc == "023.1"
    assert facts(field("084", ("a", "023.1"))).ndc == ""


def test_publishers_that_only_sell_or_are_unknown_are_passed_over():
    assert facts(field("260", ("b", "文苑堂 (発売),"), ("b", "東海大学出版会,"))).publisher == "東海大学出版会"
    assert facts(field("260", b="[出版者不明],")).publisher == ""
    assert facts(field("264", b="岩波書店", indicators=" 1"), field("264", b="印刷所", indicators=" 3")).publisher == (
        "岩波書店"
    )


def test_names_of_works_and_owners_are_not_makers():
    found = facts(
        field("100", a="夏目, 漱石,", d="1867-1916"),
        field("700", ("a", "Bach, Johann Sebastian"), ("t", "Orgelbüchlein")),
        field("700", a="Einstein, Albert", e="former owner"),
        field("710", a="インプレス (2014年)"),
    )
    assert found.creator == "夏目 漱石; インプレス"


def test_readings_stand_at_the_place_of_their_names():
    found = facts(
        field("700", a="Netter, Frank"),
        field("700", _6="880-05", a="相磯, 貞和"),
        field("880", _6="700-05/$1", a="アイソ, サダカズ"),
    )
    assert found.creator_reading == "Netter, Frank; アイソ, サダカズ"


def test_a_record_without_title_is_kept_under_its_number():
    nothing = (field("245", indicators="00", _6="880-01"), field("500", a="注記"))
    assert facts(*nothing).title == NO_TITLE
    assert facts(field("245", _6="880-01"), field("246", a="別の書名")).title == "別の書名"


def test_a_record_that_says_nothing_is_refused():
    found, problems = facts_of(reread(record("", field("245", _6="x"))))
    assert found is None
    assert [problem.reason for problem in problems] == ["書名も書誌番号もありません。"]


def test_a_record_without_number_is_known_by_its_content():
    first, again = (facts(number="").control_number for _ in range(2))
    assert first == again
    assert first != facts(field("260", b="晶文社"), number="").control_number
    assert facts(field("035", a="(OCoLC)78256748"), number="").control_number == "(OCoLC)78256748"


def test_what_a_cataloguer_should_look_at_is_said():
    assert reasons(leader="00000dam a2200000   4500") == ["作成機関では削除された記録です（leader/05 = d）。"]
    assert reasons(number="") == ["書誌番号（001）がないため、内容で見分けます。"]
