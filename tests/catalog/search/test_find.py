"""The same search asked by many at the same moment."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.utils import translation

from catalog.search import ask, engine
from catalog.search.index import on_disk
from catalog.search.query import Query
from catalog.search.result import SearchResult

PATIENCE = 20  # seconds


@pytest.fixture
def asking(monkeypatch):
    """Replace the engine: return what is to be called for each search that reaches it, and the threads that ask."""
    monkeypatch.setattr(on_disk, "reader", lambda: SimpleNamespace(searcher=lambda: None))

    def answer_by(called):
        def search(searcher, query):
            called()
            return SearchResult(query=query, total=9)

        monkeypatch.setattr(engine, "search", search)

    with ThreadPoolExecutor() as threads:
        yield answer_by, threads


@pytest.fixture
def joined(monkeypatch):
    """Return an event that is set when somebody joins a search that is under way."""
    happened = threading.Event()

    class Told(dict[tuple[str, str], Future[SearchResult]]):
        def setdefault(self, key, value=None, /):
            if key in self:
                happened.set()
            return super().setdefault(key, value)

    monkeypatch.setattr(ask, "_under_way", Told())
    return happened


def test_who_asks_the_same_meanwhile_waits_for_the_one_answer(asking, joined):
    answer_by, threads = asking
    calls, begun, go = [], threading.Event(), threading.Event()

    def answer() -> None:
        calls.append(1)
        begun.set()
        go.wait(PATIENCE)

    answer_by(answer)
    first = threads.submit(ask.find, Query.of("猫"))
    assert begun.wait(PATIENCE)
    second = threads.submit(ask.find, Query.of("猫"))
    assert joined.wait(PATIENCE)
    go.set()
    assert first.result(PATIENCE) is second.result(PATIENCE)
    assert calls == [1]
    ask.find(Query.of("猫"))
    assert calls == [1, 1]  # nothing is kept


@pytest.mark.parametrize(
    ("words", "language"), [("犬", "ja"), ("猫", "en")], ids=["other words", "notes in another language"]
)
def test_other_searches_do_not_wait(asking, words, language):
    answer_by, threads = asking
    answer_by(threading.Barrier(2, timeout=PATIENCE).wait)  # passes only when both are in the engine at the same time

    def asked_in(language, words):
        with translation.override(language):
            return ask.find(Query.of(words))

    asked = [threads.submit(asked_in, "ja", "猫"), threads.submit(asked_in, language, words)]
    assert [one.result(PATIENCE).query.words for one in asked] == ["猫", words]


def test_those_who_wait_hear_of_an_error_and_the_next_one_asks_anew(asking, joined, monkeypatch):
    _, threads = asking
    begun, go = threading.Event(), threading.Event()

    def break_down(query):
        begun.set()
        go.wait(PATIENCE)
        raise ConnectionError

    monkeypatch.setattr(ask, "_find", break_down)
    first = threads.submit(ask.find, Query.of("猫"))
    assert begun.wait(PATIENCE)
    second = threads.submit(ask.find, Query.of("猫"))
    assert joined.wait(PATIENCE)
    go.set()
    assert [type(one.exception(PATIENCE)) for one in (first, second)] == [ConnectionError] * 2
    assert not ask._under_way
