"""What the index holds of one title. Built from the row's folded lines, so that both engines look at the same text."""

import json
import math
import re
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import chain

import tantivy

from catalog.derived import lines_of, yomi
from catalog.japanese.fold import fold, squeeze
from catalog.japanese.morphemes import token, words_of
from catalog.japanese.romaji import sound
from catalog.japanese.sort_keys import packed
from catalog.models import Title
from catalog.search.index.grams import BETWEEN_VALUES, pair_field, unit_field, units
from catalog.search.index.schema import DIGEST, UNITS, schema

TITLE_KIND = "title"
KEY_LENGTH, HALF_LENGTH = 40, 24  # letters
HIGHEST_RANK = 62
MEET = re.compile("[ァ-ヺー] [アイウエオ]")  # two vowels, perhaps
PAIRED = ("title", "creator", "publisher", "subject")


@dataclass
class Holdings:
    """What is known of a title's copies: how many, how often lent, free now, the libraries' codes."""

    copies: int = 0
    loans: int = 0
    available: bool = False
    libraries: set[str] = field(default_factory=set)

    def rank(self, year: int | None, this_year: int) -> int:
        """Return how high the title stands among equals: copies and loans first, then how new it is."""
        new = max(0, 10 - (this_year - year)) if year else 0
        return min(HIGHEST_RANK, round(8 * math.log2(1 + self.copies) + 6 * math.log2(1 + self.loans)) + new)


def document(title: Title, held: Holdings, this_year: int) -> tantivy.Document:
    """Make the document of a title."""
    return tantivy.Document.from_dict(fields(title, held, this_year), schema())


def fields(title: Title, held: Holdings, this_year: int) -> dict[str, list]:
    """Return field → values; ``this_year`` (a number) makes what is new rank a little higher."""
    lines = lines_of(title.folded)
    words = words_of(f"{title.title}\n{title.subtitle}")
    spoken = yomi(title.title_reading) or ([words.reading] if words.reading else [])
    if not title.title_reading:
        lines["title"] += [reading for reading in spoken if reading not in lines["title"]]
    names = title.creator_reading.replace(",", " ").split("; ")
    title_sounds = _sounds(spoken, [title.title_reading])
    creator_sounds = _sounds([squeeze(fold(name)) for name in names], names)
    heard_words = {token(fold(word)) for word in title.title_reading.split()} - {""}
    values = _texts(title, lines, spoken) | {
        "words": [" ".join(sorted(words.written.keys() | heard_words))],
        "forms": [" ".join(sorted(words.forms.keys() - words.written.keys()))],
        "title_sound": [pair_field(title_sounds)],
        "creator_sound": [pair_field(creator_sounds)],
        "heard": list(dict.fromkeys((*title_sounds, *creator_sounds))),
    }
    values |= facts(title, held)
    filled = {name: list_ for name, list_ in values.items() if list_ and list_ != [""]}
    text = json.dumps(filled, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
    digest = int.from_bytes(blake2b(text, digest_size=7).digest())  # two documents share one once in 2^56 times
    # The rank changes with the year, and so is no part of the digest.
    return filled | {DIGEST: [digest], "rank": [held.rank(title.year, this_year)]}


def _texts(title: Title, lines: dict[str, list[str]], spoken: list[str]) -> dict[str, list]:
    """Return the fields in which the record's words stand, as units, as pairs of units, and whole."""
    proper = lines["title"][:1]
    whole = proper + [squeeze(fold(f"{title.title} {title.volume} {title.subtitle}"))] * bool(title.subtitle)
    whole += [squeeze(fold(f"{title.title} {title.volume}"))] * bool(title.volume)
    heads = [first[0] for text in (*proper, *spoken) if (first := units(text)[:1])]
    texts = {name: [pair_field(lines[name])] for name in PAIRED}
    texts |= {UNITS[name]: [unit_field(lines[name])] for name in PAIRED}
    return texts | {
        "all": [f" {BETWEEN_VALUES} ".join(filter(None, (texts[name][0] for name in PAIRED)))],
        "all_units": [unit_field(chain.from_iterable(lines[name] for name in PAIRED))],
        "head": [" ".join(dict.fromkeys(heads))],
        "exact": list(dict.fromkeys(whole)),
        "exact_reading": spoken,
        "name": lines["creator"],
        "topic": lines["subject"],
        "isbn": lines["isbn"],
    }


def _sounds(unbroken: list[str], written: list[str]) -> list[str]:
    """Return readings by their sound: unbroken, and word by word where the vowels of two words would run together."""
    by_word = [
        squeeze(" ".join(sound(fold(word)) for word in words.split())) for words in written if MEET.search(words)
    ]
    return [heard for heard in dict.fromkeys((*map(sound, unbroken), *by_word)) if heard]


def facts(title: Title, held: Holdings) -> dict[str, list]:
    """Return what is filtered, counted and sorted by, field by field."""
    number = title.ndc.split("/")[0].strip()
    prefixes = [number[:length] for length in range(1, len(number) + 1) if not number[:length].endswith(".")]
    return {
        "id": [title.pk],
        "kind": [TITLE_KIND],
        "volume": [] if title.volume_order is None else [str(title.volume_order)],
        "class": prefixes if number[:1].isdigit() else [],
        "ndc": [number[0]] if number[:1].isdigit() else [],
        "type": [title.material_type.code],
        "library": sorted(held.libraries),
        "language": [title.language],
        "year": [title.year or 0],
        "oldest": [title.year or 9999],
        "decade": [title.year // 10 * 10] if title.year else [],
        "available": [1] if held.available else [],
        "title_order": [packed(f"{title.title_key[:KEY_LENGTH]}\x01{title.volume_key[:KEY_LENGTH]}")],
        "creator_order": [packed(f"{title.creator_key[:HALF_LENGTH]}\x01{title.title_key[:HALF_LENGTH]}")],
    }
