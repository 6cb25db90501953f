"""Words of a text by Sudachi, for ranking, for spellings, and for readings that a record lacks.

A Sudachi tokenizer must not be shared between threads, so every thread has its own; the dictionary is one.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property

from sudachipy import Dictionary, SplitMode, Tokenizer

from catalog.japanese.fold import fold, squeeze
from catalog.japanese.kana import TO_HIRAGANA

LONGEST = 1000  # characters; what follows in a title is not looked at
LONGEST_UNDIVIDED = 2  # characters; two kanji are one word in short units too


class _Own(threading.local):
    """What a thread has for itself."""

    @cached_property
    def tokenizer(self) -> Tokenizer:
        return dictionary().tokenizer(mode=SplitMode.C)


_own = _Own()


@dataclass(frozen=True)
class Words:
    """What stands in a text: its words in long and short units, their normal forms, its reading.

    ``written`` and ``forms`` map each word, folded, to how it is written; ``reading`` is folded, ``kana`` is for eyes.
    """

    written: dict[str, str]
    forms: dict[str, str]
    reading: str
    kana: str


@cache
def dictionary() -> Dictionary:
    """Return the one dictionary of the process; opening it takes a second."""
    return Dictionary(dict="small")


def words_of(text: str) -> Words:
    """Take a text apart; words of marks alone are left out."""
    written: list[str] = []
    forms: list[str] = []
    reading: list[str] = []
    for morpheme in _own.tokenizer.tokenize(text[:LONGEST]):
        surface = morpheme.surface()
        if not (surface.isalnum() or any(letter.isalnum() for letter in surface)):
            continue
        written.append(surface)
        if len(surface) > LONGEST_UNDIVIDED:
            written += [part.surface() for part in morpheme.split(SplitMode.A)]
        forms.append(morpheme.normalized_form())
        reading.append(morpheme.reading_form())
    return Words(
        _by_folded(written),
        _by_folded(forms),
        squeeze(fold(" ".join(reading))),
        "".join(reading).translate(TO_HIRAGANA),
    )


def _by_folded(words: Iterable[str]) -> dict[str, str]:
    return {token(folded): word for word in words if (folded := fold(word))}


def token(folded: str) -> str:
    """Return a folded word as one token of the index."""
    return squeeze(folded).replace(" ", "_")
