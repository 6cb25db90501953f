import multiprocessing

import pytest
from django.http import QueryDict

from catalog.models import Item, Series, Title
from catalog.search import engine
from catalog.search.ask import find
from catalog.search.index.on_disk import reader
from catalog.search.query import Query
from tests import build
from tests.sure import sure

pytestmark = pytest.mark.django_db


def found(address: str) -> list[str]:
    answer = find(Query.read(QueryDict(address)))
    assert not answer.plain
    titles = {title.pk: str(title) for title in Title.objects.all()}
    return [titles[pk] for pk in answer.ids]


def test_a_reading_finds_a_kanji_title_however_particles_are_written(index):
    build.title("吾輩は猫である", title_reading="ワガハイ ワ ネコ デ アル")
    index()
    assert found("q=わがはいはねこである") == found("q=ワガハイワネコ") == ["吾輩は猫である"]


def test_a_whole_title_then_a_word_then_a_part(index):
    for name in ("東京都の歴史", "京都の寺", "京都"):
        build.title(name, year=2020)
    index()
    assert found("q=京都") == ["京都", "京都の寺", "東京都の歴史"]


def test_a_rank_never_lifts_a_part_over_a_word(index):
    build.title("京都の寺")
    lent = build.title("東京都の歴史", year=2026)
    for _ in range(30):
        build.item(lent, build.library())
    index()
    assert found("q=京都") == ["京都の寺", "東京都の歴史"]


def test_phrases_do_not_cross_values(index):
    build.title("一二", creator="三四; 五六")
    index()
    assert found("q=二三") == found("q=四五") == []
    assert found("q=三四") == ["一二"]


def test_a_phrase_that_leaves_pairs_out_does_not_step_over_the_border_of_values(index):
    # たいゆばん and たいゆばん下: ばん, then たい
    build.title("タイユヴァン", title_reading="タイユヴァン", volume="下")
    index()
    assert found("q=ばんたい") == []
    assert found("q=ゆばん") == ["タイユヴァン 下"]


def test_a_field_looks_at_itself_only(index):
    build.title("漱石の猫", creator="内田 百閒", publisher="PHP", subjects="小説; 随筆")
    build.title("坊っちゃん", creator="夏目 漱石", publisher="PHP研究所")
    index()
    assert found("title=漱石") == ["漱石の猫"]
    assert found("creator=漱石") == ["坊っちゃん"]
    assert sorted(found("publisher=php")) == ["坊っちゃん", "漱石の猫"]
    assert found("subject=説") == ["漱石の猫"]


def test_rows_are_joined_by_and_or_and_not(index):
    for name in ("猫の本", "犬の本", "猫と犬の本"):
        build.title(name)
    index()
    rows = "field=any&words=猫&join=and&field=any&words=犬&join="
    assert found(rows + "and") == ["猫と犬の本"]
    assert sorted(found(rows + "or")) == ["犬の本", "猫と犬の本", "猫の本"]
    assert found(rows + "not") == ["猫の本"]
    assert sorted(found("field=any&words=猫&join=not")) == ["犬の本"]


def test_facets_count_the_titles_that_were_found(index):
    here, there = build.library("中央図書館", code="chuo"), build.library("幸町図書館", code="saiwaicho")
    cat = build.title("猫の本", year=2011, ndc="645.7")
    build.item(cat, here)
    build.item(cat, there, status=Item.Status.ON_LOAN)
    build.item(cat, there, status=Item.Status.WITHDRAWN)
    build.item(build.title("猫の映画", code="dvd", year=2019), there, status=Item.Status.ON_LOAN)
    build.title("犬の本")
    index()
    answer = find(Query.of("猫"))
    assert answer.total == 2
    assert {name: dict(counts) for name, counts in answer.facets.items()} == {
        "type": {"book": 1, "dvd": 1},
        "library": {"saiwaicho": 2, "chuo": 1},
        "ndc": {"6": 1},
        "decade": {"2010": 2},
        "language": {"jpn": 2},
        "available": {"1": 1},
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
def test_filters_narrow(index, filters, names):
    build.item(build.title("猫の本", year=2011, ndc="645.7"), build.library("中央図書館", code="chuo"))
    build.title("猫の映画", code="dvd", year=2019)
    index()
    assert found("q=猫&" + filters) == names


def test_titles_sort_by_reading_and_volumes_by_their_number(index):
    series = Series.objects.create(name="長い話")
    for order, volume in ((3, "下"), (1, "上"), (2, "中")):
        build.title("長い話", title_reading="ナガイ ハナシ", volume=volume, volume_order=order, series=series)
    build.title("カード", title_reading="カード")
    build.title("蛾", title_reading="ガ")
    index()
    assert found("type=book&sort=title") == ["蛾", "カード", "長い話 上", "長い話 中", "長い話 下"]


def test_titles_without_a_year_stand_last_both_ways(index):
    for name, year in (("古い", 1950), ("新しい", 2020), ("知らない", None)):
        build.title(name, year=year)
    index()
    assert found("type=book&sort=newest") == ["新しい", "古い", "知らない"]
    assert found("type=book&sort=oldest") == ["古い", "新しい", "知らない"]


def test_normal_forms_come_last(index):
    build.title("スパゲッティの本")
    build.title("スパゲティの本")
    index()
    assert found("q=スパゲティ") == ["スパゲティの本", "スパゲッティの本"]


@pytest.mark.parametrize(
    "words",
    ["%%%", "\x00", "\ud800", "😀", "_", "\\", "ﷺ" * 100, "' OR 1=1", "T", ".*", "[", "|", "a" * 10_000, "AND OR"],
)
def test_hostile_words_are_answered(index, words):
    build.title("ふつうの本")
    index()
    for name in ("any", "title", "creator", "publisher", "isbn"):
        answer = find(Query.of(words, name))
        assert (answer.plain, answer.total in {0, 1}) == (False, True)


def test_a_search_by_the_index_asks_the_database_nothing(index, django_assert_num_queries):
    build.title("猫")
    index()
    with django_assert_num_queries(0):
        assert find(Query.of("猫")).total == 1


def test_a_process_that_is_forked_after_a_search_can_search(index):
    """The threads that count facets stay in the first process: one in the forked one would be waited for, for ever."""
    build.title("一二")
    index()
    assert found("q=一二") == ["一二"]
    searcher = sure(reader()).searcher()
    forked = multiprocessing.get_context("fork").Process(target=engine.search, args=(searcher, Query.of("一二")))
    forked.start()
    forked.join(timeout=30)
    left, ended = forked.is_alive(), forked.exitcode
    forked.kill()
    assert (left, ended) == (False, 0)
