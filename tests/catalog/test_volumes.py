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
第63巻 第1号|第63巻 第2号|第63巻 第10号
63巻(1)|63巻(2)|63巻(10)
Vol.63(1)|Vol.63(2)|Vol.63(10)
63:1|63:2|63:10
2026年1月号 vol.63|2026年2月号 vol.64|2026年10月号 vol.72
春の巻|夏の巻|秋の巻|冬の巻
No. 5 (2026 Spring)|No. 6 (2026 Summer)|No. 10 (2027 Summer)
２０２６年１月１５日号|２０２６年１月２２日号|２０２６年１０月１日号
2026.1.15|2026.1.22|2026.10.1
1/8号|1/15号|2/5号|12/3号
2026年1月第3週号|2026年1月第4週号|2026年2月第1週号
第１部（上）|第１部（下）|第２部（上）|第２部（下）
巻上|巻中|巻下
前篇|中篇|後篇
首巻|1|2|終巻
第0巻|第1巻|第2巻
上ノ一|上ノ二|下ノ一
第1期第1巻|第2期第1巻|第2期第3巻
I-1|I-2|II-1|II-3|X-1
第Ⅰ期 2|第Ⅱ期 3|第Ⅱ期 10
1-上|1-下|2-上|10-下
一之巻|二之巻|三之巻
第壱巻|第弐巻|第参巻
Part 1-1|Part 1-2|Part 2-1
Vol. I|Vol. II|Vol. IX|Vol. X
vol.i|vol.ii|vol.iii|vol.iv|vol.x
昭和五十三年四月号|昭和五十三年十月号|昭和五十四年一月号
1976-夏|1976-秋|1977-春
2026年1月1・8日合併号|2026年1月15日号|2026年1月22日号
2025年12月18日号|2025年12月25日・2026年1月1日合併号|2026年1月8日号
2026年新年特大号|2026年2月号
2026年新春号|2026年春号|2026年夏季号|2026年秋季号
第1回配本|第2回配本|第10回配本
No.5|No.5 臨時増刊|No.6
1 上|1 下|2 上|2 下
上-1|上-2|下-1
前編 1|前編 2|後編 1
1|1.5|2|2.5|3|10
第5.5巻|第6巻
第1巻|第2巻|第10巻|補遺|別巻1|別巻2|総索引
1|2|別巻|別巻 索引
1|2|10|11|補巻 1|補巻 2
1|2|3|総目次・索引
第一|第二|第十|第十一
Ⅰ 上|Ⅰ 下|Ⅱ
第1編|第2編|第10編
通史編 上|通史編 下
1集|2集|10集
イ|ロ|ハ|ニ|ホ
い|ろ|は
あ|い|う|え
A|B|C|D
(1)|(2)|(10)
【1】|【2】|【10】
Q1|Q2|Q10
2026夏|2026秋|2026冬
2026年冬|2027年春
Spring 2026|Autumn 2026|Spring 2027
63(1)=745|63(2)=746|63(10)=754
63(1-2)|63(3)|63(10)
第63巻1・2号|第63巻3号|第63巻10号
第1巻第1号(通巻1号)|第1巻第2号(通巻2号)|第2巻第1号(通巻13号)
Vol.1,No.1|Vol.1,No.2|Vol.1,No.10|Vol.2,No.1
vol. 1, no. 9 (Sept. 2026)|vol. 1, no. 10 (Oct. 2026)
1年|2年|3年
仁|義|礼|智|信
元|亨|利|貞
序|破|急
4月15日号|4月22日号|5月6日号
4.15号|4.22号|5.6号
No.3021|No.3022
9月号|10月号|11月号|12月号
2026年9月号|2026年別冊9月号|2026年10月号
秋号|秋増刊号|冬号
続|続々|続々々
第1巻|続第1巻|続第2巻
新編 1|新編 2
第2版|第3版|第10版
改訂版 1|改訂版 2
第二期三|第二期十
三の上|三の下|四の上
巻一|巻二|巻十
巻第一|巻第二|巻第十
巻之一上|巻之一下|巻之二
一～三|四～六|七～十
1～3|4～6|10～12
別冊1|別冊2|別冊10
補遺1|補遺2
百一|百二|百十|二百
一〇一|一〇二|一一〇
八|九|十|十一|二十|二十一|三十
〇|一|二
２０２６－１|２０２６－２|２０２６－１０
R8.4|R8.5|R8.10
令8.4|令8.10
令和8年4月5日号|令和8年4月12日号
平成元|平成2|平成10
H1|H2|H10
ア|イ|ウ|エ|オ
年表 1900-1950|索引
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
