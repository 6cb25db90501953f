"""What else a search that finds little is asked as: romaji as a reading, a number as a class or as a volume.

Whatever is asked beside the words is said above the results, and one link switches it off (SPEC S4).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce

import tantivy
from django.utils.translation import gettext as _

from catalog.japanese.fold import POWERS, kanji_number, squeeze
from catalog.japanese.romaji import PARTICLES, sound, spellings
from catalog.search.engine import Also, either, sounding
from catalog.search.index.hits import holding
from catalog.search.index.schema import SOUNDS
from catalog.search.query import Query, Row, Term

FEW = 5  # hits; with fewer, a search is also asked in these ways
Match = tantivy.Query

KANJI_NUMBER = f"[一二三四五六七八九{''.join(POWERS)}]+"
VOLUME = re.compile(f"(?:第|vol)?([0-9]{{1,4}})[巻冊集号部編篇輯]?|第?({KANJI_NUMBER})[巻冊集号部編篇輯]")
PLACES = {"上": 1, "前": 1, "中": 2, "下": 3, "後": 3}
PLACE = re.compile("([上前中下後])の?[巻冊編篇]?")
CLASS_NUMBER = re.compile(r"[0-9]{3}(?:\.[0-9]{1,6})?")


@dataclass(frozen=True)
class Wider:
    """Another match that counts as a term of a field, and the sentence that says so ("" where the rest says it)."""

    field: str
    term: Term
    match: Match
    note: str = ""


def ways(query: Query) -> list[Wider]:
    """Return what beside its words a query can be asked as."""
    return [way for row in query.rows for read in (_as_romaji, _as_numbers) for way in read(row)]


def matches(wider: list[Wider]) -> Also:
    """Return (field, folded term) → everything else that counts as the term there."""
    also: Also = {}
    for way in wider:
        place = (way.field, way.term.folded)
        also[place] = either(way.match, also.get(place))
    return also


def heard(query: Query) -> str:
    """Return the sound of a query whose every word is romaji, else an empty text."""
    kana = [next(iter(spellings(term.typed)), PARTICLES.get(term.folded, "")) for term in query.terms]
    return sound("".join(kana)) if all(kana) else ""


def _as_romaji(row: Row) -> Iterator[Wider]:
    """Yield the sound of each term that reads as romaji; particles between such words are let go."""
    if row.field not in SOUNDS:
        return
    heard = {term: [one for kana in spellings(term.typed) if len(one := sound(kana)) > 1] for term in row.terms}
    for term, sounds in heard.items():
        if sounds:
            note = _("「%(word)s」は ローマ字で書いたよみとしても検索しました。") % {"word": term.typed}
            yield Wider(row.field, term, reduce(either, (sounding(row.field, one) for one in sounds)), note)
        elif term.folded in PARTICLES and any(heard.values()):
            every = holding("kind", "title")
            yield Wider(row.field, term, Match.const_score_query(every, 0.0))


def _as_numbers(row: Row) -> Iterator[Wider]:
    """Yield the class that a number is (914.6), and the volume that it names beside other words (長い話 第1巻, 上)."""
    for term in row.terms:
        if row.field in ("any", "title") and len(row.terms) > 1 and (number := volume_number(squeeze(term.folded))):
            note = _("「%(word)s」は 巻の番号としても検索しました。") % {"word": term.typed}
            yield Wider(row.field, term, holding("volume", str(number)), note)
    for term in row.terms:
        if row.field == "any" and CLASS_NUMBER.fullmatch(term.typed):
            note = _("「%(word)s」は 分類番号としても検索しました。") % {"word": term.typed}
            yield Wider(row.field, term, holding("class", term.typed), note)


def volume_number(folded: str) -> int:
    """Return the number that a folded word gives a volume: 第3巻, vol.3 and 下 are 3; 0 when it is none."""
    if place := PLACE.fullmatch(folded):
        return PLACES[place[1]]
    found = VOLUME.fullmatch(folded)
    if not found:
        return 0
    return int(found[1]) if found[1] else kanji_number(found[2])
