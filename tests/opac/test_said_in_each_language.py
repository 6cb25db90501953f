"""Every page in every language says nothing in Japanese but names and titles: no sentence escapes the catalogues.

What ``test_words_in_sources`` reads in the sources, this file reads where the patron does: on every page, on every
face, and in the answers to what patrons send. A page in やさしい日本語 says no message as the plain Japanese has it.
"""

import html
import re
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from catalog.models import Library, Policy
from notifications.letters import unsubscribe_link
from notifications.unsubscribe import STOPPABLE
from opac.faces.face import TOUCH
from patrons.account.links import link_for
from patrons.models import MailRequest
from reservations import limits
from reservations.holds import EXPIRED
from reservations.limits import RefusedError
from reservations.models import Reservation, State
from reservations.sequences import make_sequence
from reservations.views.my_page import note_of
from reservations.views.wait import in_words
from tests import build
from tests.conftest import DEEP
from tests.opac.sources import JAPANESE, MARKS, translations
from tests.sure import sure
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
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
KANA = re.compile(r"[ぁ-んァ-ヶ]")  # what Chinese does not write; its marks are those of Japanese
ROLES = ("visitor", "patron", "newcomer")


@cache
def said_plainly(code: str) -> set[str]:
    """Return the messages that a language says otherwise than Japanese does."""
    return {message for message, words in translations(code).items() if words != message}


def foreign(line: str, code: str) -> bool:
    """Tell whether a line has words of the wrong language."""
    if code == "ja-easy":
        return line in said_plainly(code)
    return bool(KANA.search(line) if code == "zh-hans" else JAPANESE.search(line) or MARKS.search(line))


def japanese_left(source: str, names: set[str], code: str = "en") -> list[str]:
    """Return the runs of words with Japanese or its marks in a page, names of rows apart."""
    whole = APART.sub(" ", source)
    spoken = [*SPOKEN.findall(whole), re.sub(r"<[^>]*>", "\n", whole)]
    text = html.unescape("\n".join(spoken))
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    return sorted({line.strip() for line in text.splitlines() if foreign(line.strip(), code)})


def names_of(world: World) -> set[str]:
    libraries = Library.objects.values_list("name", "short_name", "address")
    people = {world.patron.name, world.users["newcomer"].patron.name}
    return DATA | people | {word for row in libraries for word in row if word} | {Policy.current().organisation_name}


def walks() -> list[tuple[str, str, str]]:
    """Return (language, face, role): English everywhere, the others on the web and the touch panel; --deep: all."""
    every = [(code, face, role) for code in LANGUAGES for face in FACES for role in ROLES]
    return [walk for walk in every if DEEP or walk[0] == "en" or walk[1] == "web" or walk[1:] == ("touch", "patron")]


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "face", "role"), walks())
def test_every_page_says_nothing_in_japanese_but_names(code: str, face: str, role: str) -> None:
    world = World()
    client = world.client(face, role)
    with translation.override(code):
        pages = {name: address for name, address in addresses(world).items() if address.startswith(f"/{code}/")}
    wrong = {}
    for name in pages.keys() - STAFF_ONLY:
        answer = client.get(pages[name] + ASKED.get(name, ""))
        page = answer.content.decode() if answer.get("Content-Type", "").startswith("text/html") else ""
        if found := japanese_left(page, names_of(world), code):
            wrong[name] = found
    assert (wrong, len(pages) > 20) == ({}, True)


# URL name, the key of what its address is about, what is sent; None: it is only read
SENT: tuple[tuple[str, str, dict[str, str] | None], ...] = (
    ("patrons:login", "", {"card_number": "", "password": ""}),
    ("patrons:login", "", {"card_number": "abc", "password": "wrong"}),
    ("patrons:password", "", {"current": "wrong", "password": "!", "again": "?"}),
    ("patrons:settings", "", {"email": "nowhere", "telephone": "12", "fax": "x", "contact_method": "fax"}),
    ("patrons:settings", "", {"email": "new@example.jp", "telephone": "", "fax": "", "contact_method": "none"}),
    ("patrons:sessions", "", {}),
    ("patrons:forgotten", "", {"card_number": "x"}),
    ("notifications:new_alert", "", {}),
    ("notifications:reminders", "", {"overdue": "on"}),
    ("reservations:detail", "pk", {}),
    ("reservations:pause", "pk", {"sleeps_until": "2000-01-01"}),
    ("reservations:pause", "pk", {"sleeps_until": "TOMORROW"}),
    ("reservations:cancellation", "pk", {}),
    ("reservations:cancelled", "", None),
    ("reservations:take_back", "pk", {}),
    ("reservations:take_back", "pk", {}),
    ("reservations:basket_entries", "", {"title": "TITLE"}),
    ("reservations:reserve", "", {"titles": "TITLE"}),
    ("loans:extension", "loan", {}),
    ("loans:extension", "loan", {}),
)


