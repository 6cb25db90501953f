"""What follows from a record: the text that searches look through, and the keys that lists are sorted by.

``DERIVED`` lists the columns of a Title that are computed so. The computing knows no Title: it is asked of records that
are still on their way in, in processes without a database.
"""

from collections.abc import Callable
from itertools import chain
from typing import Protocol

from catalog.japanese.fold import fold, squeeze
from catalog.japanese.sort_keys import sort_key
from catalog.japanese.volumes import volume_key

# Library readings write particles as they are spoken; people type them as they are written.
AS_TYPED = {
    "ワ": "ハ",
    "エ": "ヘ",
    "ニワ": "ニハ",
    "デワ": "デハ",
    "トワ": "トハ",
    "マデワ": "マデハ",
    "カラワ": "カラハ",
}
AS_TYPED |= {"ヨリワ": "ヨリハ", "エノ": "ヘノ", "エト": "ヘト", "エモ": "ヘモ", "アルイワ": "アルイハ"}
AS_TYPED |= {"コンニチワ": "コンニチハ", "コンバンワ": "コンバンハ", "デワナク": "デハナク", "デワナイ": "デハナイ"}
# Capitals, which no folded text holds, mark the field of a line.
MARKS = {"title": "T", "creator": "C", "publisher": "P", "subject": "S", "isbn": "I"}
FIELD_OF = {mark: name for name, mark in MARKS.items()}


class Described(Protocol):
    """A record as search and order look at it; lists of names are joined with ``"; "``, readings are katakana."""

    @property
    def title(self) -> str: ...
    @property
    def title_reading(self) -> str: ...
    @property
    def subtitle(self) -> str: ...
    @property
    def other_titles(self) -> str: ...
    @property
    def volume(self) -> str: ...
    @property
    def volume_order(self) -> int | None: ...
    @property
    def series_volume(self) -> str: ...
    @property
    def series_name(self) -> str: ...
    @property
    def series_reading(self) -> str: ...
    @property
    def creator(self) -> str: ...
    @property
    def creator_reading(self) -> str: ...
    @property
    def publisher(self) -> str: ...
    @property
    def isbn(self) -> str: ...
    @property
    def other_isbns(self) -> str: ...
    @property
    def subjects(self) -> str: ...


def yomi(reading: str) -> list[str]:
    """Return a reading unbroken: as libraries write it, and with particles as people type them (わがはいは…)."""
    if not reading:
        return []
    as_typed = " ".join(AS_TYPED.get(word, word) for word in reading.split())
    return list(dict.fromkeys(squeeze(fold(spelling)) for spelling in (reading, as_typed)))


def folded_text(record: Described) -> str:
    """Return the lines that both engines look through, each after the mark of its field.

    The first line is the title proper, alone.
    """
    titles = [record.title, f"{record.title} {record.volume} {record.subtitle}", record.series_name]
    titles += record.other_titles.split("; ")
    spoken = chain.from_iterable(yomi(name.replace(",", " ")) for name in record.creator_reading.split("; "))
    texts = {
        "title": [squeeze(fold(text)) for text in titles] + yomi(record.title_reading) + yomi(record.series_reading),
        "creator": [squeeze(fold(name)) for name in record.creator.split("; ")] + list(spoken),
        "publisher": [squeeze(fold(record.publisher))],
        "subject": [squeeze(fold(subject)) for subject in record.subjects.split("; ")],
        "isbn": [record.isbn, *record.other_isbns.split("; ")],
    }
    lines = [f"{MARKS[name]}{text}" for name, found in texts.items() for text in dict.fromkeys(filter(None, found))]
    return "\n".join(("", *lines, ""))


def lines_of(folded: str) -> dict[str, list[str]]:
    """Return a folded text field by field, as ``folded_text`` put it together."""
    lines: dict[str, list[str]] = {name: [] for name in MARKS}
    for line in filter(None, folded.split("\n")):
        lines[FIELD_OF[line[0]]].append(line[1:])
    return lines


DERIVED: dict[str, Callable[[Described], str]] = {
    "folded": folded_text,
    "title_key": lambda record: sort_key(record.title_reading or record.title),
    "creator_key": lambda record: sort_key(record.creator_reading or record.creator),
    "volume_key": lambda record: volume_key(record.series_volume or record.volume, record.volume_order),
}
"""Column of a Title → how it follows from the others."""
