"""Whole files of other libraries, read where they are present (see ``sample``).

They cannot be part of the project, so each test runs over the files that exist: none where they are absent, which
``test_which_real_files_are_read`` then reports on the terminal. Nothing is skipped, and nothing claims to have read
what was not there.
"""

import warnings

import pytest

from catalog.marc.files import source
from catalog.marc.files.charset import from_marc8
from catalog.marc.files.parsed import read
from catalog.marc.meaning.facts import TitleFacts, facts_of
from tests.catalog.marc.sample import DIRTY, FOLDER
from tests.sure import sure

JAPAN_MARC = FOLDER / "marc" / "jpmarc_ndl_dev.mrc"
OVERSEAS = FOLDER / "marc" / "intl_jpn_880_dev.mrc"
MARC8, UTF8 = (FOLDER / "marc_dirty" / "pymarc" / name for name in ("test_marc8.txt", "test_utf8.txt"))
NEEDED = (JAPAN_MARC, OVERSEAS, MARC8, UTF8)

# Single facts from NDL書誌データ (free use with its source named) and from CC0 and MIT records of marc2bibframe2 and
# traject, checked by hand against the records. Number → title, reading, creator, reading, volume, class, year.
JAPAN_MARC_SAYS = {
    "029455884": (
        "これからの本の話をしよう",
        "コレカラ ノ ホン ノ ハナシ オ シヨウ",
        "萩野 正昭",
        "ハギノ, マサアキ",
        "",
        "023",
        2019,
    ),
    "029611852": (
        "CNNニュース・リスニング",
        "シーエヌエヌ ニュース リスニング",
        "『CNN English Express』編集部",
        "",
        "2019春夏",
        "837.5",
        2019,
    ),
    "029202839": (
        "15歳でも俺の嫁!",
        "ジュウゴサイ デモ オレ ノ ヨメ",
        "庵田 定夏",
        "アンダ, サダナツ",
        "2",
        "913.6",
        2018,
    ),
    "028892274": (
        "電子書籍の制作と販売",
        "デンシ ショセキ ノ セイサク ト ハンバイ",
        "沢辺 均",
        "サワベ, キン",
        "",
        "023.1",
        2018,
    ),
    "027513958": ("EPUB戦記", "イーパブ センキ", "小林 龍生", "コバヤシ, タツオ", "", "023", 2016),
    "026086810": (
        "電子書籍は本の夢を見るか",
        "デンシ ショセキ ワ ホン ノ ユメ オ ミルカ",
        "中西 秀彦",
        "ナカニシ, ヒデヒコ",
        "",
        "023",
        2015,
    ),
    "025944772": ("本と暮らせば", "ホン ト クラセバ", "出久根 達郎", "デクネ, タツロウ", "", "914.6", 2014),
    "025497635": (
        "本は死なない",
        "ホン ワ シナナイ",
        "Merkoski, Jason; 浅川 佳秀",
        "Merkoski, Jason; アサカワ, ヨシヒデ",
        "",
        "023",
        2014,
    ),
    "025930442": (
        "わかる!図書館情報学シリーズ",
        "ワカル トショカン ジョウホウガク シリーズ",
        "日本図書館情報学会",
        "ニホン トショカン ジョウホウ ガッカイ",
        "第1巻",
        "010.8",
        2014,
    ),
    "024262115": ("虚空の冠", "コクウ ノ カン", "楡 周平", "ニレ, シュウヘイ", "上巻", "913.6", 2013),
    "025076796": (
        "独居老人スタイル",
        "ドッキョ ロウジン スタイル",
        "都築 響一",
        "ツズキ, キョウイチ",
        "",
        "367.75",
        2013,
    ),
    "000011048972": ("本は、これから", "ホン ワ コレカラ", "池沢 夏樹", "イケザワ, ナツキ", "", "020", 2010),
}
OVERSEAS_SAYS = {
    "219915": ('Hiroshige\'s wood-block "Shono, a shower"', "", "Andō, Hiroshige", None),
    "6131707": ("東海道五十三次絵卷", "Tōkaidō gojūsantsugi emaki", "大谷 尊由; 井口 華秋; 本橋貞次郎; 中村大觀", 1922),
    "6166075": ("東海道五十三次", "Tōkaidō gojus̄an-tsugi; 東海道 53 次", "水島爾保布", 1920),
    "6226606": ("東海道パノラマ地図", "Tōkaidō panorama chizu", "淸水吉康", 1921),
    "6590355": (
        "外交青書",
        "Gaikō seisho; わが外交の近況; Diplomatic bluebook",
        "外務省; 大蔵省 印刷局",
        1987,
    ),
    "2008543486": ("久保栄「火山灰地」を読む", "Kubo Sakae 'Kazanbaichi' o yomu", "吉田一", 1997),
    "1469736": ("A grass path", "草徑集; 大隈言道の歌", "Ōkuma, Kotomichi; Uyehara, Yukuo; Sinclair, Marjorie", 1955),
    "sseb021993864": ("震災復興と国際連携", "", "お茶の水女子大学グローバル教育センター", None),
}


def present(*paths):
    return [path for path in paths if path.exists()]


def all_facts(path) -> dict[str, TitleFacts]:
    facts = [sure(facts_of(sure(read(raw).record))[0]) for raw in source.records(path)]
    return {one.control_number: one for one in facts}


def test_which_real_files_are_read():
    absent = [path.name for path in NEEDED if not path.exists()]
    if absent:
        warnings.warn(f"{FOLDER} lacks {', '.join(absent)}: the tests over them ran over nothing", stacklevel=1)
    assert len(DIRTY) in (0, 42)


@pytest.mark.parametrize("path", present(JAPAN_MARC), ids=lambda path: path.name)
def test_japan_marc_is_read_whole_and_right(path):
    facts = all_facts(path)
    assert len(facts) == 156
    said = {
        number: (one.title, one.title_reading, one.creator, one.creator_reading, one.volume, one.ndc, one.year)
        for number, one in facts.items()
        if number in JAPAN_MARC_SAYS
    }
    assert said == JAPAN_MARC_SAYS
    assert [one.title for one in facts.values() if not one.title_reading] == [
        "韓國目録規則",
        "紙の読みやすさを電子ディスプレイ上で実現するための研究",
        "高速液体クロマトグラフデータの電子書籍作成に関する研究",
    ]


@pytest.mark.parametrize("path", present(OVERSEAS), ids=lambda path: path.name)
def test_overseas_records_show_kanji_and_keep_romaji(path):
    facts = all_facts(path)
    assert len(facts) == 16
    said = {
        number: (one.title, one.other_titles, one.creator, one.year)
        for number, one in facts.items()
        if number in OVERSEAS_SAYS
    }
    assert said == OVERSEAS_SAYS


@pytest.mark.parametrize("path", present(MARC8), ids=lambda path: path.name)
def test_marc8_lines_equal_their_utf8_pairs(path):
    written = UTF8.read_text(encoding="utf-8").split("\n")
    assert [from_marc8(line) for line in path.read_bytes().split(b"\n")] == [(line, True) for line in written]


@pytest.mark.parametrize("path", DIRTY, ids=lambda path: path.name)
def test_a_broken_file_gives_records_or_reasons(path):
    for raw in source.records(path):
        found = read(raw)
        facts, problems = facts_of(found.record) if found.record else (None, found.problems)
        assert facts or any(problem.fatal for problem in problems)
