"""What the index is asked and what it answers, in its library's own words: one value of one field, keys, numbers."""

import tantivy

from catalog.search.index.schema import schema


def holding(field: str, value: str | int) -> tantivy.Query:
    """Match the documents that hold a value in a field."""
    return tantivy.Query.term_query(schema(), field, value, "basic")


def ids_of(searcher: tantivy.Searcher, found: tantivy.SearchResult) -> tuple[int, ...]:
    """Return the keys of the titles that were found, in their order."""
    keys = searcher.fast_field_values("id", [place for _, place in found.hits])
    return tuple(int(key) for key in keys if key is not None)


def number_of(found: tantivy.SearchResult) -> int:
    """Return how many documents were found, on this page or beyond."""
    return found.count or 0  # type: ignore[attr-defined]  # tantivy's stubs forget it
