"""How many titles a value of the index holds, for pages that only count."""

import tantivy

from catalog.search.index import on_disk
from catalog.search.index.schema import schema


def count_of(field: str, value: str) -> int | None:
    """Return how many titles have a value in a field of the index; None when there is no index."""
    reader = on_disk.reader()
    if not reader:
        return None
    return reader.searcher().search(tantivy.Query.term_query(schema(), field, value, "basic"), 1).count
