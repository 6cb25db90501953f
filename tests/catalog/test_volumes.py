"""Volumes and issues stand in order, however they are written."""

import string
from pathlib import Path
from random import Random

import pytest
from django.core.management import call_command
from django.test import Client

from catalog.japanese.volumes import BEHIND, UNNUMBERED, volume_key, volume_number
from catalog.models import Series, Title
from tests import build
from tests.catalog.marc.records import field, file, record

# A series a line in its right order, in the ways that real records write (JAPAN/MARC, NDLサーチ, MADB, magazines).
SERIES = """
一|二|九|一〇|一一|二〇|一〇〇
62巻12号|63巻1号|63巻2号|63巻10号
63(1)|63(2)|63(10)
2026年1月1日号|2026年1月15日号|2026年1月22日号|2026年2月1日号
1|2|10|別巻 1|別巻 2|索引
第1巻|第1.5巻|第2巻
Ⅰ|Ⅱ|Ⅲ|Ⅳ|Ⅴ|Ⅵ|Ⅶ|Ⅷ|Ⅸ|Ⅹ|Ⅺ|ⅩⅤ|ⅩⅩⅠ
I|II|III|IV|V|VI|VII|VIII|IX|X|XI|XIV|XX
上|中|下
前編|後編
上の1|上の2|中の1|下の1|下の2|下の10
1-1|1-2|1-10|2-1|10-1
第1部 上|第1部 下|第2部 上|第2部 下|第10部 上
第一部上|第一部下|第二部上|第二部下
第63巻第1号|第63巻第2号|第63巻第10号|第64巻第1号
Vol.63 No.1|Vol.63 No.2|Vol.63 No.12|Vol.64 No.1
4/5号|4/12号|4/19号|5/3号
4月5日号|4月12日号|11月1日号
第1期 1|第1期 2|第2期 1|第2期 3|第2期 10
1|2|3|第2期 1|第2期 3
第1号|第2・3合併号|第4号
2026年春号|2026年夏号|2026年秋号|2026年冬号|2027年春号
春|夏|秋|冬
天|地|人
天の巻|地の巻|人の巻
甲|乙|丙|丁
１|２|１０|１１
第十二巻|第二十巻|第百二十巻
十二|百二十
1A|1B|1C|2A|3A|3B|3.5A|3.5B|4A|10A|A|S|S1|S2|S10
ACTⅠ|ACT-Ⅱ|ACT-3|ACT4|ACT.5
PART Ⅰ|PART Ⅱ|PartⅢ|PartIV
2012春夏|2012秋冬|2013春夏|2013秋冬|2015秋冬
2008WINTER|2009SPRING
2016Spring/Summer Collection|2016Autumn/Winter Collection|2017Spring
昭和63年度|平成元年度|平成12年度|平成３１年度・令和元年度|令和2年度
資料編 1|資料編 2|資料編 10
第1巻|第2巻|資料編 1|別巻
その1|その２|その10
其1|其2|其十
巻之1|巻之二|巻之3
正|続|続々
正編|続編
1|2|続1|続2
第1集|第2集 上片桐編|第３集 古町|第5集|第5集 別冊|第6集
2026年3月号|2026年3月増刊号|2026年4月号|2026年4・5月合併号|2026年6月号
April 2026|May 2026|December 2026|January 2027
2026年4月上旬号|2026年4月下旬特別号|2026年5月上旬号
第1輯の1|第1輯の2|第2輯の1
No.999|No.1,000|No.1001
BOOK1|BOOK2|BOOK3
あ-22-02|あ-22-10|い-1-1
新赤版2|新赤版1280
01(2019.4)|02(2019.5)|03(2019.10)
2019.4|2019.10|2020.1
上巻(解説編)|中巻(御殿場・高根地区写真編)|下巻(富士岡)
初級|中級|上級
乾|坤
本編|補遺|別巻|付録|総目次|索引
1|2|完結編|別巻|年表
昭和五十三年版|昭和五十四年版
昭55|昭60|平1|平31
R5年度|R6年度|R10年度
第1回|第2回|第10回
2026年4月号|臨時増刊2026年4月号|2026年5月号
通巻1号|通巻2号|通巻10号
創刊号|第2号|第3号
2019年上半期|2019年下半期
Season 1 Vol.2|Season 2 Vol.1
㊤|㊥|㊦
①|②|⑩
第一巻上|第一巻下|第二巻
一ノ上|一ノ下|二ノ上
2026年1号|2026年2号|2026年10号
2004.|2005.
[1]|[2]|[10]
[第7話]|[第8話]|[第10話]
第99号|第100号
平成9年|平成10年
1号(2006年度版)|2号(2007年度版)
63-4|63-5|63-10
"""
LETTERS = (
    string.printable + "第巻号集上中下前後春夏秋冬一〇十百千年月日度・（）ⅠⅩⅻ別索引続正期次シリーズ昭和平元の之ー～①㊤"
)


@pytest.mark.parametrize("line", SERIES.strip().splitlines())
def test_any_order_of_a_series_sorts_back(line: str) -> None:
    right = line.split("|")
    shuffled = Random(line).sample(right, len(right))  # noqa: S311
    assert sorted(shuffled, key=volume_key) == right
    assert len({volume_key(volume) for volume in right}) == len(right)


