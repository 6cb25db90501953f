"""Too many anonymous searches at once are told to come back; nobody else waits for them."""

import pytest

from catalog import gate
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def all_places_taken(monkeypatch):
    monkeypatch.setattr(gate, "PATIENCE_SECONDS", 0.01)
    for _ in range(gate.AT_ONCE):
        assert gate._places.acquire(blocking=False)
    yield
    for _ in range(gate.AT_ONCE):
        gate._places.release()


def test_a_visitor_is_told_when_to_come_back(client, all_places_taken):
    answer = client.get("/search/", {"q": "猫"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "混み合っています" in answer.text


def test_records_and_patrons_do_not_wait(client, all_places_taken):
    assert client.get(build.title().get_absolute_url()).status_code == 200
    client.force_login(build.patron().user)
    assert client.get("/search/", {"q": "猫"}).status_code == 200


def test_a_place_is_given_back_after_a_search(client):
    for _ in range(gate.AT_ONCE + 2):
        assert client.get("/search/", {"q": "猫"}).status_code == 200
