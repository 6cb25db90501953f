"""What readers type and what must come: the cases that decide whether search is good.

A case is the words, and the title that must be among the first three, or first (``!``), or absent (``-``) from what
is found, which must be something. The real files cannot be part of the project; their cases run where they are present,
and ``test_which_real_files_are_searched`` says on the terminal when they are not.
"""

import warnings
from collections.abc import Callable, Iterable

import pytest
from django.conf import settings
from django.db import transaction
from django.http import QueryDict

from catalog.models import MaterialType, Title
from catalog.search.ask import find
from catalog.search.index import indexer
from catalog.search.query import Query
from tests import build
from tests.catalog.search import corpus, spellings

pytestmark = pytest.mark.django_db
FIRST_FEW = 3

CASES = [
    ("京都", "!京都"),
    ("京都", "京都の寺"),
    ("京都 歴史", "東京都の歴史"),
    ("山県", "岡山県史"),
    ("れきし", "東京都の歴史"),
    ("としょかん", "図書館の仕事"),
    ("わがはいはねこである", "!吾輩は猫である"),
    ("わがはいわねこ", "吾輩は猫である"),
    ("ワガハイハネコデアル", "!吾輩は猫である"),
    ("東京都", "-京都の寺"),
    ("ｺﾝﾋﾟｭｰﾀ", "コンピューター入門"),
    ("コンピューター", "コンピュータの歴史"),
    ("こんぴゅーた", "コンピューター入門"),
    ("バイオリン", "ヴァイオリンの本"),
    ("ばいおりん", "ヴァイオリンの本"),
    ("国史", "國史大系"),
    ("國史", "國史大系"),
    ("斉藤", "城下町"),
    ("齋藤", "門前町"),
    ("斎藤", "港町"),
    ("佐々木", "山の町"),
    ("佐佐木", "川の町"),
    ("ＰＹＴＨＯＮ", "Python入門"),
    ("ぱいそん", "Python入門"),
    ("世界大戦 III", "世界大戦 Ⅲ"),
    ("城", "!城"),
    ("城", "茨城の城"),
    ("4-00-000010-1", "!見本の本"),
    ("978-4-00-000010-9", "!見本の本"),
    ("長い話", "!長い話 上"),
    ("夏目漱石", "こころ"),
    ("夏目 漱石", "こころ"),
    ("なつめそうせき", "吾輩は猫である"),
    ("natsume", "こころ"),
    ("こころ", "!こころ"),
    ("心", "心の旅"),
    ("スパゲティ", "スパゲッティの作り方"),
    ("関が原", "関ヶ原の合戦"),
    ("関ケ原", "関ヶ原の合戦"),
    ("せきがはら", "関ヶ原の合戦"),
    ("ハリネズミポー", "ハリネズミ・ポーの冒険"),
    ("1000", "わかりやすい1,000の問題"),
    ("toshokan", "図書館の仕事"),
    ("kyōto", "京都"),
]

REAL_CASES = [
    # 青空文庫: titles, names, old forms, readings that the list does not hold
    ("羅生門", "!羅生門"),
    ("らしょうもん", "羅生門"),
    ("芥川龍之介 鼻", "鼻"),
    ("芥川竜之介 鼻", "鼻"),
    ("銀河鉄道の夜", "!銀河鉄道の夜"),
    ("ぎんがてつどうのよる", "!銀河鉄道の夜"),
    ("銀河鉄道", "銀河鉄道の夜"),
    ("宮澤賢治 注文", "注文の多い料理店"),
    ("注文の多い料理店", "!注文の多い料理店"),
    ("宮沢賢治 よだか", "よだかの星"),
    ("走れメロス", "!走れメロス"),
    ("はしれめろす", "走れメロス"),
    ("人間失格", "!人間失格"),
    ("にんげんしっかく", "人間失格"),
    ("斜陽", "!斜陽"),
    ("太宰治 津軽", "津軽"),
    ("つがる", "津軽"),
    ("太宰治", "-坊っちゃん"),
    ("坊っちゃん", "!坊っちゃん"),
    ("三四郎", "!三四郎"),
    ("夢十夜", "!夢十夜"),
    ("草枕", "!草枕"),
    ("硝子戸の中", "!硝子戸の中"),
    ("山月記", "!山月記"),
    ("さんげつき", "山月記"),
    ("蟹工船", "!蟹工船"),
    ("高瀬舟", "!高瀬舟"),
    ("舞姫", "!舞姫"),
    ("森鷗外 舞姫", "舞姫"),
    ("森鴎外 舞姫", "舞姫"),
    ("たけくらべ", "!たけくらべ"),
    ("樋口一葉 にごりえ", "にごりえ"),
    ("与謝野晶子 みだれ髪", "みだれ髪"),
    ("與謝野晶子 みだれ髪", "みだれ髪"),
    ("ドグラマグラ", "ドグラ・マグラ"),
    ("ドグラ・マグラ", "!ドグラ・マグラ"),
    ("怪人二十面相", "!怪人二十面相"),
    ("江戸川亂歩 怪人", "怪人二十面相"),
    ("銭形平次捕物控", "銭形平次捕物控"),
    ("錢形平次", "銭形平次捕物控"),
    ("大菩薩峠", "大菩薩峠"),
    ("遠野物語", "!遠野物語"),
    ("古寺巡礼", "古寺巡礼"),
    ("武士道", "武士道の山"),
    ("学問のすすめ", "学問のすすめ"),
    ("風立ちぬ", "!風立ちぬ"),
    ("檸檬", "!檸檬"),
    ("桜の樹の下には", "!桜の樹の下には"),
    ("櫻の樹の下には", "!桜の樹の下には"),
    ("堕落論", "!堕落論"),
    ("墮落論", "堕落論"),
    ("手袋を買いに", "!手袋を買いに"),
    ("ごん狐", "!ごん狐"),
    ("新美南吉 ごん", "ごん狐"),
    ("赤いろうそくと人魚", "-ごん狐"),
    # JAPAN/MARC: readings as libraries write them
    ("これからのほんのはなしをしよう", "!これからの本の話をしよう"),
    ("デンシショセキハホンノユメヲミルカ", "電子書籍は本の夢を見るか"),
    ("でんししょせきはほんのゆめをみるか", "電子書籍は本の夢を見るか"),
    ("電子書籍は本の夢を見るか", "!電子書籍は本の夢を見るか"),
    ("ほんわこれから", "本は、これから"),
    ("本はこれから", "本は、これから"),
    ("植村八潮", "電子図書館・電子書籍貸出サービス調査報告 2018"),
    ("うえむらやしお", "電子図書館・電子書籍貸出サービス調査報告 2018"),
    ("978-4-7949-7075-6", "!これからの本の話をしよう"),
    ("4-7949-7075-7", "!これからの本の話をしよう"),
    ("9784794970756", "!これからの本の話をしよう"),
    ("どっきょろうじん", "独居老人スタイル"),
    ("ごひゃくえん 電子書籍", "500円でわかる電子書籍"),
    ("epub戦記", "EPUB戦記"),
    ("いーぱぶせんき", "EPUB戦記"),
    ("よーくわかる本", "電子書籍Kindle/iPad/GoogleEditionsの可能性と課題がよ～くわかる本"),
    ("自炊のすすめ", "〈自炊〉のすすめ"),
    ("ネッター解剖学", "ネッター解剖学アトラス"),
    ("한국 목록", "韓國目録規則"),
    ("韓国目録", "韓國目録規則"),
    # MADB: unbroken katakana
    ("やんぐじゃんぷ", "!ヤングジャンプ"),
    ("ヤング・ジャンプ", "!ヤングジャンプ"),
    ("YANGUJANPU", "ヤングジャンプ"),
]


