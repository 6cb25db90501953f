"""What to offer when nothing was found: never a dead end (SPEC S5)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

import tantivy
from django.utils.translation import gettext as _

from catalog.japanese.fold import fold
from catalog.japanese.morphemes import token, words_of
from catalog.models import Title
from catalog.search import engine
from catalog.search.index import on_disk
from catalog.search.index.hits import ids_of
from catalog.search.index.schema import schema
from catalog.search.query import Query, Row, Term

TITLES_READ = 10
SHORTEST_MISSPELT = 3  # letters; shorter words are near to everything


@dataclass(frozen=True)
class Offer:
    """Another search that finds something: what it changes, its address, how many titles."""

    label: str
    address: str
    total: int


def offers(query: Query) -> list[Offer]:
    """Return searches near to one that found nothing; none without an index."""
    reader = on_disk.reader()
    if not reader:
        return []
    searcher = reader.searcher()
    found: dict[str, Offer] = {}
    for label, other in _near(searcher, query):
        if total := engine.search(searcher, other).total:
            found.setdefault(other.address(), Offer(label, other.address(), total))
    return list(found.values())


def _near(searcher: tantivy.Searcher, query: Query) -> Iterator[tuple[str, Query]]:
    if query.filters or query.year_from or query.year_to:
        yield _("しぼりこみをすべて外す"), replace(query, filters={}, year_from=None, year_to=None, page=1)
    for term in query.terms:
        words = words_of(term.typed)
        if words.kana and words.reading != fold(term.typed):
            yield _("よみ「%(reading)s」で探す") % {"reading": words.kana}, _with(query, term, words.kana)
        if word := _spelling(searcher, term):
            yield _("もしかして「%(word)s」") % {"word": word}, _with(query, term, word)
    if len(query.terms) > 1:
        alone = {term: Query(rows=(Row((term,)),)) for term in query.terms}
        rarest = min(alone, key=lambda term: engine.search(searcher, alone[term]).total)
        yield _("「%(word)s」を除いて探す") % {"word": rarest.typed}, _with(query, rarest, "")
    if any(row.field not in ("any", "isbn") for row in query.rows):
        yield _("すべての項目で探す"), query.with_rows(replace(row, field="any") for row in query.rows)


def _spelling(searcher: tantivy.Searcher, term: Term) -> str:
    """Return the word of the catalogue that is nearest to a term: one letter off, two in a long word."""
    asked = token(term.folded)
    if len(asked) < SHORTEST_MISSPELT:
        return ""
    distance = 1 if len(asked) < 2 * SHORTEST_MISSPELT else 2
    near = tantivy.Query.fuzzy_term_query(schema(), "words", asked, distance)
    ids = ids_of(searcher, searcher.search(near, TITLES_READ, weight_by_field="rank"))
    words: dict[str, str] = {}
    for title in Title.objects.filter(pk__in=ids):
        words |= words_of(title.title).written | {token(fold(word)): word for word in title.title_reading.split()}
    written = {folded: word for folded, word in words.items() if folded != asked}
    nearest = min(written, key=lambda folded: letters_apart(asked, folded), default="")
    return written[nearest] if nearest and letters_apart(asked, nearest) <= distance else ""


def letters_apart(one: str, other: str) -> int:
    """Return how many letters have to be put in, left out or changed to make one word the other."""
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (left != right))
    return row[-1]


def _with(query: Query, term: Term, word: str) -> Query:
    """Return the query with another word for a term, or without the term where there is none."""
    others = (Term(word, fold(word)),) if word else ()
    rows = [
        replace(row, terms=tuple(chain.from_iterable(others if this == term else (this,) for this in row.terms)))
        for row in query.rows
    ]
    return query.with_rows(row for row in rows if row.terms)
