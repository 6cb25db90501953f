"""Ask the index: what matches, in which order, how many of what kind. Pure reading; nothing here asks PostgreSQL.

The order of relevance is tiers: the whole title, a whole reading, all terms as words of the title, a whole name or
subject, the text anywhere, and last what only matches in its normal form. Inside a tier titles stand by ``rank``. A
tier outweighs what a rank can multiply (six times), so 京都 never follows 東京都 because that is lent more often.
"""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial, reduce

import tantivy
from tantivy import Occur, Order

from catalog.japanese.fold import fold, squeeze
from catalog.japanese.morphemes import token, words_of
from catalog.search.index.grams import phrase, units
from catalog.search.index.hits import holding, ids_of, number_of
from catalog.search.index.schema import SOUNDS, UNITS, schema
from catalog.search.query import PAGE_SIZE, Query, Row, Term
from catalog.search.result import FACETS, SearchResult

Match = tantivy.Query
Also = dict[tuple[str, str], Match]
TIERS = {
    "exact": 32768.0,
    "exact_reading": 4096.0,
    "heard": 4096.0,
    "words": 512.0,
    "heard_in": 512.0,
    "name": 64.0,
    "topic": 64.0,
    "text": 8.0,
    "forms": 1.0,
}
ORDERS = {
    "newest": ("year", Order.Desc),
    "oldest": ("oldest", Order.Asc),
    "title": ("title_order", Order.Asc),
    "creator": ("creator_order", Order.Asc),
}
FILTERS = {"type": "type", "library": "library", "ndc": "class", "language": "language"}
MOST_BUCKETS = 100
ONE_KANA = re.compile("[ぁ-ゖ]")
ISBN = re.compile("97[89][0-9]{10}")
HIRAGANA = re.compile("[ぁ-ゖー]+")
BETWEEN_NAMES = re.compile("[・･=＝゠]")


def search(searcher: tantivy.Searcher, query: Query, also: Also | None = None, heard: str = "") -> SearchResult:
    """Answer a query. ``also`` maps (field, folded term) to another match that counts as that term there.

    ``heard`` is the sound of the whole query; titles in whose readings it stands come before those with its parts.
    """
    match = matching(query, also or {})
    start = (query.page - 1) * PAGE_SIZE
    counting = _aside().submit(_facets, searcher, match)
    if query.sort in ORDERS:
        field, direction = ORDERS[query.sort]
        found = searcher.search(match, PAGE_SIZE, offset=start, order_by_field=field, order=direction)
    else:
        found = searcher.search(_ranked(match, query, heard), PAGE_SIZE, offset=start, weight_by_field="rank")
    total = number_of(found)
    facets = counting.result() if total else {}
    return SearchResult(query=query, total=total, ids=ids_of(searcher, found), facets=facets, notes=query.notes)


@cache
def _aside() -> ThreadPoolExecutor:
    """Return the threads that count facets while the hits are put in order; a dear search takes half the time so."""
    return ThreadPoolExecutor(thread_name_prefix="facets")


os.register_at_fork(after_in_child=_aside.cache_clear)  # threads do not come along into a forked process


def matching(query: Query, also: Also) -> Match:
    """Return the match of rows and filters; the score of every hit is its lowest tier."""
    rows = reduce(partial(_joined, also=also), query.rows, None)
    parts = [(Occur.Must, rows if rows else holding("kind", "title"))]
    # A filter passes without adding to the score.
    parts += [(Occur.Must, Match.const_score_query(wanted, 0.0)) for wanted in _filters(query)]
    return Match.boolean_query(parts) if len(parts) > 1 else parts[0][1]


def _joined(before: Match | None, row: Row, *, also: Also) -> Match:
    """Join a row to the match of the rows before it."""
    once = {term.folded: term for term in row.terms}.values()  # a word typed twice is looked for once
    terms = [either(_tiered(row.field, term), also.get((row.field, term.folded))) for term in once]
    here = terms[0] if len(terms) == 1 else Match.boolean_query([(Occur.Must, term) for term in terms])
    if row.join == "not":
        everything = before or holding("kind", "title")
        return Match.boolean_query([(Occur.Must, everything), (Occur.MustNot, here)])
    if before is None:
        return here
    occur = Occur.Should if row.join == "or" else Occur.Must
    return Match.boolean_query([(occur, before), (occur, here)])


def either(match: Match, other: Match | None) -> Match:
    """Match what one of two matches does; ``other`` may be missing."""
    return Match.boolean_query([(Occur.Should, match), (Occur.Should, other)]) if other else match


