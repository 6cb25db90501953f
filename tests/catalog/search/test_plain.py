import pytest
from django.http import QueryDict

from catalog.models import Item, Series
from catalog.search import postgres_engine
from catalog.search.query import Query
from tests import build

pytestmark = pytest.mark.django_db


def found(address: str) -> list[str]:
    answer = postgres_engine.search(Query.read(QueryDict(address)))
    titles = {title.pk: str(title) for title in build.Title.objects.all()}
    return [titles[pk] for pk in answer.ids]


def test_a_reading_finds_a_kanji_title_however_particles_are_written():
    build.title("吾輩は猫である", title_reading="ワガハイ ワ ネコ デ アル")
    assert found("q=わがはいはねこである") == found("q=ワガハイワネコ") == ["吾輩は猫である"]


def test_a_whole_title_stands_before_a_beginning_and_a_part():
    for name in ("東京都の歴史", "京都の寺", "京都"):
        build.title(name, year=2020)
    assert found("q=京都") == ["京都", "京都の寺", "東京都の歴史"]


def test_a_name_is_found_with_and_without_its_space():
    build.title("こころ", creator="夏目 漱石", creator_reading="ナツメ, ソウセキ")
    assert found("q=夏目漱石") == found("q=夏目 漱石") == found("q=なつめそうせき") == ["こころ"]


def test_a_field_looks_at_its_own_lines_only():
    build.title("漱石の猫", creator="内田 百閒")
    build.title("坊っちゃん", creator="夏目 漱石")
    assert found("title=漱石") == ["漱石の猫"]
    assert found("creator=漱石") == ["坊っちゃん"]


def test_rows_are_joined_by_and_or_and_not():
    for name in ("猫の本", "犬の本", "猫と犬の本"):
        build.title(name)
    rows = "field=any&words=猫&join=and&field=any&words=犬&join="
    assert found(rows + "and") == ["猫と犬の本"]
    assert sorted(found(rows + "or")) == ["犬の本", "猫と犬の本", "猫の本"]
    assert found(rows + "not") == ["猫の本"]


def test_words_as_typed_are_joined_as_the_rows_are():
    for name in ("齋藤の話", "斎藤の話", "猫の本"):
        build.title(name)
    rows = "as_typed=1&field=any&words={}&join=and&field=any&words=齋藤&join={}"
    assert sorted(found(rows.format("猫", "or"))) == ["猫の本", "齋藤の話"]
    assert found(rows.format("話", "and")) == ["齋藤の話"]
    assert found(rows.format("話", "not")) == ["斎藤の話"]


def test_words_as_typed_are_met_wherever_a_record_writes_them():
    series = Series.objects.create(name="齋藤叢書", reading="サイトウ ソウショ")
    build.title("世界大戦 Ⅲ", other_titles="Sekai taisen; 世界の戰爭", isbn="9784000000109", series=series)
    build.title("世界大戦 3", other_titles="世界の戦争", isbn="9784000000116")
    for words in ("世界大戦 Ⅲ", "大戦 iii", '"世界大戦 Ⅲ"', "Ｓｅｋａｉ", "戰爭", "4-00-000010-1", "齋藤", "ソウショ"):
        assert found(f"as_typed=1&q={words}") == ["世界大戦 Ⅲ"], words


def test_words_as_typed_stay_in_their_field():
    build.title("斎藤の話", creator="齋藤 一")
    build.title("齋藤の話", creator="斎藤 一")
    assert found("as_typed=1&title=齋藤") == ["齋藤の話"]
    assert found("as_typed=1&creator=齋藤") == ["斎藤の話"]


def test_a_volume_is_found_by_its_series():
    series = Series.objects.create(name="見本文庫", reading="ミホン ブンコ")
    build.title("小さな本", series=series)
    assert found("q=みほんぶんこ") == ["小さな本"]


def test_facets_count_the_titles_that_were_found():
    here, there = build.library("中央図書館", code="chuo"), build.library("幸町図書館", code="saiwaicho")
    cat = build.title("猫の本", year=2011, ndc="645.7")
    build.item(cat, here)
    build.item(cat, there, status=Item.Status.ON_LOAN)
    build.item(cat, there, status=Item.Status.WITHDRAWN)
    build.item(build.title("猫の映画", code="dvd", year=2019), there, status=Item.Status.ON_LOAN)
    build.title("犬の本")
    answer = postgres_engine.search(Query.of("猫"))
    assert answer.total == 2
    assert answer.facets == {
        "type": (("book", 1), ("dvd", 1)),
        "library": (("saiwaicho", 2), ("chuo", 1)),
        "ndc": (("6", 1),),
        "decade": (("2010", 2),),
        "language": (("jpn", 2),),
        "available": (("1", 1),),
    }


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ("type=dvd", ["猫の映画"]),
        ("library=chuo", ["猫の本"]),
        ("available=1", ["猫の本"]),
        ("ndc=64", ["猫の本"]),
        ("decade=2010&from=2015", ["猫の映画"]),
        ("to=2011", ["猫の本"]),
        ("language=eng", []),
    ],
)
def test_filters_narrow(filters, names):
    build.item(build.title("猫の本", year=2011, ndc="645.7"), build.library("中央図書館", code="chuo"))
    build.title("猫の映画", code="dvd", year=2019)
    assert found("q=猫&" + filters) == names


def test_titles_sort_by_reading_and_volumes_by_their_number():
    series = Series.objects.create(name="長い話")
    for order, volume in ((3, "下"), (1, "上"), (2, "中")):
        build.title("長い話", title_reading="ナガイ ハナシ", volume=volume, volume_order=order, series=series)
    build.title("カード", title_reading="カード")
    build.title("蛾", title_reading="ガ")
    assert found("q=&type=book&sort=title") == ["蛾", "カード", "長い話 上", "長い話 中", "長い話 下"]


@pytest.mark.parametrize(
    "words", ["%%%", "\x00", "\ud800", "😀", "_", "\\", "ﷺ" * 100, "' OR 1=1", "T", ".*", "[", "a" * 10_000]
)
def test_hostile_words_are_answered(words):
    build.title("ふつうの本")
    for name in ("any", "title", "creator"):
        assert postgres_engine.search(Query.of(words, name)).total in {0, 1}


def test_two_statements_answer_a_search(django_assert_num_queries):
    build.title("猫")
    with django_assert_num_queries(2):
        postgres_engine.search(Query.of("猫"))
