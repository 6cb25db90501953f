"""Ways in without words, and what machines read."""

import json
import re
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.machines.sitemaps import PER_SITEMAP
from catalog.models import Item, Series
from tests import build
from tests.sure import sure

pytestmark = pytest.mark.django_db


def test_classes_lead_down_with_their_numbers(client, index):
    build.title("猫の本", ndc="645.7")
    index()
    assert "産業" in client.get("/classes/").text
    page = client.get("/classes/64/").text
    assert "645" in page
    assert "（1件）" in page
    assert "NDC-LD" in page
    assert client.get("/classes/999999/").status_code == 404


def test_new_arrivals_by_type_and_library(client):
    here, there = build.library("中央図書館", code="chuo"), build.library("幸町図書館", code="saiwaicho")
    build.item(build.title("本館の本"), here)
    build.item(build.title("分館の映画", code="dvd"), there)
    assert "本館の本" in client.get("/new/").text
    assert "本館の本" not in client.get("/new/?type=dvd").text
    page = client.get("/new/?library=saiwaicho").text
    assert ("分館の映画" in page, "本館の本" in page) == (True, False)
    assert client.get("/new/?type=%00&page=x").status_code == 200


def test_most_reserved_counts_those_who_wait(client):
    at, patron = build.library(), build.patron()
    wanted = build.title("待たれる本")
    build.reservation(wanted, patron, at)
    build.title("待たれない本")
    page = client.get("/most-reserved/").text
    assert ("待たれる本" in page, "待たれない本" in page) == (True, False)
    assert "予約待ち 1人" in page


def test_a_series_lists_volumes_in_order_and_issues_newest_first(client):
    series, magazine = Series.objects.create(name="長い話"), Series.objects.create(name="見本の月刊")
    for order, volume in ((2, "下"), (1, "上")):
        build.title("長い話", volume=volume, volume_order=order, series=series)
        build.title("見本の月刊", code="magazine", volume=f"{order}月号", volume_order=order, series=magazine)
    page = client.get(f"/series/{series.pk}/").text
    assert page.index("長い話 上") < page.index("長い話 下")
    page = client.get(f"/series/{magazine.pk}/").text
    assert page.index("2月号") < page.index("1月号")


def test_a_title_page_shows_the_volumes_around_its_own(client):
    series = Series.objects.create(name="長い話")
    numbers = [*range(1, 61), None, None]
    volumes = [
        build.title("長い話", volume=f"第{n}巻" if n else "別巻", volume_order=n, series=series) for n in numbers
    ]
    build.title("ほかの話", volume="第30巻", volume_order=30)

    def shown(place):
        page = client.get(volumes[place].get_absolute_url())
        assert f'href="/series/{series.pk}/">すべて' in page.text
        return [volumes.index(other) for other in page.context["volumes"]]

    assert shown(29) == [*range(19, 29), *range(30, 40)]
    assert shown(58) == [*range(41, 58), 59, 60, 61]
    assert shown(0) == [*range(1, 21)]
    assert shown(61) == [*range(41, 61)]
    few = build.title("短い話", series=Series.objects.create(name="短い話"))
    last = build.title("短い話", series=few.series)
    page = client.get(last.get_absolute_url())
    assert (page.context["volumes"], "すべての巻・号" in page.text) == ([few], False)
    assert "シリーズのほかの巻・号" not in client.get(build.title("ひとりの話").get_absolute_url()).text


def test_issues_without_a_number_stand_below_the_newest(client):
    magazine = Series.objects.create(name="見本の月刊")
    for order, volume in ((1, "1月号"), (None, "別冊"), (2, "2月号")):
        build.title("見本の月刊", code="magazine", volume=volume, volume_order=order, series=magazine)
    page = client.get(f"/series/{magazine.pk}/").text
    assert page.index("2月号") < page.index("1月号") < page.index("別冊")


def test_magazines_and_series_are_listed_by_reading(client):
    for name, reading, code in (
        ("料理の月刊", "リョウリ ノ ゲッカン", "magazine"),
        ("あかつき文庫", "", "book"),
        ("海の季刊", "ウミ ノ キカン", "magazine"),
    ):
        build.title(f"{name}の一冊", code=code, series=Series.objects.create(name=name, reading=reading))
    Series.objects.create(name="題のない叢書")
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/series/").text
    assert len(queries) <= 5
    assert page.index("海の季刊") < page.index("料理の月刊")
    assert "あかつき文庫" not in page
    page = client.get("/series/?kind=series&page=99").text
    assert ("あかつき文庫" in page, "海の季刊" in page, "題のない叢書" in page) == (True, False, False)
    assert client.get("/series/?kind=%00&page=-1").status_code == 200


