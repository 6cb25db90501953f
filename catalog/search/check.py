"""Compare the index with PostgreSQL, the truth."""

import random
from collections.abc import Iterator

import tantivy

from catalog.models import Title
from catalog.search import index
from catalog.search.build import holdings_of
from catalog.search.document import Holdings, facts
from catalog.search.schema import schema

CHUNK = 1000


def problems(sample: int | None = None) -> Iterator[str]:
    """Yield what is wrong with the index, a sentence each.

    ``sample`` is how many titles are looked up one by one; None looks up all of them.
    """
    reader = index.reader()
    if not reader:
        yield "There is no index that can be read."
        return
    searcher = reader.searcher()
    indexed = searcher.search(_whole("kind", "title"), 1).count
    ids = list(Title.objects.values_list("pk", flat=True))
    if indexed != len(ids):
        yield f"The index holds {indexed} titles, the database {len(ids)}."
    chosen = ids if sample is None or sample >= len(ids) else random.sample(ids, sample)
    for start in range(0, len(chosen), CHUNK):
        titles = list(Title.objects.select_related("material_type").filter(pk__in=chosen[start : start + CHUNK]))
        held = holdings_of(titles)
        for title in titles:
            yield from _compare(searcher, title, held[title.pk])


def _compare(searcher: tantivy.Searcher, title: Title, held: Holdings) -> Iterator[str]:
    if (found := searcher.doc_freq("id", title.pk)) != 1:
        yield f"Title {title.pk} stands {found} times in the index."
        return
    wanted = facts(title, held)
    parts = [(tantivy.Occur.Must, _whole(field, value)) for field, values in wanted.items() for value in values]
    parts += [(tantivy.Occur.MustNot, _whole("available", 1))] * (not held.available)
    if searcher.search(tantivy.Query.boolean_query(parts), 1).count != 1:
        yield f"Title {title.pk} stands in the index with an older state."


def _whole(field: str, value: str | int) -> tantivy.Query:
    return tantivy.Query.term_query(schema(), field, value, "basic")