@pytest.mark.parametrize(
    "same", ["Ⅲ|III|第3巻|第三巻|vol.03|3|その3|PART Ⅲ|第３号|[3]|3巻", "十二|一二|12|第十二集|XII",
             "上|上巻|上の巻|㊤|上編|前編",
             "63巻4号|第63巻第4号|Vol.63 No.4|63-4|63/4|第六十三巻第四号",
             "2026年4月5日号|令和8年4月5日|2026.4.5|2026/04/05"]
)  # fmt: skip
def test_ways_to_write_one_place_are_one(same: str) -> None:
    assert len({volume_key(way) for way in same.split("|")}) == 1


def test_what_has_no_number_stands_behind_all_numbers() -> None:
    assert volume_key("") == volume_key("・") == UNNUMBERED
    for behind in ("別巻", "別冊 2", "総索引", "補遺", "墓碑", "付録", ""):
        assert volume_key("第9999巻") < volume_key("資料編 1") < BEHIND < volume_key(behind)


def test_where_staff_put_a_volume_goes_before_what_it_says() -> None:
    told = [
        ("上", 1),
        ("下", 2),
        ("", 3),
        ("前編", 4),
        ("後編", 5),
        ("第1集", 6),
        ("索引", 7),
        ("第9巻", 9),
        ("", None),
    ]
    assert sorted(sorted(told, key=str), key=lambda one: volume_key(*one)) == told
    assert volume_key("第63巻第2号", 63002) == volume_key("63巻2号", 63) == volume_key("63(2)")


def test_any_text_has_a_key() -> None:
    dice = Random(1)  # noqa: S311
    for _ in range(3000):
        text = "".join(dice.choices(LETTERS, k=dice.randrange(12)))
        assert len(volume_key(text)) < 300
        volume_number(text)
    for text in ("9" * 5000, "千" * 5000, "Ⅲ" * 5000, "1," * 5000, "(1" * 5000, "昭和" * 5000):
        assert len(volume_key(text)) < 300
        volume_number(text)


@pytest.mark.parametrize(
    ("volume", "order"),
    [
        ("上", 1), ("中巻", 2), ("下巻", 3), ("前編", 1), ("後編", 3), ("第12集", 12), ("第十二巻", 12),
        ("二十三", 23), ("平成26年度", 201400), ("2019春夏", 201903), ("１２", 12), ("別巻", None), ("9" * 12, None),
        ("一〇", 10), ("Ⅻ", 12), ("IV", 4), ("三重県の部", None),
        ("2019年5月号", 201905), ("2019年12月号", 201912), ("令和元年10月", 201910), ("昭和63年度", 198800),
        ("2019-03", 201903), ("2019秋冬", 201909), ("2010-2011", 201000), ("第2019号", 2019), ("1998年第5号", 199805),
        ("第12巻第3号", 12003), ("Vol.3 No.10", 3010), ("Vol. 12, no. 4", 12004), ("vol.03", 3), ("第百二十号", 120),
        ("2010 ケータイ・PC編", 201000), ("第1巻", 1), ("1985", 198500), ("通巻1523号", 1523),
    ],
)  # fmt: skip
def test_a_volume_has_one_number_that_searches_know(volume: str, order: int | None) -> None:
    assert volume_number(volume) == order


@pytest.mark.django_db
@pytest.mark.parametrize("line", [*SERIES.strip().splitlines()[:6], "1|2|10|別巻 1|別巻 2|索引"])
def test_pages_and_neighbours_follow_the_order_of_a_series(client: Client, tmp_path: Path, line: str) -> None:
    volumes = line.split("|")
    records = [record(f"V-{n}", field("245", a="長い話", n=volume)) for n, volume in enumerate(volumes)]
    call_command("import_marc", file(tmp_path, *reversed(records)))
    series = Series.objects.get()
    assert [hit.volume for hit in client.get(f"/series/{series.pk}/").context["hits"]] == volumes
    assert [title.volume for title in Title.objects.all()] == volumes
    middle = Title.objects.get(volume=volumes[1])
    assert [other.volume for other in reversed(middle.volumes_before())] == volumes[:1]
    assert [other.volume for other in middle.volumes_after()] == volumes[2:]


@pytest.mark.django_db
def test_the_number_in_a_series_statement_is_kept_and_orders(client: Client, tmp_path: Path) -> None:
    numbers = ("あ-22-2", "あ-22-10", "い-1-1")
    records = [
        record(f"S-{n}", field("245", a=f"{9 - n}の話"), field("490", a="見本文庫", v=number))
        for n, number in enumerate(numbers)
    ]
    call_command("import_marc", file(tmp_path, *reversed(records)))
    hits = client.get(f"/series/{Series.objects.get().pk}/").context["hits"]
    assert [hit.series_volume for hit in hits] == list(numbers)


@pytest.mark.django_db
def test_a_magazine_begins_with_its_newest_issue_and_ends_with_what_has_no_number(client: Client) -> None:
    series = Series.objects.create(name="見本の週刊")
    for volume in ("2026年1月15日号", "総目次", "2026年2月1日号", "別冊 3", "2026年1月1日号", "2026年1月増刊号"):
        build.title("見本の週刊", code="magazine", volume=volume, series=series)
    hits = client.get(f"/series/{series.pk}/").context["hits"]
    newest_first = ["2026年2月1日号", "2026年1月増刊号", "2026年1月15日号", "2026年1月1日号"]
    assert [hit.volume for hit in hits] == [*newest_first, "総目次", "別冊 3"]
