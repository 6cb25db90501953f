"""Furigana: a record's reading, put over the characters it belongs to.

A record has one reading for a whole title. Where the kana of the title show beyond doubt which part of the reading
belongs to which characters, each run of characters gets its own part; where there is more than one way, the whole
reading stands over the whole title. Nothing is guessed.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

Part = tuple[str, str]  # characters and what is said over them, "" where they need nothing

_RUNS = re.compile(r"[ぁ-ゖァ-ヺー゛゜]+|[^\W_ぁ-ゖァ-ヺー゛゜]+|[\W_]+")
_KANA = re.compile(r"[ぁ-ゖァ-ヺー]+")
_WORD_BREAKS = re.compile(r"[\s,，、・=＝]+")
_NO_BEGINNING = set("ァィゥェォッャュョヮンー")  # what is said over a character never begins with these
_SAID_AS = {"ハ": "ハワ", "ヘ": "ヘエ", "ヲ": "ヲオ", "ヂ": "ヂジ", "ヅ": "ヅズ"}  # particles, and older spelling
_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_TO_KATAKANA = {hiragana: katakana for katakana, hiragana in _TO_HIRAGANA.items()}


@lru_cache(maxsize=4096)
def parts(text: str, reading: str) -> tuple[Part, ...]:
    """Split a title or name into parts with the hiragana to be shown over them; without a reading one plain part."""
    words = [word for word in _WORD_BREAKS.split(reading) if word]
    if not words or not all(_KANA.fullmatch(word) for word in words) or not _needs_reading(text):
        return ((text, ""),)
    return tuple(_by_words(text, words) or _by_kana(text, "".join(words)) or [(text, _hiragana(" ".join(words)))])


def _needs_reading(text: str) -> bool:
    return any(_is_unread(run) for run in _RUNS.findall(text))


def _is_unread(run: str) -> bool:
    return bool(re.match(r"\w", run)) and not _KANA.match(run)


def _by_words(text: str, words: Sequence[str]) -> list[Part]:
    """Give each word its reading where a text (most often a name) has as many words as the reading has."""
    pieces = re.split(r"([\s,，・=＝]+)", text)
    if len(words) < 2 or len(pieces[::2]) != len(words) or not all(pieces):
        return []
    said = [_by_kana(piece, word) or [(piece, _hiragana(word))] for piece, word in zip(pieces[::2], words, strict=True)]
    breaks = [[(between, "")] for between in pieces[1::2]] + [[]]
    return [part for word, between in zip(said, breaks, strict=True) for part in (*word, *between)]


def _by_kana(text: str, reading: str) -> list[Part]:
    """Give each run of characters its part of the reading if there is exactly one way to do it."""
    runs = _RUNS.findall(text)
    if sum(_is_unread(run) for run in runs) > 12:
        return []
    ways = list(zip(_ways(runs, reading.translate(_TO_KATAKANA), 0), range(2), strict=False))
    if len(ways) != 1:
        return []
    said = ways[0][0]
    return [(run, _hiragana(over)) for run, over in zip(runs, said, strict=True)]


def _ways(runs: Sequence[str], reading: str, at: int) -> Iterator[list[str]]:
    """Yield every way in which the runs use up the reading from a place on."""
    if not runs:
        if at == len(reading):
            yield []
        return
    first, rest = runs[0], runs[1:]
    if _is_unread(first):
        ends = range(at + 1, len(reading) + 1) if at < len(reading) and reading[at] not in _NO_BEGINNING else ()
        if not rest:
            ends = (len(reading),) if ends else ()
        for end in ends:
            for way in _ways(rest, reading, end):
                yield [reading[at:end], *way]
    elif _KANA.match(first):
        if _says(first, reading[at : at + len(first)]):
            for way in _ways(rest, reading, at + len(first)):
                yield ["", *way]
    else:
        for way in _ways(rest, reading, at):
            yield ["", *way]


def _says(kana: str, said: str) -> bool:
    written = kana.translate(_TO_KATAKANA)
    return len(written) == len(said) and all(
        sound in _SAID_AS.get(one, one) for one, sound in zip(written, said, strict=True)
    )


def _hiragana(reading: str) -> str:
    return reading.translate(_TO_HIRAGANA)
