"""The limit: the same answers from bitmaps in memory, without reading any text. Nothing built on disk can be faster."""

from collections.abc import Iterable

from pyroaring import BitMap

from catalog.search.query import PAGE_SIZE, Query
from catalog.search.result import FACETS


class Bitmaps:
    """A bitmap for every term that is asked and for every value of every facet; titles are numbered by rank."""

    def __init__(self, asked: Iterable[Query]) -> None:
        self.terms = {(row.field, term.folded): BitMap() for query in asked for row in query.rows for term in row.terms}
        self.values: dict[tuple[str, str], BitMap] = {}

    def add(self, number: int, texts: dict[str, str], values: dict[str, tuple[str, ...]]) -> None:
        """Enter one title: its folded text per field ("any" too), its values per facet (and class prefixes)."""
        for (field, term), titles in self.terms.items():
            if term in texts[field]:
                titles.add(number)
        for name, these in values.items():
            for value in these:
                self.values.setdefault((name, value), BitMap()).add(number)

    def answer(self, query: Query) -> tuple[int, list[int], dict[tuple[str, str], int]]:
        """Return total, first page and all facet counts."""
        hits = BitMap.intersection(*(self.terms[row.field, term.folded] for row in query.rows for term in row.terms))
        for name, chosen in query.filters.items():
            hits &= BitMap.union(*(self.values.get((name, value), BitMap()) for value in chosen))
        counts = {key: hits.intersection_cardinality(titles) for key, titles in self.values.items() if key[0] in FACETS}
        return len(hits), list(hits[:PAGE_SIZE]), counts