@pytest.fixture(scope="module")
def index_of(django_db_setup, django_db_blocker, tmp_path_factory):
    """Return a function that indexes records for the whole module; the rows are rolled back, the index stays."""
    before = settings.SEARCH_INDEX

    def build_index(records: Iterable[dict]) -> Callable[[str], list[str]]:
        folder = tmp_path_factory.mktemp("quality")
        with django_db_blocker.unblock(), transaction.atomic():
            titles = _write(records)
            settings.SEARCH_INDEX = folder
            with indexer.only_indexer():
                indexer.rebuild()
            transaction.set_rollback(True)

        def search(words: str) -> list[str]:
            settings.SEARCH_INDEX = folder
            return [titles[pk] for pk in ask(words)]

        return search

    yield build_index
    settings.SEARCH_INDEX = before


def _write(records: Iterable[dict]) -> dict[int, str]:
    kinds = {kind.code: kind for kind in MaterialType.objects.all()}
    titles = [
        Title(material_type=kinds[fields.pop("kind", "book")], added_on=build.TODAY, **fields) for fields in records
    ]
    return {title.pk: str(title) for title in Title.objects.bulk_create(titles, batch_size=2000)}


@pytest.fixture(scope="module")
def written_here(index_of):
    return index_of(corpus.written_here())


@pytest.fixture(scope="module")
def real(index_of):
    return index_of(corpus.real())


def ask(words: str) -> tuple[int, ...]:
    answer = find(Query.of(words))
    assert not answer.plain
    return answer.ids


def check(found: list[str], wanted: str) -> None:
    name = wanted.lstrip("!-")
    match wanted[0]:
        case "!":
            assert found[:1] == [name]
        case "-":
            assert found
            assert name not in found
        case _:
            assert name in found[:FIRST_FEW]


@pytest.mark.parametrize(("words", "wanted"), CASES + spellings.WRITTEN_HERE)
def test_a_reader_finds(written_here, words, wanted):
    check(written_here(words), wanted)


@pytest.mark.parametrize(("words", "wanted"), REAL_CASES + spellings.REAL)
def test_a_reader_finds_among_real_records(request, words, wanted):
    if corpus.PRESENT:
        check(request.getfixturevalue("real")(words), wanted)


def test_which_real_files_are_searched():
    assert len(REAL_CASES + spellings.REAL) >= 120
    if not corpus.PRESENT:
        missing = ", ".join(path.name for path in corpus.NEEDED if not path.exists())
        warnings.warn(f"Searched without the real files: {missing}", stacklevel=1)


def test_volumes_stand_in_order(written_here):
    assert written_here("長い話") == ["長い話 上", "長い話 中", "長い話 下"]


def test_a_whole_word_stands_before_a_part_of_one(written_here):
    found = written_here("京都")
    assert found.index("京都の寺") < found.index("東京都の歴史")


def test_the_novel_stands_before_the_compounds(written_here):
    found = written_here("こころ")
    assert found.index("こころ") < min(place for place, name in enumerate(found) if "心" in name)


@pytest.mark.parametrize(
    "same", [("ｺﾝﾋﾟｭｰﾀ", "コンピューター", "こんぴゅーた"), ("斉藤", "齋藤", "斎藤"), ("国史", "國史")]
)
def test_spellings_find_the_same_records(written_here, same):
    found = {frozenset(written_here(words)) for words in same}
    assert len(found) == 1
    assert found != {frozenset()}


def test_a_query_string_is_asked_like_words(written_here):
    assert find(Query.read(QueryDict("title=こころ"))).total >= 1
