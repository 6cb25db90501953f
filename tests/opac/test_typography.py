"""Language and reading comfort: saved with the account, applied on every page, without a cookie before the login."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import Page

from catalog.models import Series
from opac.look.typography import with_furigana
from patrons.account.mail import compose
from patrons.models import MailRequest
from tests import build
from tests.browser import DESKTOP_DARK, PHONE, violations

SETTINGS, LOGIN = reverse("patrons:settings"), reverse("patrons:login")
CHOICE = {"contact_method": "none", "telephone": "", "fax": "", "email": ""}


def ruby(text: str, said: str) -> str:
    return f"<ruby>{text}<rp>（</rp><rt>{said}</rt><rp>）</rp></ruby>"


RUBY = f"{ruby('銀河鉄道', 'ぎんがてつどう')}の{ruby('夜', 'よる')}"
BY = f"{ruby('宮沢', 'みやざわ')} {ruby('賢治', 'けんじ')}"


@pytest.fixture
def title(db):
    series = Series.objects.create(name="見本文庫", reading="ミホン ブンコ")
    made = build.title(
        "銀河鉄道の夜",
        title_reading="ギンガ テツドウ ノ ヨル",
        creator="宮沢 賢治; だれか",
        creator_reading="ミヤザワ, ケンジ; ダレカ",
        series=series,
    )
    build.item(made, build.library())
    return made


@pytest.fixture
def patron(db):
    return build.patron(card_number="01234567", email="hanako@example.jp")


def log_in(language: str = "") -> tuple[Client, str]:
    client = Client()
    typed = {"card_number": "01234567", "password": "abcd1234", "next": f"{language}/my/loans/"}
    return client, client.post(f"{language}{LOGIN}", typed)["Location"]


@pytest.mark.django_db
def test_what_was_chosen_is_kept_and_shown_on_every_page(client, patron):
    client.force_login(patron.user)
    client.post(SETTINGS, CHOICE | {"text_size": "largest", "wide_spacing": "on", "furigana": "on", "language": "ko"})
    patron.refresh_from_db()
    kept = (patron.text_size, patron.wide_spacing, patron.furigana, patron.language)
    assert kept == ("largest", True, True, "ko")
    for page in ("/", "/my/", "/search/", "/my/settings/"):
        assert '<html lang="ja" class="text-largest wide-spacing">' in client.get(page).content.decode()
    assert '<html lang="ja">' in Client().get("/").content.decode()
    client.post(SETTINGS, CHOICE | {"text_size": "standard"})
    assert '<html lang="ja">' in client.get("/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("bad", [{"text_size": "huge"}, {"language": "xx"}, {"language": "ja\x00"}])
def test_what_is_not_offered_is_refused_kindly(client, patron, bad):
    client.force_login(patron.user)
    answer = client.post(SETTINGS, CHOICE | {"text_size": "large", "telephone": "086-222-3333"} | bad)
    assert (answer.status_code, bool(answer.context["typography"].errors)) == (200, True)
    assert "086-222-3333" in answer.content.decode()
    patron.refresh_from_db()
    assert (patron.text_size, patron.language, patron.telephone) == ("standard", "", "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("chosen", "came_from", "goes_to"),
    [
        ("", "", "/my/loans/"),
        ("", "/en", "/en/my/loans/"),
        ("vi", "", "/vi/my/loans/"),
        ("vi", "/en", "/vi/my/loans/"),
        ("ja", "/en", "/my/loans/"),
        ("ja-easy", "", "/ja-easy/my/loans/"),
    ],
)
def test_chosen_language_is_applied_at_the_login(patron, chosen, came_from, goes_to):
    type(patron).objects.update(language=chosen)
    client, goal = log_in(came_from)
    assert goal == goes_to
    assert set(client.cookies) <= {"sessionid", "csrftoken", "device", "messages"}


@pytest.mark.django_db
def test_saving_leads_on_in_the_language_that_was_chosen(client, patron):
    client.force_login(patron.user)
    assert client.post(SETTINGS, CHOICE | {"language": "en"})["Location"] == "/en/my/settings/"


@pytest.mark.django_db
def test_mails_are_written_in_the_chosen_language(patron):
    patron.language = "en"
    patron.save()
    for kind in MailRequest.Kind.values:
        row = MailRequest.objects.create(kind=kind, patron=patron, address=patron.email, created_at=build.NOON)
        subject, body = compose(row)
        words = subject.partition("】")[2] + body
        assert not any("ぁ" <= letter <= "ヶ" for letter in words.replace("岡山市立図書館", "")), kind
    patron.language = "ko"
    assert "リンク" in compose(row.__class__(kind="reset_password", patron=patron, pk=1, created_at=build.NOON))[1]


@pytest.mark.django_db
def test_furigana_stand_over_titles_names_and_series_where_readings_are_known(client, patron, title):
    type(patron).objects.update(furigana=True)
    client.force_login(patron.user)
    build.reservation(title, patron, title.items.get().library)
    page = client.get(title.get_absolute_url()).content.decode()
    assert (RUBY in page, BY in page, "<rt>みほんぶんこ</rt>" in page) == (True, True, True)
    for address in ("/search/?q=銀河", "/my/reservations/", reverse("catalog:series", args=(title.series_id,))):
        page = client.get(address).content.decode()
        assert (address, RUBY in page, f"{BY}、だれか" in page) == (address, True, True)


@pytest.mark.django_db
def test_loans_have_them_too(client, patron, title):
    type(patron).objects.update(furigana=True)
    build.loan(title.items.get(), patron)
    client.force_login(patron.user)
    assert RUBY in client.get(reverse("loans:list")).content.decode()


@pytest.mark.django_db
def test_shelves_have_them_too(client, patron, title):
    type(patron).objects.update(furigana=True)
    client.force_login(patron.user)
    address = reverse("patrons:shelf_addition") + f"?title={title.pk}"
    assert RUBY in client.get(address).content.decode()


@pytest.mark.django_db
def test_easy_japanese_always_has_them_without_a_login_or_a_cookie(client, title):
    address = title.get_absolute_url()
    page = client.get(f"/ja-easy{address}")
    assert (RUBY in page.content.decode(), dict(client.cookies)) == (True, {})
    assert "<ruby>" not in client.get(address).content.decode()


@pytest.mark.django_db
def test_they_cost_no_query(client, patron, title):
    client.force_login(patron.user)
    address = title.get_absolute_url()
    client.get(address)
    counts = []
    for wanted in (False, True):
        type(patron).objects.update(furigana=wanted, text_size="large" if wanted else "standard")
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("text", "reading"), [("<b>山", "ヤマ"), ("山&川", "ヤマ <i>"), ("山", "<script>")])
def test_records_are_escaped(text, reading):
    said = with_furigana(text, reading)
    assert "<b>" not in said
    assert "<i>" not in said
    assert "<script>" not in said


@pytest.mark.parametrize("page", [PHONE, DESKTOP_DARK], indirect=True)
def test_largest_letters_with_furigana_fit_the_screen(page: Page, title):
    patron = build.patron(card_number="01234567", text_size="largest", wide_spacing=True, furigana=True)
    build.reservation(title, patron, title.items.get().library)
    page.goto(LOGIN)
    page.get_by_label("利用者カードの番号").fill("01234567")
    page.get_by_label("パスワード").fill("abcd1234")
    page.get_by_role("button", name="ログイン", exact=True).click()
    page.get_by_role("heading", name="My ライブラリ").first.wait_for()
    for address in ("/", "/my/", "/my/settings/", "/my/reservations/", "/search/?q=銀河", title.get_absolute_url()):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert violations(page) == [], address
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") > "21"
