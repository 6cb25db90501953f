"""Synthetic records from the words and readings of Sudachi's dictionary, as unevenly spread as words are.

They are the same every time.
"""

import bisect
import itertools
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

from stdnum import ean
from sudachipy import Dictionary

SEED = 20261124
WORDS = 40_000
PEOPLE = 60_000
PUBLISHERS = 800
KINDS = ("book", "book", "book", "book", "book", "book", "magazine", "cd", "spoken_cd", "dvd", "video")
LANGUAGES = ("jpn",) * 18 + ("eng", "chi", "kor")
LIBRARIES = 10
Spoken = tuple[str, str]  # a word and its reading
FIRST_DAY = date(2000, 4, 1)
NOUN = re.compile("[\u4e00-\u9fff]{2,4}|[ァ-ヶー]{3,7}")
SHAPES = (
    (("", "", 0), ("ノ", "の", 1)),
    (("", "", 0), ("ト", "と", 1)),
    (("", "", 0), ("", "", 1), ("ニュウモン", "入門", None)),
    (("ハジメテ ノ", "はじめての", 0),),
    (("", "", 0), ("ノ レキシ", "の歴史", None)),
    (("", "", 0), ("オ", "を", 1), ("ヨム", "読む", None)),
    (("", "", 0), ("", "", 1), ("ジテン", "事典", None)),
    (("", "", 0),),
)


@dataclass(frozen=True)
class Record:
    """One title and the libraries that hold a copy, by number; ``lent`` tells whose copies are out."""

    title: str
    title_reading: str
    volume: str
    creator: str
    creator_reading: str
    publisher: str
    year: int
    isbn: str
    ndc: str
    kind: str
    language: str
    subjects: str
    added_on: date
    libraries: tuple[int, ...]
    lent: bool


T = TypeVar("T")


class Zipf(Generic[T]):
    """Draws from a sequence so that the n-th thing comes about 1/n as often as the first."""

    def __init__(self, things: Sequence[T], dice: random.Random) -> None:
        self.things, self.dice = things, dice
        self.weights = list(itertools.accumulate(1 / (rank + 5) for rank in range(len(things))))

    def draw(self) -> T:
        return self.things[bisect.bisect(self.weights, self.dice.random() * self.weights[-1])]


@dataclass(frozen=True)
class Sources:
    """What records are drawn from."""

    words: Zipf[Spoken]
    people: Zipf[tuple[Spoken, Spoken]]
    publishers: Zipf[str]
    classes: Zipf[str]


def records(count: int) -> Iterator[Record]:
    """Yield so many records."""
    dice = random.Random(SEED)  # noqa: S311, nothing secret is drawn
    nouns, surnames, names = _vocabulary(dice)
    sources = Sources(
        words=Zipf(nouns[:WORDS], dice),
        people=Zipf([(dice.choice(surnames), dice.choice(names)) for _ in range(PEOPLE)], dice),
        publishers=Zipf(
            [f"{dice.choice(nouns)[0]}{dice.choice(('社', '出版', '書房', '館'))}" for _ in range(PUBLISHERS)], dice
        ),
        classes=Zipf(dice.sample([f"{number:03}" for number in range(1000)], 1000), dice),
    )
    for number in range(count):
        yield _record(number, dice, sources)


def _record(number: int, dice: random.Random, sources: Sources) -> Record:
    title, reading = _title(dice, sources.words)
    volume = dice.choice(("上", "中", "下", "1", "2")) if dice.random() < 0.08 else ""
    (family, family_reading), (given, given_reading) = sources.people.draw()
    topics = {sources.words.draw()[0] for _ in range(dice.choice((0, 1, 1, 2)))}
    copies = dice.choice((1, 1, 1, 2, 3, 5))
    ndc = sources.classes.draw()
    return Record(
        title=title,
        title_reading=reading,
        volume=volume,
        creator=f"{family} {given}",
        creator_reading=f"{family_reading}, {given_reading}",
        publisher=sources.publishers.draw(),
        year=2026 - int(dice.expovariate(0.06)) % 80,
        isbn=isbn(number),
        ndc=f"{ndc}.{dice.randint(1, 9)}" if dice.random() < 0.4 else ndc,
        kind=dice.choice(KINDS),
        language=dice.choice(LANGUAGES),
        subjects="; ".join(sorted(topics)),
        added_on=FIRST_DAY + timedelta(days=number % 9000),
        libraries=tuple(sorted(dice.sample(range(LIBRARIES), copies))),
        lent=dice.random() < 0.3,
    )


def _title(dice: random.Random, words: Zipf[Spoken]) -> tuple[str, str]:
    drawn = (words.draw(), words.draw())
    title, reading = "", []
    for spoken, written, which in dice.choice(SHAPES):
        noun, noun_reading = drawn[which] if which is not None else ("", "")
        title += written + noun
        reading += [part for part in (spoken, noun_reading) if part]
    return title, " ".join(reading)


def isbn(number: int) -> str:
    """Make the ISBN of the record with this number; a hundred million differ."""
    digits = f"9784{number % 10**8:08}"
    return digits + ean.calc_check_digit(digits)


def _vocabulary(dice: random.Random) -> tuple[list[Spoken], list[Spoken], list[Spoken]]:
    """Return nouns, family names and given names with their readings, in an order of chance that stays."""
    nouns: set[Spoken] = set()
    surnames: set[Spoken] = set()
    names: set[Spoken] = set()
    for entry in Dictionary(dict="small").entries():
        surface, kind = entry.surface(), entry.part_of_speech()
        if kind[0] != "名詞" or not NOUN.fullmatch(surface):
            continue
        pair = (surface, entry.reading_form())
        place = surnames if kind[3] == "姓" else names if kind[3] == "名" else nouns if kind[2] != "人名" else set()
        place.add(pair)
    found = [sorted(pairs) for pairs in (nouns, surnames, names)]
    for pairs in found:
        dice.shuffle(pairs)
    return found[0], found[1], found[2]