@pytest.mark.django_db
@pytest.mark.parametrize("code", LANGUAGES)
def test_answers_to_what_is_sent_are_in_the_language_too(code: str) -> None:
    world = World()
    client = world.client("web", "patron")
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    words = {"TITLE": str(world.title.pk), "TOMORROW": tomorrow}
    keys = {"pk": {"pk": world.reservation.pk}, "loan": {"pk": world.loan.pk}}
    wrong = {}
    for number, (name, about, sent) in enumerate(SENT):
        with translation.override(code):
            address = reverse(name, kwargs=keys[about] if about else None)
        given = {field: words.get(value, value) for field, value in (sent or {}).items()}
        answer = client.get(address, follow=True) if sent is None else client.post(address, given, follow=True)
        assert answer.status_code in {200, 422, 409}, name
        if found := japanese_left(answer.content.decode(), names_of(world), code):
            wrong[number, name] = found
    assert wrong == {}


@pytest.mark.django_db
@pytest.mark.parametrize("code", LANGUAGES)
def test_pages_behind_the_links_of_mails_are_in_the_language_too(code: str) -> None:
    world, client = World(), Client()
    kinds = (MailRequest.Kind.RESET_PASSWORD, MailRequest.Kind.CONFIRM_ADDRESS)
    with translation.override(code):
        links = [unsubscribe_link(world.patron, kind) for kind in STOPPABLE]
        for kind in kinds:
            about = {"patron": world.patron, "address": "new@example.jp", "created_at": timezone.now()}
            links.append(link_for(MailRequest.objects.create(kind=kind, **about)))
    wrong, new = {}, {"password": "NewPass9", "again": "NewPass9"}
    for address in (urlsplit(link).path for link in links):
        answers = (client.get(address), client.post(address, new, follow=True))
        assert [answer.status_code for answer in answers] == [200, 200]
        if found := [
            words for answer in answers for words in japanese_left(answer.content.decode(), names_of(world), code)
        ]:
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
    group = sure(title.material_type.limit_group)
    title.material_type.reservable = True
    counted = limits.PatronSituation(
        reserved={title.pk},
        on_loan={title.pk: build.TODAY},
        active_per_group={group.pk: sure(group.reservation_limit)},
        group_frees_on={group.pk: build.TODAY},
    )
    held: Any = build.reservation(title, patron, library, state=State.WAITING)
    held.place, held.behind_earlier_volume, held.behind_stranded, held.can_be_served = 3, False, False, True
    with translation.override("en"):
        said = [
            str(one)
            for one in limits.refusals(
                title, patron=patron, situation=counted, copies=limits.Copies(1, 1, 1), wish=None
            )
        ]
        said += [str(one) for method in ("email", "fax", "x") for one in limits.contact_refusals(patron, method, TOUCH)]
        said += [str(limits.held_refusal(library)), note_of(held, build.TODAY), in_words((1, 3)), in_words((0, 2))]
    assert ([words for words in said if JAPANESE.search(words)], len(said)) == ([], 10)


@pytest.mark.django_db
def test_who_was_idle_is_told_so_in_english() -> None:
    world = World()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = Client()
        sent = {"card_number": world.patron.card_number, "password": "abcd1234"}
        client.post("/en/login/", sent)
        client.get("/en/my/")
        clock.shift(timedelta(minutes=65))
        page = client.get("/en/").content.decode()
    said = "You were logged out because nothing was done for a while. Please log in again."
    assert (said in page, japanese_left(page, names_of(world))) == (True, [])


@pytest.mark.django_db
def test_a_second_sequence_of_the_same_volume_is_refused_in_english() -> None:
    world = World()
    others = [build.reservation(build.title(name), world.patron, world.library) for name in ("猫", "銀河")]
    client, address = world.client("web", "patron"), "/en/my/reservations/sequence/"
    for other in others:
        page = client.post(address, {"volume": [world.reservation.pk, other.pk]}, follow=True).content.decode()
    said = "Some of these titles are already in a sequential reservation."
    assert (said in page, japanese_left(page, names_of(world))) == (True, [])


@pytest.mark.django_db
def test_a_sequence_of_what_does_not_wait_is_refused_in_english() -> None:
    library, patron = build.library("Central", name="Central Library"), build.patron("Hanako")
    volumes = [build.reservation(build.title(name), patron, library) for name in ("One", "Two")]
    Reservation.objects.filter(pk=volumes[0].pk).update(
        state=State.CANCELLED, closed_at=timezone.now(), closed_by="patron"
    )
    with translation.override("en"), pytest.raises(RefusedError) as refused:
        make_sequence(patron, volumes, face=limits.COUNTER, now=timezone.now())
    said = "Only reservations that are “Waiting” can become a sequential reservation. Please reload the page and check."
    assert [str(one) for one in refused.value.refusals] == [said]
