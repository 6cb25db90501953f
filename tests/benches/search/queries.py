"""The queries of the measurement: drawn from the records themselves, class by class, the same every time."""

import random
from collections.abc import Callable, Iterator

from catalog.japanese.fold import fold, squeeze
from catalog.search.query import Query
from tests.benches.search.records import Record

PER_CLASS = 10
Make = Callable[[Record, random.Random], Query]


def queries(sample: list[Record]) -> dict[str, list[Query]]:
    """Return the queries by class, at least 120 of them, from a sample of records (common words are in many)."""
    dice = random.Random(7)  # noqa: S311, nothing secret is drawn
    return {name: _distinct(make, sample, dice) for name, make in CLASSES.items()}


def _distinct(make: Make, sample: list[Record], dice: random.Random) -> list[Query]:
    made: dict[str, Query] = {}
    for _ in range(500):
        if len(made) == PER_CLASS:
            break
        query = make(dice.choice(sample), dice)
        if query and query.terms:
            made.setdefault(query.address(), query)
    return list(made.values())


def _noun(record: Record) -> str:
    return max(record.title.replace("を", "の").replace("と", "の").split("の"), key=len)


def _reading(record: Record, least: int, most: int) -> str:
    words = [squeeze(fold(word)) for word in record.title_reading.split()]
    return next((word for word in words if least <= len(word) <= most), "")


def _filtered(query: Query, **filters: tuple[str, ...]) -> Query:
    return Query(rows=query.rows, filters=filters)


def _sorted(query: Query, order: str) -> Query:
    return Query(rows=query.rows, sort=order)


CLASSES: dict[str, Make] = {
    "word": lambda record, dice: Query.of(_noun(record)),
    "two words": lambda record, dice: Query.of(f"{_noun(record)} {record.creator.split()[0]}"),
    "part of a word": lambda record, dice: Query.of(_noun(record)[1:3]),
    "one kanji": lambda record, dice: Query.of(_noun(record)[:1] if _noun(record)[0] >= "一" else ""),
    "one kana": lambda record, dice: Query.of(
        dice.choice("あいうえおかきくけこさしすせそたちつてとなにのはひふへほまみも")
    ),
    "reading, two or three kana": lambda record, dice: Query.of(_reading(record, 2, 3)),
    "reading, four or more kana": lambda record, dice: Query.of(_reading(record, 4, 12)),
    "two readings": lambda record, dice: Query.of(f"{_reading(record, 2, 12)} {_reading(record, 3, 5)}"),
    "person": lambda record, dice: Query.of(record.creator),
    "family name in creator": lambda record, dice: Query.of(record.creator.split()[0], "creator"),
    "whole title": lambda record, dice: Query.of(f'"{record.title}"'),
    "publisher and class": lambda record, dice: _filtered(
        Query.of(record.publisher, "publisher"), ndc=(record.ndc[0],)
    ),
    "word, filtered": lambda record, dice: _filtered(Query.of(_noun(record)), type=("book",), library=("lib1",)),
    "word, by reading": lambda record, dice: _sorted(Query.of(_noun(record)), "title"),
    "word, newest": lambda record, dice: _sorted(Query.of(_noun(record)), "newest"),
    "isbn": lambda record, dice: Query.of(record.isbn),
}


def flat(by_class: dict[str, list[Query]]) -> Iterator[tuple[str, Query]]:
    """Yield class and query, interleaved, so that no class has the warm machine for itself."""
    for number in range(PER_CLASS):
        for name, picked in by_class.items():
            if number < len(picked):
                yield name, picked[number]
