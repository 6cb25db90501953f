"""Too many anonymous searches at once are told to come back; nobody else waits for them."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from catalog.pages import results, search_slots
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_slots(monkeypatch):
    """Give every test slots for which nobody waited in vain before."""
    for fresh in (search_slots.searches, search_slots.harvests):
        monkeypatch.setattr(fresh, "_patient_from", 0.0)


@pytest.fixture
def all_places_taken(monkeypatch):
    monkeypatch.setattr(search_slots, "PATIENCE_SECONDS", 0.01)
    with ExitStack() as taken:
        for _ in range(search_slots.AT_ONCE):
            taken.enter_context(search_slots.searches)
        yield


def test_a_visitor_is_told_when_to_come_back(client, all_places_taken):
    answer = client.get("/search/", {"q": "猫"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "混み合っています" in answer.text


@pytest.mark.parametrize(
    "address",
    ["/suggestions/?q=猫", "/feed/", "/feed/?q=猫", "/oai/?verb=Identify", "/sitemap.xml", "/sitemap-0.xml", "/new/",
     "/isbn/9784000000109/", "/isbn/9784000000109/availability/", "/most-reserved/", "/series/", "/classes/"],
)  # fmt: skip
def test_whatever_a_crawler_can_ask_for_without_end_is_bounded(client, all_places_taken, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")


def test_harvesters_share_one_place_and_leave_the_others_to_searches(client, monkeypatch):
    monkeypatch.setattr(search_slots, "PATIENCE_SECONDS", 0.01)
    with search_slots.harvests:
        assert client.get("/oai/?verb=Identify").status_code == 503
        assert client.get("/search/", {"q": "猫"}).status_code == 200
    monkeypatch.setattr(search_slots.harvests, "_patient_from", 0.0)
    assert client.get("/oai/?verb=Identify").status_code == 200


def test_a_made_up_session_cookie_is_no_way_past_the_bound(client, settings, all_places_taken):
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    assert client.get("/search/", {"q": "猫"}).status_code == 503


def test_behind_one_who_waited_in_vain_nobody_waits_for_a_while(client, monkeypatch):
    """Waiting holds a thread: under a flood the fourth one is to be free for logins."""
    monkeypatch.setattr(search_slots, "PATIENCE_SECONDS", 0.4)
    waited = []
    with ExitStack() as taken:
        for _ in range(search_slots.AT_ONCE):
            taken.enter_context(search_slots.searches)
        for _ in range(3):
            begun = time.monotonic()
            with pytest.raises(search_slots.TooManySearches), search_slots.searches:
                pass
            waited.append(time.monotonic() - begun)
    assert [seconds > 0.3 for seconds in waited] == [True, False, False]
    assert client.get("/search/", {"q": "猫"}).status_code == 200


def test_records_and_patrons_do_not_wait(client, all_places_taken):
    assert client.get(build.title().get_absolute_url()).status_code == 200
    client.force_login(build.patron().user)
    assert client.get("/search/", {"q": "猫"}).status_code == 200


def test_a_place_is_given_back_after_a_search(client):
    for _ in range(search_slots.AT_ONCE + 2):
        assert client.get("/search/", {"q": "猫"}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_flood_of_searches_is_answered_or_sent_away_and_holds_few_connections(live_server, monkeypatch):
    """Thirty searches at once, each slow: what finds no place gets 503, and records and the login come at once."""
    monkeypatch.setattr(search_slots, "PATIENCE_SECONDS", 0.1)
    find, at_once, most = results.find, [], []

    def slowly(query):
        at_once.append(query)
        most.append(len(at_once))
        time.sleep(0.4)
        at_once.pop()
        return find(query)

    monkeypatch.setattr(results, "find", slowly)
    title = build.title("猫")
    with ThreadPoolExecutor(40) as pool:
        searches = [pool.submit(fetched, f"{live_server.url}/search/?q=%E7%8C%AB&page={n % 3}") for n in range(30)]
        others = [pool.submit(fetched, live_server.url + path) for path in (title.get_absolute_url(), "/login/") * 4]
    statuses = {status for status, _ in (search.result() for search in searches)}
    assert statuses == {200, 503}
    assert {again for status, again in (search.result() for search in searches) if status == 503} == {"30"}
    assert {status for status, _ in (other.result() for other in others)} == {200}
    assert max(most) <= search_slots.AT_ONCE


def fetched(address: str) -> tuple[int, str | None]:
    """Return status and Retry-After of an address asked without a cookie."""
    try:
        with urlopen(address, timeout=60) as answer:  # noqa: S310, our own server
            return answer.status, answer.headers["Retry-After"]
    except HTTPError as error:
        return error.code, error.headers["Retry-After"]