def _tiered(field: str, term: Term) -> Match:
    """Match a term as text or, in the last tier, by the normal forms of its words (スパゲティ, スパゲッティ).

    The parts of エドガー・アラン・ポー are also met in another order, since catalogues write ポー, エドガー・アラン.
    """
    match = Match.const_score_query(contains(field, squeeze(term.folded)), TIERS["text"])
    forms = other_forms(term) if field in ("any", "title") else {}
    same = [_any_of(("words", form), ("forms", form)) for form in sorted(forms)]
    for parts in (same, [contains(field, part) for part in name_parts(term)]):
        if parts:
            alike = Match.boolean_query([(Occur.Must, part) for part in parts])
            match = either(match, Match.const_score_query(alike, TIERS["forms"]))
    return match


def other_forms(term: Term) -> dict[str, str]:
    """Return the normal forms of a term's words when they are not what was typed; kana is left to the readings."""
    if HIRAGANA.fullmatch(term.typed.strip('"')):
        return {}
    found = words_of(term.typed)
    return found.forms if found.forms.keys() - found.written.keys() else {}


def name_parts(term: Term) -> list[str]:
    """Return the folded parts of a name written with middle dots; empty for any other term."""
    parts = [squeeze(part) for written in BETWEEN_NAMES.split(term.typed.strip('"')) if (part := fold(written))]
    return parts if len(parts) > 1 else []


def contains(field: str, text: str) -> Match:
    """Match titles in which a folded text stands, anywhere in a field; one kana only where a title begins or ends."""
    field = "all" if field == "any" else field
    if field == "isbn" or ISBN.fullmatch(text):
        return holding("isbn", text)
    parts = units(text)
    if len(parts) == 1:
        if field in ("all", "title") and ONE_KANA.fullmatch(text):
            return _any_of(("head", text), ("words", text))
        return holding(UNITS[field], text)
    placed = phrase(text)
    return holding(field, placed[0][1]) if len(placed) == 1 else Match.phrase_query(schema(), field, [*placed])


def sounding(field: str, heard: str) -> Match:
    """Match titles in whose readings, of one field or of any, a sound of two kana or more stands."""
    return reduce(either, (contains(name, heard) for name in SOUNDS[field]))


def _ranked(match: Match, query: Query, heard: str) -> Match:
    """Add the higher tiers to a match."""
    terms = query.terms
    if not terms:
        return match
    whole = squeeze(" ".join(term.folded for term in terms))
    tiers = [("exact", holding("exact", whole)), ("exact_reading", holding("exact_reading", whole))]
    as_words = []
    for term in terms:  # the term is one word, or all of its words are words
        word, parts = holding("words", token(term.folded)), sorted(words_of(term.typed).written)
        within = Match.boolean_query([(Occur.Must, holding("words", part)) for part in parts]) if parts else None
        as_words.append((Occur.Must, either(word, within)))
    tiers += [("words", Match.boolean_query(as_words))]
    tiers += [(field, holding(field, whole)) for field in ("name", "topic")]
    tiers += [("heard", holding("heard", heard)), ("heard_in", sounding("any", heard))] if heard else []
    scored = [(Occur.Should, Match.const_score_query(tier, TIERS[name])) for name, tier in tiers]
    return Match.boolean_query([(Occur.Must, match), *scored])


def _filters(query: Query) -> list[Match]:
    wanted = [
        Match.term_set_query(schema(), field, list(query.filters[name]))
        for name, field in FILTERS.items()
        if name in query.filters
    ]
    if decades := query.filters.get("decade"):
        wanted.append(Match.term_set_query(schema(), "decade", [int(decade) for decade in decades]))
    if "available" in query.filters:
        wanted.append(holding("available", 1))
    if query.year_from or query.year_to:
        bounds = (query.year_from or 1, query.year_to or 9998)
        wanted.append(Match.range_query(schema(), "year", tantivy.FieldType.Integer, *bounds))
    return wanted


def _facets(searcher: tantivy.Searcher, match: Match) -> dict[str, tuple[tuple[str, int], ...]]:
    """Count all facets in one pass over the hits; numbers are said as they are written, without a point."""
    asked = {name: {"terms": {"field": name, "size": MOST_BUCKETS}} for name in FACETS}
    counted = {name: answer["buckets"] for name, answer in searcher.aggregate(match, asked).items()}
    return {
        name: tuple(
            (bucket["key"] if isinstance(bucket["key"], str) else str(int(bucket["key"])), bucket["doc_count"])
            for bucket in counted[name]
        )
        for name in FACETS
    }


def _any_of(*terms: tuple[str, str]) -> Match:
    return Match.boolean_query([(Occur.Should, holding(field, value)) for field, value in terms])
