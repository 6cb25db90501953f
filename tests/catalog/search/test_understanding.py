import pytest
from django.http import QueryDict

from catalog.japanese.romaji import sound, spellings, to_kana
from catalog.models import Title
from catalog.search.ask import find
from catalog.search.query import Query
from catalog.search.relax import letters_apart, offers
from catalog.search.understanding import other_kanji
from tests import build

pytestmark = pytest.mark.django_db


def found(answer) -> list[str]:
    return [Title.objects.get(pk=pk).title for pk in answer.ids]


def test_other_forms_of_a_name_are_found_said_and_can_be_switched_off(index):
    build.title("城の話", creator="斎藤 一")
    build.title("町の話", creator="斉藤 一")
    index()
    answer = find(Query.of("斉藤"))
    assert answer.total == 2
    assert answer.notes == ("「斉藤」は 斎藤・齋藤・齊藤 も含めて検索しました。",)
    assert answer.widened
    as_typed = find(Query.read(QueryDict(answer.query.typed_address[1:])))
    assert (found(as_typed), as_typed.notes, as_typed.plain) == (["町の話"], (), False)


def test_an_everyday_word_is_answered_without_a_sentence(index):
    build.title("日本の歴史")
    index()
    answer = find(Query.of("日本　ﾚｷｼ 歴史"[:2]))
    assert (answer.total, answer.notes, answer.widened) == (1, (), False)


@pytest.mark.parametrize("typed", ["toukyou", "tokyo", "Tōkyō", "toukyo"])
def test_romaji_finds_a_reading_and_says_so(index, typed):
    build.title("東京の地図", title_reading="トウキョウ ノ チズ")
    index()
    answer = find(Query.of(typed))
    assert found(answer) == ["東京の地図"]
    assert "ローマ字で書いたよみとしても検索しました" in answer.notes[0]


def test_romaji_stays_in_the_field_that_was_asked(index):
    build.title("夏目友人帳の本", title_reading="ナツメ ユウジンチョウ ノ ホン", creator="緑川 ゆき")
    build.title("こころ", title_reading="ココロ", creator="夏目 漱石", creator_reading="ナツメ, ソウセキ")
    index()

    def asked(address):
        return sorted(found(find(Query.read(QueryDict(address)))))

    assert asked("creator=natsume") == ["こころ"]
    assert asked("title=natsume") == ["夏目友人帳の本"]
    assert asked("q=natsume") == ["こころ", "夏目友人帳の本"]
    assert asked("title=natsume&creator=natsume") == []


def test_a_latin_word_that_finds_enough_is_left_alone(index):
    for number in range(5):
        build.title(f"Neko {number}")
    build.title("猫の本", title_reading="ネコ ノ ホン")
    index()
    assert find(Query.of("neko")).total == 5


@pytest.mark.parametrize(
    ("typed", "note"),
    [
        ("第1巻 長い話", "「第1巻」は 巻の番号としても検索しました。"),
        ("914.6", "「914.6」は 分類番号としても検索しました。"),
        ("ポール・グリーン・ジョン", "「ポール・グリーン・ジョン」は ことばの順が違うものも含めて検索しました。"),
        ("kon'ya no hanashi", "「kon'ya」は ローマ字で書いたよみとしても検索しました。"),
    ],
)
def test_whatever_else_was_asked_is_said(index, typed, note):
    build.title(
        "長い話",
        volume="上",
        volume_order=1,
        ndc="914.6",
        creator="ジョン・ポール・グリーン",
        title_reading="コンヤ ノ ハナシ",
    )
    index()
    answer = find(Query.of(typed))
    assert (found(answer), answer.notes[0], answer.widened) == (["長い話"], note, True)


def test_a_number_that_finds_enough_is_no_class(index):
    for number in range(5):
        build.title(f"914の話 {number}")
    build.title("随筆", ndc="914.6")
    index()
    assert find(Query.of("914")).total == 5


def test_a_volume_alone_is_no_number(index):
    build.title("長い話", volume="上", volume_order=1)
    index()
    assert find(Query.of("第1巻")).total == 0


@pytest.mark.parametrize(
    ("typed", "kana"),
    [
        ("Shin'ichi", ["しんいち"]),
        ("shin-ichi", ["しんいち"]),
        ("shinichi", ["しにち", "しんいち"]),
        ("Ohno", ["おの", "おんお"]),
        ("Jyunko", ["じゆんこ"]),
        ("Kon’ya", ["こんや"]),
        ("anonimasu", ["あのにます", "あのんいます", "あんおにます", "あんおんいます"]),
        ("the", []),
        ("qqq", []),
    ],
)
def test_which_kana_romaji_may_stand_for(typed, kana):
    assert spellings(typed) == kana


def test_another_spelling_of_a_word_is_said(index):
    build.title("スパゲッティの本")
    index()
    assert find(Query.of("スパゲティ")).notes == ("「スパゲティ」は スパゲッティ も含めて検索しました。",)


@pytest.mark.parametrize(
    ("word", "others"), [("國史", ["国史", "圀史"]), ("高橋", ["髙橋"]), ("東京", []), ("渡辺", ["渡邊", "渡邉"])]
)
def test_which_forms_are_worth_a_word(word, others):
    assert other_kanji(word) == others


@pytest.mark.parametrize(
    ("romaji", "kana"),
    [
        ("shinbun", "しんぶん"),
        ("simbun", "しんぶん"),
        ("matcha", "まつちや"),
        ("gakkou", "がつこう"),
        ("python", ""),
        ("the", ""),
    ],
)
def test_romaji_becomes_kana(romaji, kana):
    assert to_kana(romaji) == kana


def test_long_vowels_sound_short():
    assert sound("とうきよう") == sound("とおきよお") == sound("ときよ") == "ときよ"


def offered(words: str) -> dict[str, int]:
    return {offer.label: offer.total for offer in offers(Query.read(QueryDict(words)))}


def test_nothing_found_offers_the_rest_of_the_words_a_reading_and_no_filters(index):
    build.title("吾輩は猫である", title_reading="ワガハイ ワ ネコ デ アル")
    index()
    assert offered("q=猫 恐竜") == {"「恐竜」を除いて探す": 1}
    assert offered("q=我輩は猫") == {"よみ「わがはいはねこ」で探す": 1}
    assert offered("q=猫&type=dvd") == {"しぼりこみをすべて外す": 1}
    assert offered("creator=猫") == {"すべての項目で探す": 1}


def test_a_reading_is_offered_with_its_small_kana_and_before_a_near_word(index):
    build.title("電子書籍", title_reading="デンシ ショセキ")
    index()
    assert next(iter(offered("q=電子しょせき"))) == "よみ「でんししょせき」で探す"


@pytest.mark.parametrize("typed", ["コンピュタ", "コンヒュータ", "コンピュウタ"])
def test_a_misspelt_word_is_offered_as_the_catalogue_writes_it(index, typed):
    build.title("コンピュータ入門")
    index()
    assert offered(f"q={typed}")["もしかして「コンピュータ」"] == 1


def test_letters_apart():
    assert [letters_apart("ねこ", other) for other in ("ねこ", "ねここ", "こねこ", "いぬ", "")] == [0, 1, 1, 2, 2]


def test_the_page_without_hits_has_ways_on(client, index):
    build.title("吾輩は猫である")
    index()
    page = client.get("/search/", {"q": "猫 恐竜"}).text
    assert "「恐竜」を除いて探す" in page
    assert "https://calil.jp/search?q=%E7%8C%AB%20%E6%81%90%E7%AB%9C" in page
