"""Every page in English says nothing in Japanese but names and titles: no sentence escapes the catalogues.

What ``test_languages`` reads in the sources, this file reads where the patron does: on every page, on every face, and
in the answers to what patrons send.
"""

import ast
import html
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from catalog.models import Library, Policy
from notifications import unsubscribe
from opac.catalogues import built_sentences, files_of_code
from opac.faces.face import TOUCH
from opac.marking import JAPANESE, MARKS
from patrons.account.links import link_for
from patrons.models import MailRequest
from reservations import limits
from reservations.holds import EXPIRED
from reservations.models import State
from reservations.views.my_page import note_of
from reservations.wait import in_words
from tests import build
from tests.test_every_page import ASKED, FACES, World, addresses

# Words of rows in the World of the walk: a library's own names and titles stay as they are.
DATA = {"銀河鉄道の夜", "宮沢賢治", "ギンガ テツドウ ノ ヨル", "羅生門", "見本シリーズ", "銀河", "猫", "日本文学"}
DATA |= {"やさしい日本語", "日本語", "简体中文", "わたしの電話", "坊っちゃん", "冬に読む本", "年末まで"}
DATA |= {"岡山 歴史", "内田百閒"}  # examples of what may be typed
SPOKEN = re.compile(r"\b(?:alt|aria-label|title|placeholder|value|content|data-[a-z-]+)=\"([^\"]*)\"")
APART = re.compile(
    r"<nav class=\"languages.*?</nav>|<script.*?</script>|<link[^>]*>|<(\w+)[^>]* lang=\"ja\".*?</\1>",
    re.S,
)
# Pages of staff, and what is not a page of words.
STAFF_ONLY = {"opac:enrol", "opac:gallery", "opac:mailbox"}
# Japanese that is written by code only on Japanese pages or at the counter.
ONLY_JAPANESE = {
    ("opac/templatetags/portal.py", "ja_time"),
    ("loans/limits.py", "japanese_day"),
    ("loans/limits.py", "loan_limit_reached"),
}


def japanese_left(source: str, names: set[str]) -> list[str]:
    """Return the runs of words with Japanese or its marks in a page, names of rows apart."""
    whole = APART.sub(" ", source)
    spoken = [*SPOKEN.findall(whole), re.sub(r"<[^>]*>", "\n", whole)]
    text = html.unescape("\n".join(spoken))
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    return sorted({line.strip() for line in text.splitlines() if JAPANESE.search(line) or MARKS.search(line)})


def names_of(world: World) -> set[str]:
    libraries = Library.objects.values_list("name", "short_name", "address")
    people = {world.patron.name, world.users["newcomer"].patron.name}
    return DATA | people | {word for row in libraries for word in row if word} | {Policy.current().organisation_name}


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["visitor", "patron", "newcomer"])
@pytest.mark.parametrize("face", FACES)
def test_every_page_says_nothing_in_japanese_but_names(face: str, role: str) -> None:
    world = World()
    client = world.client(face, role)
    with translation.override("en"):
        pages = {name: address for name, address in addresses(world).items() if address.startswith("/en/")}
    wrong = {}
    for name in pages.keys() - STAFF_ONLY:
        answer = client.get(pages[name] + ASKED.get(name, ""))
        page = answer.content.decode() if answer.get("Content-Type", "").startswith("text/html") else ""
        if found := japanese_left(page, names_of(world)):
            wrong[name] = found
    assert (wrong, len(pages) > 20) == ({}, True)


def test_no_sentence_that_patrons_read_is_built_outside_the_catalogues() -> None:
    built = {
        (file.relative_to(settings.BASE_DIR).as_posix(), function): sentence
        for file in files_of_code()
        for function, sentence in built_sentences(ast.parse(file.read_text()))
    }
    assert {place: sentence for place, sentence in built.items() if place not in ONLY_JAPANESE} == {}