def test_series_stand_by_sound_and_not_by_letter(client):
    """五十音順: a long mark is the vowel before it, small kana are large, voiced marks count last."""
    names = ["カーサ", "カアサン", "ガイド", "カキ", "ガッキュウ", "カツラ", "ハハ", "バハ", "ババ", "はひ", "ヒ"]
    for name in reversed(names):
        build.title(name, series=Series.objects.create(name=f"{name}文庫", reading=f"{name}"))
    page = client.get("/series/?kind=series").text
    assert sorted(names, key=lambda name: page.index(f"{name}文庫")) == names
    Series.objects.filter(name="ヒ文庫").get().save()
    assert Series.objects.get(name="カーサ文庫").name_key.startswith("カアサ")


def test_an_isbn_leads_to_its_title_or_to_a_search(client):
    title = build.title("見本の本", isbn="9784000000109")
    assert client.get("/isbn/4-00-000010-1/").url == title.get_absolute_url()
    assert client.get("/isbn/9784000000116/").url == "/search/?isbn=9784000000116"
    assert client.get("/isbn/none/").status_code == 302


def test_a_second_isbn_leads_there_too_unless_it_is_the_own_one_of_another_title(client, index):
    volume = build.title("見本の本", volume="1", isbn="9784000000109", other_isbns="9784000000116; 9784101335759")
    index()
    assert client.get("/isbn/9784101335759/").url == volume.get_absolute_url()
    assert [title["title"] for title in client.get("/isbn/9784101335759/availability/").json()["titles"]] == [
        "見本の本 1"
    ]
    assert f'href="{volume.get_absolute_url()}"' in client.get("/search/?q=978-4-10-133575-9").text
    assert "9784000000109、9784000000116、9784101335759" in client.get(volume.get_absolute_url()).text
    whole = build.title("見本の本 全2巻", isbn="9784000000116")
    assert client.get("/isbn/9784000000116/").url == whole.get_absolute_url()


def test_availability_is_told_to_other_sites(client):
    at = build.library("幸町図書館", code="saiwaicho")
    title = build.title("見本の本", isbn="9784000000109")
    build.item(title, at)
    build.item(title, build.library("中央図書館", code="chuo"), status=Item.Status.ON_LOAN)
    answer = client.get("/isbn/9784000000109/availability/")
    assert answer["Cache-Control"] == "public, max-age=60"
    told = answer.json()["titles"][0]
    assert told["waiting"] == 0
    assert sorted((place["name"], place["available"]) for place in told["libraries"]) == [
        ("中央図書館", False),
        ("幸町図書館", True),
    ]
    assert client.get("/isbn/x/availability/").json()["titles"] == []


def test_suggestions_by_form_and_by_reading(client, index):
    build.title(
        "吾輩は猫である",
        title_reading="ワガハイ ワ ネコ デ アル",
        creator="夏目 漱石",
        creator_reading="ナツメ, ソウセキ",
    )
    build.title("猫の本", subjects="猫; 動物")
    index()

    def suggested(typed):
        return client.get("/suggestions/", {"q": typed}).json()[1]

    assert suggested("わがはい") == suggested("吾輩") == ["吾輩は猫である"]
    assert suggested("なつめ") == ["夏目 漱石"]
    assert suggested("猫") == ["猫の本", "猫"]
    assert suggested("\x00") == suggested(".*") == []


def test_a_title_page_describes_itself_to_machines_and_cannot_be_broken_by_its_record(client):
    title = build.title("</script><b>題名", creator="夏目 漱石", isbn="9784000000109")
    page = client.get(title.get_absolute_url()).text
    block = page.split('<script type="application/ld+json">')[1].split("</script>")[0]
    described = json.loads(block)
    assert (described["name"], described["@type"]) == ("</script><b>題名", "Book")
    assert "<b>題名" not in page


def described(client, title) -> dict:
    page = client.get(title.get_absolute_url()).text
    return json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])


