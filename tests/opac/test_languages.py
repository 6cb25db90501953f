"""The patrons' pages in every language: nothing missing, the address carries the language, no cookie does."""

import gettext
import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import to_locale

from catalog.languages.days import written
from catalog.languages.words import state_in_words
from opac import catalogues
from opac.look.languages import is_page
from opac.marking import JAPANESE, MARKS, mark
from tests import build

OTHERS = [code for code, _ in settings.LANGUAGES if code != "ja"]
PLACES = re.compile(r"%\(\w+\)[sd]")


def catalogue(code: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / to_locale(code) / "LC_MESSAGES" / "django.po"


@pytest.fixture(scope="module")
def said() -> set[str]:
    return catalogues.messages_of_templates() | catalogues.messages_of_code()


@pytest.mark.parametrize("code", OTHERS)
def test_no_message_is_missing(code: str, said: set[str]) -> None:
    known = catalogues.read(catalogue(code))
    assert sorted(message for message in said if not known.get(message)) == []


@pytest.mark.parametrize("code", OTHERS)
def test_values_stand_in_every_translation(code: str) -> None:
    known = catalogues.read(catalogue(code))
    wrong = [
        message for message, text in known.items() if sorted(PLACES.findall(message)) != sorted(PLACES.findall(text))
    ]
    assert wrong == []


@pytest.mark.parametrize("code", OTHERS)
def test_compiled_catalogues_are_those_of_the_sources(code: str) -> None:
    with catalogue(code).with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert {message: compiled.gettext(message) for message in catalogues.read(catalogue(code))} == catalogues.read(
        catalogue(code)
    )


@pytest.mark.parametrize(
    ("source", "marked"),
    [
        ("<h1>予約かご</h1>", '<h1>{% translate "予約かご" %}</h1>'),
        ("<p>{{ total }}件</p>", "<p>{% blocktranslate trimmed %}{{ total }}件{% endblocktranslate %}</p>"),
        (
            "<p>{{ a.n }}件と{{ b.n }}件</p>",
            "<p>{% blocktranslate with n=a.n n2=b.n trimmed %}{{ n }}件と{{ n2 }}件{% endblocktranslate %}</p>",
        ),
        ('<a title="戻る" href="/">x</a>', '<a title="{% translate "戻る" %}" href="/">x</a>'),
        ('{% include "a.html" with label="予約" %}', '{% include "a.html" with label=_("予約") %}'),
        ("{# 覚え書き #}<p>ok</p>", "{# 覚え書き #}<p>ok</p>"),
        (
            '<a title="{{ n }} ページ" href="{% url "x" %}">x</a>',
            '<a title="{% blocktranslate trimmed %}{{ n }} ページ{% endblocktranslate %}" href="{% url "x" %}">x</a>',
        ),
        ("<b>：{{ name }}</b>", "<b>{% blocktranslate trimmed %}：{{ name }}{% endblocktranslate %}</b>"),
        ("<b>{{ a }}</b>　{{ b }}", '<b>{{ a }}</b>{% translate "　" %}{{ b }}'),
        ("<b>{{ a.n }}</b>", "<b>{{ a.n }}</b>"),
        ('<p>{{ names|join:"、" }}</p>', '<p>{{ names|join:_("、") }}</p>'),
        (
            '<p>{{ names|join:"、" }}では</p>',
            '<p>{% blocktranslate with names=names|join:_("、") trimmed %}{{ names }}では{% endblocktranslate %}</p>',
        ),
        ('{% include "a.html" with by=who|join:"、" %}', '{% include "a.html" with by=who|join:_("、") %}'),
        ('<p>“引用”と "符"</p>', "<p>{% translate '“引用”と \"符\"' %}</p>"),
        (
            "{% blocktranslate %}自分で{% endblocktranslate %}",
            "{% blocktranslate %}自分で{% endblocktranslate %}",
        ),
    ],
)
def test_japanese_is_marked(source: str, marked: str) -> None:
    assert mark(source).removeprefix("{% load i18n %}") == marked


@pytest.mark.parametrize("code", ["en", "ko", "vi"])
def test_translations_have_the_marks_of_their_own_language(code: str) -> None:
    wrong = [text for text in catalogues.read(catalogue(code)).values() if MARKS.search(text)]
    assert wrong == []


def test_a_sentence_that_something_follows_leaves_other_languages_a_gap() -> None:
    closed = r"。(?:[\"'] %\}|\{% endblocktranslate %\})"
    follows = r"(?:<(?:a|span|strong|small)\b|\{\{|\{% (?:if|include|translate|blocktranslate|icon|day)\b)"
    joined = re.compile(closed + follows)
    kept_apart = re.compile(r"\{% blocktranslate [^%]*asvar.*?\{% endblocktranslate %\}", re.S)
    folder = settings.BASE_DIR / "templates"
    pages = {path.relative_to(folder).as_posix(): mark(path.read_text()) for path in folder.rglob("*.html")}
    wrong = {name for name, page in pages.items() if is_page(name) and joined.search(kept_apart.sub("", page))}
    assert (wrong, len(pages) > 100) == (set(), True)


def test_a_state_is_not_called_as_the_button_is() -> None:
    said = {}
    for code in OTHERS:
        with translation.override(code):
            said[code] = (state_in_words("取消") != translation.gettext("取消"), state_in_words("予約中") != "予約中")
    assert said == dict.fromkeys(OTHERS, (True, True))
    assert (state_in_words("取消"), state_in_words("")) == ("取消", "")


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
    answer = client.get("/en/my/")
    assert answer.url.startswith("/en/login/")
    answer = client.post(answer.url, {"card_number": patron.card_number, "password": "abcd1234"})
    assert answer.url.startswith("/en/my/")


def test_every_translation_differs_from_the_japanese_where_it_should() -> None:
    same = {
        message
        for message, text in catalogues.read(catalogue("en")).items()
        if JAPANESE.search(text) and "例" not in message and "Example" not in text
    }
    assert same <= {"月火水木金土日", "ことば / Language", "書名や件名などに含まれることば。例：岡山 歴史"}
