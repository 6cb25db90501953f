"""How text becomes tokens of the index: pairs of neighbouring units, so that a phrase finds any part of a compound.

A unit is one wide character (kanji, kana), one whole number or one whole word of other letters: ねこ10匹 is the units
ね, こ, 10, 匹 (EPUB3 is EPUB, 3) and the pairs ねこ, こ_10, 10_匹. A query of several units is a phrase of pairs and
hits exactly where the text stands; a query of one unit is looked up among the units.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain, pairwise

from catalog.japanese.fold import WIDE

UNIT = re.compile(f"[{WIDE}]|[0-9]+|[^\\s0-9{WIDE}]+")
# No folded text holds it; keeps phrases from crossing from one value into the next. Twice, since a phrase leaves out
# every other pair and would step over a single one: ばんたい is ばん 0, たい 2, and both are in
# たいゆばん | たいゆばん下.
BETWEEN_VALUES = "| |"


@lru_cache(maxsize=1000)  # one document asks several times for the same text
def units(text: str) -> tuple[str, ...]:
    return tuple(UNIT.findall(text))


def pairs(text: str) -> list[str]:
    """Return the pairs of neighbouring units in their order; none for a single unit."""
    parts = units(text)
    if len(parts) == len(text):  # nothing but wide characters
        return [text[at : at + 2] for at in range(len(text) - 1)]
    return [f"{left}{right}" if len(left) == len(right) == 1 else f"{left}_{right}" for left, right in pairwise(parts)]


def phrase(text: str) -> list[tuple[int, str]]:
    """Return as few pairs as cover a text of two units or more, each with its place: abcde is ab 0, cd 2, de 3.

    Their places keep them together, so that nothing else matches, and half of the postings need not be read.
    """
    every = pairs(text)
    places = [*range(0, len(every), 2), len(every) - 1]
    return [(place, every[place]) for place in dict.fromkeys(places)]


def pair_field(values: Iterable[str]) -> str:
    """Return what a field of pairs holds for these values."""
    return f" {BETWEEN_VALUES} ".join(" ".join(pairs(value)) for value in values)


def unit_field(values: Iterable[str]) -> str:
    """Return every unit once."""
    return " ".join(dict.fromkeys(chain.from_iterable(map(units, values))))