def test_an_issue_is_part_of_a_periodical_and_a_body_is_no_person(client):
    series = Series.objects.create(name="見本の月刊")
    issue = build.title("見本の月刊", code="magazine", volume="2019年5月号", series=series, creator="外務省; 山田 太郎",
                        subjects="日本--外交", isbn="9784000000109")  # fmt: skip
    told = described(client, issue)
    assert (told["@type"], told["issueNumber"], told["isPartOf"]["@type"]) == (
        "PublicationIssue", "2019年5月号", "Periodical",
    )  # fmt: skip
    assert [maker["@type"] for maker in told["author"]] == ["Organization", "Person"]
    assert (told["about"], told["inLanguage"]) == ([{"@type": "Thing", "name": "日本--外交"}], "ja")
    assert "isbn" not in told


def test_every_entry_of_a_feed_says_when_it_changed(client, index):
    """As RFC 4287 asks; nor may an author be nameless."""
    build.title("著者のない本")
    index()
    atom = "{http://www.w3.org/2005/Atom}"
    for address in ("/feed/", "/feed/?title=本"):
        feed = ElementTree.fromstring(client.get(address).content)  # noqa: S314, our own answer
        assert [one.tag for one in feed.iter(f"{atom}updated")] == [f"{atom}updated"] * 2
        assert [one.text for one in feed.iter(f"{atom}name")] == [feed.findtext(f"{atom}author/{atom}name")]
    assert sure(feed.findtext(f"{atom}title")).startswith("「本」の検索結果")


def test_a_feed_finds_what_its_search_finds(client):
    for name, year in (("古い齋藤", 1950), ("新しい齋藤", 2020), ("新しい斉藤", 2021)):
        build.title(name, year=year)
    atom = "{http://www.w3.org/2005/Atom}"

    def listed(asked):
        feed = ElementTree.fromstring(client.get(f"/feed/?{asked}").content)  # noqa: S314, our own answer
        return [entry.findtext(f"{atom}title") for entry in feed.iter(f"{atom}entry")]

    assert listed("from=2020&to=2021") == ["新しい斉藤", "新しい齋藤"]
    assert listed("q=齋藤&to=2020") == ["新しい齋藤", "古い齋藤"]
    assert listed("q=齋藤&as_typed=1") == ["新しい齋藤", "古い齋藤"]
    assert listed("q=齋藤&sort=oldest&page=2") == ["新しい斉藤", "新しい齋藤", "古い齋藤"]


@pytest.mark.parametrize("language", ["", "/ja-easy", "/en", "/zh-hans", "/ko", "/vi"])
def test_crawlers_are_kept_from_combinations_in_every_language(client, language):
    closed = [line.removeprefix("Disallow: ") for line in client.get("/robots.txt").text.splitlines()[1:-1]]
    patterns = [re.compile(re.escape(path).replace(r"\*", ".*")) for path in closed]  # RFC 9309, 2.2.3
    addresses = {
        "/search/?q=x&type=book": True,
        "/search/?from=2020&to=2021": True,
        "/feed/?q=x&type=book": True,
        "/search/detail/": True,
        "/suggestions/?q=x": True,
        "/my/": True,
        "/search/?q=x": False,
        "/feed/": False,
        "/titles/1/": False,
        "/series/1/": False,
    }
    told = {address: any(one.match(language + address) for one in patterns) for address in addresses}
    assert told == addresses


def test_a_title_page_that_has_not_changed_is_not_sent_again(client):
    title = build.title()
    first = client.get(title.get_absolute_url())
    again = client.get(title.get_absolute_url(), headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    build.item(title, build.library())
    assert client.get(title.get_absolute_url(), headers={"if-none-match": first["ETag"]}).status_code == 200


def test_feeds_sitemaps_and_descriptions_are_well_formed(client):
    title = build.title("新しい\x0b本 & <b>", creator="だれか")
    for address in ("/feed/", "/feed/?q=本", "/sitemap.xml", "/sitemap-0.xml", "/opensearch.xml"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        ElementTree.fromstring(answer.content)  # noqa: S314, our own answer
    page = client.get(f"/sitemap-{title.pk // PER_SITEMAP}.xml").text
    assert f"{title.get_absolute_url()}</loc>" in page
    assert client.get(f"/sitemap-{10**18}.xml").status_code == 200
    assert "Disallow: /search/?*&" in client.get("/robots.txt").text


def test_a_title_page_asks_ten_queries_at_most(client):
    series = Series.objects.create(name="長い話")
    titles = [build.title("長い話", volume=str(n), volume_order=n, series=series, ndc="913.6") for n in range(3)]
    for title in titles:
        build.item(title, build.library())
    with CaptureQueriesContext(connection) as asked:
        client.get(titles[0].get_absolute_url())
    assert len(asked) <= 10
