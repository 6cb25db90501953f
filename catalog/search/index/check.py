"""Compare the index with PostgreSQL, the truth.

A title's document is made anew and its digest compared with the one that is stored: all of it but the rank.
"""

import random
from collections.abc import Iterator

import tantivy
from django.utils import timezone

from catalog.models import Title
from catalog.search.index import on_disk
from catalog.search.index.build import holdings_of
from catalog.search.index.document import fields
from catalog.search.index.refold import derive
from catalog.search.index.schema import DIGEST, schema

CHUNK = 1000


def problems(sample: int | None = None) -> Iterator[str]:
    """Yield what is wrong with the index, a sentence each.

    ``sample`` is how many titles are looked up one by one; None looks up all of them.
    """
    reader = on_disk.reader()
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
        titles = list(
            Title.objects.select_related("material_type", "series").filter(pk__in=chosen[start : start + CHUNK])
        )
        held, this_year = holdings_of(titles), timezone.localdate().year
        for title in titles:
            derive(title)
            yield from _compare(searcher, title.pk, fields(title, held[title.pk], this_year))


def _compare(searcher: tantivy.Searcher, pk: int, wanted: dict[str, list]) -> Iterator[str]:
    found = searcher.search(_whole("id", pk), 1)
    if found.count != 1:
        yield f"Title {pk} stands {found.count} times in the index."
    elif searcher.fast_field_values(DIGEST, [address for _, address in found.hits]) != wanted[DIGEST]:
        yield f"Title {pk} stands in the index with an older state."


def _whole(field: str, value: str | int) -> tantivy.Query:
    return tantivy.Query.term_query(schema(), field, value, "basic")
