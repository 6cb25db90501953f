"""Records that the quality tests search: some written here, some from the real files where these are present."""

import csv
import json
import random
import re
from collections.abc import Iterator

from catalog.marc.files import source
from catalog.marc.files.parsed import read
from catalog.marc.meaning.facts import facts_of
from tests.catalog.marc.sample import FOLDER
from tests.sure import sure

AOZORA = FOLDER / "titles" / "aozora_list_person_all_utf8_2017.csv"
JAPAN_MARC = FOLDER / "marc" / "jpmarc_ndl_dev.mrc"
MAGAZINES = FOLDER / "madb" / "madb_magazines.jsonl"
NEEDED = (AOZORA, JAPAN_MARC, MAGAZINES)
BEFORE_SUBTITLE = re.compile("(?<=[^\x00-\x7f]) ")  # «I can speak» has none
ASKED_FOR = {
    "ヤングジャンプ",
    "主婦之友",
    "漫画文芸",
    "チャンピオン.エア",
    "漫画パチンコドル箱777",
    "Fizz増刊 FLaRE",
    "JILLE",
}
PRESENT = all(path.exists() for path in NEEDED)

# title, reading, creator, reading, volume, order, other fields. Facts of well-known works, and titles made up here.
WRITTEN_HERE: list[tuple[str, str, str, str, str, int | None, dict[str, str | int]]] = [
    ("京都", "キョウト", "", "", "", None, {}),
    ("京都の寺", "キョウト ノ テラ", "", "", "", None, {"year": 1990}),
    ("東京都の歴史", "トウキョウト ノ レキシ", "", "", "", None, {"year": 2020}),
    ("岡山県史", "オカヤマ ケンシ", "岡山県", "オカヤマケン", "", None, {}),
    ("図書館の仕事", "トショカン ノ シゴト", "", "", "", None, {}),
    ("吾輩は猫である", "ワガハイ ワ ネコ デ アル", "夏目 漱石", "ナツメ, ソウセキ", "", None, {"ndc": "913.6"}),
    ("こころ", "ココロ", "夏目 漱石", "ナツメ, ソウセキ", "", None, {"ndc": "913.6"}),
    ("心の旅", "ココロ ノ タビ", "", "", "", None, {}),
    ("中心の物理", "チュウシン ノ ブツリ", "", "", "", None, {}),
    ("コンピューター入門", "コンピューター ニュウモン", "", "", "", None, {}),
    ("コンピュータの歴史", "コンピュータ ノ レキシ", "", "", "", None, {}),
    ("ヴァイオリンの本", "ヴァイオリン ノ ホン", "", "", "", None, {}),
    ("國史大系", "コクシ タイケイ", "", "", "", None, {}),
    ("城下町", "ジョウカマチ", "斎藤 一", "サイトウ, ハジメ", "", None, {}),
    ("港町", "ミナトマチ", "齋藤 二", "サイトウ, ジ", "", None, {}),
    ("門前町", "モンゼンマチ", "斉藤 三", "サイトウ, サン", "", None, {}),
    ("川の町", "カワ ノ マチ", "佐々木 四", "ササキ, シ", "", None, {}),
    ("山の町", "ヤマ ノ マチ", "佐佐木 五", "ササキ, ゴ", "", None, {}),
    ("Python入門", "パイソン ニュウモン", "", "", "", None, {}),
    ("世界大戦 Ⅲ", "セカイ タイセン", "", "", "", None, {}),
    ("長い話", "ナガイ ハナシ", "", "", "上", 1, {}),
    ("長い話", "ナガイ ハナシ", "", "", "中", 2, {}),
    ("長い話", "ナガイ ハナシ", "", "", "下", 3, {}),
    ("見本の本", "ミホン ノ ホン", "", "", "", None, {"isbn": "9784000000109"}),
    ("スパゲッティの作り方", "スパゲッティ ノ ツクリカタ", "", "", "", None, {}),
    ("関ヶ原の合戦", "セキガハラ ノ カッセン", "", "", "", None, {}),
    ("ハリネズミ・ポーの冒険", "ハリネズミ ポー ノ ボウケン", "", "", "", None, {}),
    ("わかりやすい1,000の問題", "ワカリヤスイ セン ノ モンダイ", "", "", "", None, {}),
    ("城", "シロ", "", "", "", None, {}),
    ("森の中では", "モリ ノ ナカ デワ", "木村 真一", "キムラ, シンイチ", "", None, {}),
    ("東へ西へ", "ヒガシ エ ニシ エ", "", "", "", None, {}),
    ("光を集めて", "ヒカリ オ アツメテ", "グリーン ジョン・ポール", "グリーン, ジョン ポール", "", None, {}),
    ("今夜の空", "コンヤ ノ ソラ", "", "", "", None, {}),
    ("珈琲の店", "コーヒー ノ ミセ", "大野 優子", "オオノ, ユウコ", "", None, {}),
    ("第二の手紙", "ダイニ ノ テガミ", "", "", "", None, {}),
    ("第23の手紙", "ダイニジュウサン ノ テガミ", "", "", "", None, {}),
    ("茨城の城", "イバラキ ノ シロ", "", "", "", None, {}),
]


def written_here() -> Iterator[dict]:
    for title, reading, creator, creator_reading, volume, order, other in WRITTEN_HERE:
        yield {
            "title": title,
            "title_reading": reading,
            "creator": creator,
            "creator_reading": creator_reading,
            "volume": volume,
            "volume_order": order,
        } | other


def real() -> Iterator[dict]:
    """Yield the records of the real files; none where they are absent."""
    if PRESENT:
        yield from aozora()
        yield from japan_marc()
        yield from magazines()


def aozora() -> Iterator[dict]:
    """Read works of 青空文庫, one each; a title and its subtitle stand in one column."""
    with AOZORA.open(encoding="utf-8-sig", newline="") as file:
        works = {row["作品ID"]: row for row in csv.DictReader(file)}
    for row in works.values():
        title, *subtitle = BEFORE_SUBTITLE.split(row["作品名"], maxsplit=1)
        publisher = row["出版社名"].split("、")[-1]
        yield {
            "title": title,
            "subtitle": "".join(subtitle),
            "creator": row["著者名"].strip(),
            "publisher": publisher,
            "year": 1990,
        }


def japan_marc() -> Iterator[dict]:
    columns = ["title", "title_reading", "subtitle", "volume", "volume_order", "creator", "creator_reading"]
    columns += ["publisher", "year", "isbn", "ndc", "subjects"]
    for raw in source.records(JAPAN_MARC):
        facts, _ = facts_of(sure(read(raw).record))
        if facts:
            yield {name: getattr(facts, name) for name in columns}


def magazines() -> Iterator[dict]:
    """Read names of magazines with their unbroken katakana readings; a seventh of them is enough."""
    dice = random.Random(1)  # noqa: S311
    for line in MAGAZINES.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        names = entry["name"] if isinstance(entry["name"], list) else [entry["name"]]
        reading = next((name["@value"] for name in names if isinstance(name, dict)), "").split(",")[0]
        if dice.random() < 1 / 7 or entry["label"] in ASKED_FOR:
            yield {"title": entry["label"], "title_reading": reading, "kind": "magazine"}
