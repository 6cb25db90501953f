"""Furigana: a record's reading, put over the characters it belongs to.

A record has one reading for a whole title. Where the kana of the title show beyond doubt which part of the reading
belongs to which characters, each run of characters gets its own part; where there is more than one way, the whole
reading stands over the whole title. Nothing is guessed.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import accumulate

from catalog.japanese.kana import TO_HIRAGANA, TO_KATAKANA

MOST_RUNS, LONGEST_READING = 30, 150  # beyond, the whole reading stands over the whole title
Part = tuple[str, str]  # characters and what is said over them, "" where they need nothing

_RUNS = re.compile(r"[ぁ-ゖァ-ヺー゛゜]+|[^\W_ぁ-ゖァ-ヺー゛゜]+|[\W_]+")
_KANA = re.compile(r"[ぁ-ゖァ-ヺー]+")
_WORD_BREAKS = re.compile(r"[\s,，、・=＝]+")
_NO_BEGINNING = set("ァィゥェォッャュョヮンー")  # what is said over a character never begins with these
_SAID_AS = {"ハ": "ハワ", "ヘ": "ヘエ", "ヲ": "ヲオ", "ヂ": "ヂジ", "ヅ": "ヅズ"}  # particles, and older spelling


@lru_cache(maxsize=4096)
def parts(text: str, reading: str) -> tuple[Part, ...]:
    """Split a title or name into parts with the hiragana to be shown over them; without a reading one plain part."""
    words = [word for word in _WORD_BREAKS.split(reading) if word]
    if not words or not all(map(_KANA.fullmatch, words)) or not any(map(_is_unread, _RUNS.findall(text))):
        return ((text, ""),)
    return tuple(_by_words(text, words) or _by_kana(text, words) or [(text, _hiragana(" ".join(words)))])


def _is_unread(run: str) -> bool:
    return bool(re.match(r"\w", run)) and not _KANA.match(run)


def _by_words(text: str, words: Sequence[str]) -> list[Part]:
    """Give each word its reading where a text (most often a name) has as many words as the reading has."""
    pieces = re.split(r"([\s,，・=＝]+)", text)
    if len(words) < 2 or len(pieces[::2]) != len(words) or not all(pieces):
        return []
    said = [
        _by_kana(piece, [word]) or [(piece, _hiragana(word))] for piece, word in zip(pieces[::2], words, strict=True)
    ]
    breaks = [[(between, "")] for between in pieces[1::2]] + [[]]
    return [part for word, between in zip(said, breaks, strict=True) for part in (*word, *between)]


def _by_kana(text: str, words: Sequence[str]) -> list[Part]:
    """Give each run of characters its part of the reading if there is exactly one way to do it.

    Of several ways the one counts in which every run begins where a word of the reading begins, if it is the only one.
    """
    runs, reading = _RUNS.findall(text), "".join(words).translate(TO_KATAKANA)
    if len(runs) > MOST_RUNS or len(reading) > LONGEST_READING:
        return []
    anywhere, at_words = frozenset(range(len(reading))), frozenset(accumulate(map(len, words), initial=0))
    for beginnings in (anywhere, at_words):
        ways = _ways(runs, reading, beginnings)
        if len(ways) == 1:
            return [(run, _hiragana(over)) for run, over in zip(runs, ways[0], strict=True)]
    return []


def _ways(runs: Sequence[str], reading: str, beginnings: frozenset[int]) -> list[tuple[str, ...]]:
    """Return the ways in which the runs use up the reading, two at most; each place is looked at once."""

    @cache
    def from_here(number: int, at: int) -> list[tuple[str, ...]]:
        if number == len(runs):
            return [()] if at == len(reading) else []
        found: list[tuple[str, ...]] = []
        for end, over in _steps(runs[number], reading, at, beginnings):
            found += [(over, *way) for way in from_here(number + 1, end)]
            if len(found) > 1:
                break
        return found[:2]

    return from_here(0, 0)


def _steps(run: str, reading: str, at: int, beginnings: frozenset[int]) -> Iterator[tuple[int, str]]:
    """Yield where in the reading a run may end that begins at a place, with what is said over it."""
    if _is_unread(run):
        if at < len(reading) and at in beginnings and reading[at] not in _NO_BEGINNING:
            yield from ((end, reading[at:end]) for end in range(at + 1, len(reading) + 1))
    elif not _KANA.match(run):
        yield at, ""
    elif at + len(run) <= len(reading):
        said = zip(run.translate(TO_KATAKANA), reading[at:], strict=False)
        if all(sound in _SAID_AS.get(kana, kana) for kana, sound in said):
            yield at + len(run), ""


def _hiragana(reading: str) -> str:
    return reading.translate(TO_HIRAGANA)
