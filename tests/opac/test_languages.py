"""The patrons' pages in every language: nothing missing, the address carries the language, no cookie does."""

import gettext
import re
from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from catalog.languages.days import written
from catalog.languages.words import in_reader_language
from reservations.models import State
from tests import build
from tests.opac import sources
from tests.opac.sources import JAPANESE, MARKS, catalogue, translations

OTHERS = [code for code, _ in settings.LANGUAGES if code != "ja"]
PLACES = re.compile(r"%\(\w+\)[sd]")


@pytest.fixture(scope="module")
def said() -> set[str]:
    return sources.messages()


@pytest.mark.parametrize("code", OTHERS)
def test_no_message_is_missing(code: str, said: set[str]) -> None:
    known = translations(code)
    assert sorted(message for message in said if not known.get(message)) == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_catalogue_holds_what_is_said_and_guesses_nothing(code: str, said: set[str]) -> None:
    text = catalogue(code).read_text()
    assert (translations(code).keys() - said, "#, fuzzy" in text, "#~" in text) == (set(), False, False)


@pytest.mark.parametrize("code", OTHERS)
def test_values_stand_in_every_translation(code: str) -> None:
    known = translations(code)
    wrong = [
        message for message, text in known.items() if sorted(PLACES.findall(message)) != sorted(PLACES.findall(text))
    ]
    assert wrong == []


@pytest.mark.parametrize("code", OTHERS)
def test_compiled_catalogues_are_those_of_the_sources(code: str) -> None:
    with catalogue(code).with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert {message: compiled.gettext(message) for message in translations(code)} == translations(code)


@pytest.mark.parametrize("code", ["en", "ko", "vi"])
def test_translations_have_the_marks_of_their_own_language(code: str) -> None:
    wrong = [text for text in translations(code).values() if MARKS.search(text)]
    assert wrong == []


def test_a_sentence_that_something_follows_leaves_other_languages_a_gap() -> None:
    closed = r"。(?:[\"'] %\}|\{% endblocktranslate %\})"
    follows = r"(?:<(?:a|span|strong|small)\b|\{\{|\{% (?:if|include|translate|blocktranslate|icon|day)\b)"
    joined = re.compile(closed + follows)
    kept_apart = re.compile(r"\{% blocktranslate [^%]*asvar.*?\{% endblocktranslate %\}", re.S)
    pages = sources.pages()
    wrong = {name for name, page in pages.items() if joined.search(kept_apart.sub("", page))}
    assert (wrong, len(pages) > 100) == (set(), True)


def test_a_state_is_not_called_as_the_button_is() -> None:
    said = {}
    for code in OTHERS:
        with translation.override(code):
            state = str(State.CANCELLED.label)
            said[code] = (state != translation.gettext("取消"), str(State.WAITING.label) != "予約中")
    assert said == dict.fromkeys(OTHERS, (True, True))
    assert (str(State.CANCELLED.label), in_reader_language("")) == ("取消", "")


def test_a_day_is_written_with_and_without_its_year() -> None:
    day, said = date(2026, 11, 24), {}
    for code in ("ja", *OTHERS):
        with translation.override(code):
            said[code] = (written(day), written(day, year=False))
    assert said == {
        "ja": ("2026年11月24日（火）", "11月24日（火）"),
        "ja-easy": ("2026年11月24日（火）", "11月24日（火）"),
        "en": ("Nov. 24, 2026 (Tue)", "November 24 (Tue)"),
        "zh-hans": ("2026年11月24日 (星期二)", "11月24日 (星期二)"),
        "ko": ("2026년 11월 24일 (화요일)", "11월 24일 (화요일)"),
        "vi": ("ngày 24 tháng 11 năm 2026 (thứ ba)", "ngày 24 tháng 11 (thứ ba)"),
    }


def test_a_day_stands_within_a_vietnamese_sentence() -> None:
    with translation.override("vi"):
        assert written(date(2026, 11, 23)) == "ngày 23 tháng 11 năm 2026 (thứ hai)"


@pytest.mark.django_db
@pytest.mark.parametrize("code", OTHERS)
def test_pages_of_a_language_say_nothing_in_japanese_but_names_of_languages(code: str) -> None:
    with translation.override(code):
        addresses = [
            reverse(name) for name in ("opac:start", "catalog:advanced", "patrons:login", "reservations:basket")
        ]
    client = Client()
    for address in addresses:
        assert address.startswith(f"/{code}/")
        html = client.get(address).content.decode()
        assert f'<html lang="{ {"ja-easy": "ja", "zh-hans": "zh-Hans"}.get(code, code) }">' in html
        if code in {"en", "ko", "vi"}:
            visible = re.sub(r"<title>.*?</title>|<nav class=\"languages.*?</nav>|<[^>]*>", " ", html, flags=re.S)
            left = {word for word in re.findall(r"\S*[ぁ-んァ-ヶ]\S*", visible) if "岡山" not in word}
            assert left == set(), address


@pytest.mark.django_db
def test_language_is_in_the_address_and_sets_no_cookie() -> None:
    client = Client(headers={"accept-language": "en"})
    assert '<html lang="ja">' in client.get("/").content.decode()
    answer = client.get("/en/")
    assert '<html lang="en">' in answer.content.decode()
    assert (dict(client.cookies), "Log in" in answer.content.decode()) == ({}, True)


@pytest.mark.django_db
def test_switch_leads_to_the_same_page_and_query() -> None:
    build.title("銀河鉄道の夜")
    html = Client().get("/search/", {"q": "銀河"}).content.decode()
    links = re.findall(r'<a href="([^"]*)" lang="([^"]*)" hreflang', html)
    assert {tag: href for href, tag in links}["ko"] == "/ko/search/?q=%E9%8A%80%E6%B2%B3"
    assert [tag for _, tag in links] == ["ja", "ja", "en", "zh-Hans", "ko", "vi"]


@pytest.mark.django_db
def test_words_in_another_language_than_the_page_say_so() -> None:
    own, other = build.title("銀河鉄道の夜", creator="宮沢賢治"), build.title("Momo", language="eng")
    japanese, english = (Client().get(f"{prefix}/").content.decode() for prefix in ("", "/en"))
    assert '<span lang="ja">銀河鉄道の夜</span>' in english
    assert '<span lang="ja">宮沢賢治</span>' in english
    assert '<span lang="en">Momo</span>' in japanese
    assert '<span lang="ja">' not in japanese
    page = Client().get(f"/en/titles/{own.pk}/").content.decode()
    assert (page.count('<span lang="ja">銀河鉄道の夜</span>') >= 3, '<span lang="en">' in page) == (True, False)
    assert '<span lang="en">Momo</span>' not in Client().get(f"/en/titles/{other.pk}/").content.decode()


@pytest.mark.django_db
def test_a_way_through_the_pages_stays_in_the_language() -> None:
    patron = build.patron()
    client = Client()
    login = client.get("/en/my/")["Location"]
    assert login.startswith("/en/login/")
    answer = client.post(login, {"card_number": patron.card_number, "password": "abcd1234"})
    assert answer["Location"].startswith("/en/my/")


def test_every_translation_differs_from_the_japanese_where_it_should() -> None:
    same = {
        message
        for message, text in translations("en").items()
        if JAPANESE.search(text) and "例" not in message and "Example" not in text
    }
    assert same <= {"月火水木金土日", "ことば / Language", "書名や件名などに含まれることば。例：岡山 歴史"}