SENT = (
    ("patrons:login", {}, {"card_number": "", "password": ""}),
    ("patrons:login", {}, {"card_number": "abc", "password": "wrong"}),
    ("patrons:password", {}, {"current": "wrong", "password": "!", "again": "?"}),
    ("patrons:settings", {}, {"email": "nowhere", "telephone": "12", "fax": "x", "contact_method": "fax"}),
    ("patrons:settings", {}, {"email": "new@example.jp", "telephone": "", "fax": "", "contact_method": "none"}),
    ("patrons:sessions", {}, {}),
    ("patrons:forgotten", {}, {"card_number": "x"}),
    ("notifications:new_alert", {}, {}),
    ("notifications:reminders", {}, {"overdue": "on"}),
    ("reservations:detail", {"pk"}, {}),
    ("reservations:pause", {"pk"}, {"sleeps_until": "2000-01-01"}),
    ("reservations:pause", {"pk"}, {"sleeps_until": "TOMORROW"}),
    ("reservations:cancellation", {"pk"}, {}),
    ("reservations:cancelled", {}, None),
    ("reservations:take_back", {"pk"}, {}),
    ("reservations:take_back", {"pk"}, {}),
    ("reservations:basket_entries", {}, {"title": "TITLE"}),
    ("reservations:reserve", {}, {"titles": "TITLE"}),
    ("loans:extension", {"loan"}, {}),
    ("loans:extension", {"loan"}, {}),
)


@pytest.mark.django_db
def test_answers_to_what_is_sent_are_in_english_too() -> None:
    world = World()
    client = world.client("web", "patron")
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    words = {"TITLE": str(world.title.pk), "TOMORROW": tomorrow}
    keys = {"pk": {"pk": world.reservation.pk}, "loan": {"pk": world.loan.pk}}
    wrong = {}
    for number, (name, parts, sent) in enumerate(SENT):
        with translation.override("en"):
            address = reverse(name, kwargs=keys[next(iter(parts))] if parts else None)
        given = {field: words.get(value, value) for field, value in (sent or {}).items()}
        answer = client.get(address, follow=True) if sent is None else client.post(address, given, follow=True)
        assert answer.status_code in {200, 422, 409}, name
        if found := japanese_left(answer.content.decode(), names_of(world)):
            wrong[number, name] = found
    assert wrong == {}


@pytest.mark.django_db
def test_pages_behind_the_links_of_mails_are_in_english_too() -> None:
    world, client = World(), Client()
    kinds = (MailRequest.Kind.RESET_PASSWORD, MailRequest.Kind.CONFIRM_ADDRESS)
    with translation.override("en"):
        links = [unsubscribe.link(world.patron, kind) for kind in unsubscribe.KINDS]
        for kind in kinds:
            about = {"patron": world.patron, "address": "new@example.jp", "created_at": timezone.now()}
            links.append(link_for(MailRequest.objects.create(kind=kind, **about)))
    wrong, new = {}, {"password": "NewPass9", "again": "NewPass9"}
    for address in (urlsplit(link).path for link in links):
        answers = (client.get(address), client.post(address, new, follow=True))
        assert [answer.status_code for answer in answers] == [200, 200]
        if found := [words for answer in answers for words in japanese_left(answer.content.decode(), names_of(world))]:
            wrong[address] = found
    assert wrong == {}


@pytest.mark.django_db
def test_what_the_database_says_of_ended_reservations_is_in_english_and_the_staffs_words_say_their_language() -> None:
    world = World()
    ended = {"closed_by": "library", "closed_at": timezone.now()}
    for words, state in ((EXPIRED, State.EXPIRED), ("お申し出", State.CANCELLED)):
        title = build.title("銀河鉄道の夜")
        build.reservation(title, world.patron, world.library, state=state, close_reason=words, **ended)
    page = world.client("web", "patron").get("/en/my/reservations/cancelled/").content.decode()
    assert japanese_left(page, names_of(world)) == []
    said = ["Ended by the library", "Cancelled by the library", "</svg>Cancelled", '<span lang="ja">お申し出</span>']
    assert [words for words in said if words not in page] == []


@pytest.mark.django_db
def test_refusals_and_notes_are_said_in_the_language_of_the_page() -> None:
    library = build.library("Central", name="Central Library")
    patron = build.patron("Hanako", telephone="")
    title = build.title("Rashomon", code="cd")
    group = title.material_type.limit_group
    title.material_type.reservable = True
    counted = limits.Standing(
        reserved={title.pk},
        on_loan={title.pk: build.TODAY},
        counted={group.pk: group.reservation_limit},
        frees_on={group.pk: build.TODAY},
    )
    held: Any = build.reservation(title, patron, library, state=State.WAITING)
    held.place, held.gated = 3, False
    with translation.override("en"):
        said = [str(one) for one in limits.general_refusals(title, counted, limits.Copies(1, 1))]
        said += [str(one) for method in ("email", "fax", "x") for one in limits.contact_refusals(patron, method, TOUCH)]
        said += [str(limits.held_refusal(library)), note_of(held, build.TODAY), in_words((1, 3)), in_words((0, 2))]
    assert ([words for words in said if JAPANESE.search(words)], len(said)) == ([], 10)
