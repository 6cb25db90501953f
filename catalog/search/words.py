"""Words of a text by Sudachi, for ranking, for spellings, and for readings that a record lacks.

A Sudachi tokenizer must not be shared between threads, so every thread has its own; the dictionary is one.
"""

import threading
from dataclasses import dataclass
from functools import cache

from sudachipy import Dictionary, SplitMode, Tokenizer

from catalog.search.fold import fold
from catalog.search.text import squeeze

LONGEST = 1000  # characters; what follows in a title is not looked at
LONGEST_UNDIVIDED = 2  # characters; two kanji are one word in short units too
_own = threading.local()


@dataclass(frozen=True)
class Words:
    """What stands in a text: its words as written, in long and short units, their normal forms, its reading."""

    written: frozenset[str]
    forms: frozenset[str]
    reading: str


@cache
def _dictionary() -> Dictionary:
    return Dictionary(dict="small")


def _tokenizer() -> Tokenizer:
    if not hasattr(_own, "tokenizer"):
        _own.tokenizer = _dictionary().tokenizer(mode=SplitMode.C)
    return _own.tokenizer


def words_of(text: str) -> Words:
    """Take a text apart; words of marks alone are left out."""
    written: set[str] = set()
    forms: set[str] = set()
    reading: list[str] = []
    for morpheme in _tokenizer().tokenize(text[:LONGEST]):
        surface = morpheme.surface()
        if not (surface.isalnum() or any(letter.isalnum() for letter in surface)):
            continue
        written.add(surface)
        if len(surface) > LONGEST_UNDIVIDED:
            written.update(part.surface() for part in morpheme.split(SplitMode.A))
        forms.add(morpheme.normalized_form())
        reading.append(morpheme.reading_form())
    return Words(_folded(written), _folded(forms), squeeze(fold(" ".join(reading))))


def _folded(words: set[str]) -> frozenset[str]:
    return frozenset(squeeze(folded).replace(" ", "_") for word in words if (folded := fold(word)))
