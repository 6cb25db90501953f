"""「利用者情報設定」: what a patron changes, and the mail address that counts once confirmed (SPEC M7, P4)."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog import terminals
from catalog.models import Terminal
from patrons.account.links import link_for
from patrons.account.mail import compose
from patrons.forms.settings import masked
from patrons.models import MailRequest
from tests import build
from tests.sure import sure

pytestmark = pytest.mark.django_db

PAGE = reverse("patrons:settings")
KEPT = {"email": "", "telephone": "", "fax": "", "pickup_library": "", "contact_method": "none"}


@pytest.fixture
def patron(client):
    made = build.patron("岡山 花子", telephone="086-111-2222")
    client.force_login(made.user)
    return made


def errors(page) -> dict[str, list[str]]:
    return dict(page.context["form"].errors.items())


def path_of(mail: MailRequest) -> str:
    """Return the path of the link that the mail carries."""
    return sure(re.search(r"http://localhost:8000(/\S+)", compose(mail)[1]))[1]


def test_telephone_library_and_method_are_kept(client, patron):
    library = build.library("幸町図書館")
    given = {"telephone": "（０８６）１２３−４５６７", "fax": "086 123 4568", "pickup_library": library.pk}
    assert client.post(PAGE, KEPT | given)["Location"] == PAGE
    patron.refresh_from_db()
    kept = (patron.telephone, patron.fax, patron.pickup_library, patron.contact_method)
    assert kept == ("086-123-4567", "0861234568", library, "none")
    assert MailRequest.objects.count() == 0


def test_card_name_and_birthday_are_shown_and_not_changed(client, patron):
    page = client.get(PAGE).content.decode()
    assert all(words in page for words in (patron.card_number, "岡山 花子", "1980年4月5日（土）"))
    client.post(PAGE, KEPT | {"name": "別の 名前", "card_number": "1", "birth_date": "2000-01-01"})
    before = (patron.name, patron.card_number, patron.birth_date)
    patron.refresh_from_db()
    assert (patron.name, patron.card_number, patron.birth_date) == before


def test_address_counts_once_its_link_was_followed_and_the_old_one_is_told(client, patron):
    type(patron).objects.update(email="old@example.jp")
    client.post(PAGE, KEPT | {"email": "hanako@example.jp", "contact_method": "email"})
    patron.refresh_from_db()
    assert patron.email == "old@example.jp"
    mail = MailRequest.objects.get()
    assert (mail.kind, mail.address, mail.patron) == ("confirm_address", "hanako@example.jp", patron)
    link = path_of(mail)
    client.get(link)
    patron.refresh_from_db()
    assert patron.email == "old@example.jp"
    assert client.post(link).status_code == 200
    patron.refresh_from_db()
    assert patron.email == "hanako@example.jp"
    told = MailRequest.objects.exclude(pk=mail.pk).get()
    assert (told.kind, told.address) == ("address_changed", "old@example.jp")
    assert "hanako" not in compose(told)[1]
    assert client.post(link).status_code == 410


def test_link_ends_after_a_day_after_a_newer_one_and_when_tampered_with(client, patron):
    client.post(PAGE, KEPT | {"email": "first@example.jp"})
    first = MailRequest.objects.get()
    client.post(PAGE, KEPT | {"email": "second@example.jp"})
    second = sure(MailRequest.objects.last())
    assert client.post(path_of(first)).status_code == 410
    assert client.post(path_of(second)[:-2] + "x/").status_code == 410
    MailRequest.objects.filter(pk=second.pk).update(created_at=timezone.now() - timedelta(hours=25))
    assert client.get(path_of(second)).status_code == 410
    patron.refresh_from_db()
    assert patron.email == ""


def test_link_stands_on_the_configured_site_whatever_the_host_header_says(client, patron, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.post(PAGE, KEPT | {"email": "hanako@example.jp"}, headers={"host": "evil.example"})
    link = link_for(MailRequest.objects.get())
    assert link.startswith(settings.SITE_URL)


def test_address_is_removed_and_told(client, patron):
    type(patron).objects.update(email="old@example.jp")
    client.post(PAGE, KEPT)
    patron.refresh_from_db()
    assert patron.email == ""
    assert [(mail.kind, mail.address) for mail in MailRequest.objects.all()] == [("address_changed", "old@example.jp")]


@pytest.mark.parametrize(
    "address",
    [
        "hanako",
        "a@b@example.jp",
        "hanako@example.jp\r\nBcc: evil@example.jp",
        "hanako@example.jp\nevil@example.jp",
        "花子@example.jp",
        '"a b@example.jp',
        "x" * 250 + "@example.jp",
    ],
)
def test_bad_address_is_refused_and_stays_in_the_field(client, patron, address):
    page = client.post(PAGE, KEPT | {"email": address})
    assert list(errors(page)) == ["email"]
    assert page.context["form"]["email"].value() == address
    assert MailRequest.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ", "hanako@example.jp"),
        ("hanako@図書館.jp", "hanako@図書館.jp"),
        ('"hana.ko"@example.jp', '"hana.ko"@example.jp'),
        ("hanako+lib@example.jp", "hanako+lib@example.jp"),
    ],
)
def test_unusual_address_is_taken(client, patron, typed, kept):
    client.post(PAGE, KEPT | {"email": typed})
    assert MailRequest.objects.get().address == kept


def test_method_without_address_or_number_is_refused_with_the_way_to_register_it(client, patron):
    page = client.post(PAGE, KEPT | {"contact_method": "email", "fax": "123"})
    assert errors(page) == {
        "fax": ["市外局番から入力してください。例：086-123-4567"],
        "contact_method": ["「eメール」を選ぶには、上の「メールアドレス」を入力してください。"],
    }


def test_the_web_offers_mail_and_none_and_keeps_what_was_set_in_the_library(client, patron):
    labels = [label for _, label in client.get(PAGE).context["form"].fields["contact_method"].choices]
    assert labels == ["eメール", "不要"]
    type(patron).objects.update(contact_method="telephone")
    labels = [label for _, label in client.get(PAGE).context["form"].fields["contact_method"].choices]
    assert labels == ["eメール", "不要", "電話"]


def test_nobody_is_flooded_with_confirmation_mails(client, patron):
    for number in range(7):
        page = client.post(PAGE, KEPT | {"email": f"victim{number}@example.jp"})
    assert list(errors(page)) == ["email"]
    assert MailRequest.objects.count() == 5


def test_address_that_mail_did_not_reach_is_confirmed_anew_when_it_is_saved_again(client, patron):
    type(patron).objects.update(email="hanako@example.jp", email_failing_since=build.NOON)
    for _ in range(7):
        assert client.post(PAGE, KEPT | {"email": "hanako@example.jp"}).status_code == 302
    assert set(MailRequest.objects.values_list("kind", "address")) == {("confirm_address", "hanako@example.jp")}
    assert MailRequest.objects.count() == 5


def test_stranger_sees_no_settings(client):
    assert client.get(PAGE)["Location"] == f"/login/?next={PAGE}"
    assert client.post(PAGE, KEPT)["Location"] == f"/login/?next={PAGE}"


def test_shared_screen_shows_no_address_number_or_birthday(client, patron):
    type(patron).objects.update(email="hanako@example.jp", fax="086-222-3333")
    terminal = Terminal.objects.create(library=build.library(), name="検索機", kind=Terminal.Kind.KEYBOARD)
    client.post(reverse("opac:enrol"), {"code": terminals.issue_code(terminal, now=timezone.now())})
    client.force_login(patron.user)
    page = client.get(PAGE).content.decode()
    assert "h•••@example.jp" in page
    assert "•••-•••-3333" in page
    secrets = ("hanako@", "086-111-2222", "086-222-3333", "1980年", patron.card_number)
    assert [secret for secret in secrets if secret in page] == []
    client.post(PAGE, KEPT | {"telephone": "086-999-8888", "contact_method": "missed_call"})
    patron.refresh_from_db()
    kept = (patron.email, patron.telephone, patron.fax, patron.contact_method)
    assert kept == ("hanako@example.jp", "086-999-8888", "086-222-3333", "missed_call")


@pytest.mark.parametrize(
    ("value", "shown"),
    [("", ""), ("hanako@example.jp", "h•••@example.jp"), ("0861112222", "••••••2222"), ("110", "110")],
)
def test_masking(value, shown):
    assert masked(value) == shown
