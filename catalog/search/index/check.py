"""Compare the index with PostgreSQL, the truth.

A title's document is made anew and its digest compared with the one that is stored: all of it but the rank.
"""

import random
from collections.abc import Iterator

from django.utils import timezone

from catalog.models import Title
from catalog.search.index import on_disk
from catalog.search.index.build import holdings_of
from catalog.search.index.document import fields
from catalog.search.index.hits import holding, number_of
from catalog.search.index.schema import DIGEST

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
    indexed = number_of(searcher.search(holding("kind", "title"), 1))
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
            title.derive()
            found = searcher.search(holding("id", title.pk), 1)
            wanted = fields(title, held[title.pk], this_year)[DIGEST]
            if (times := number_of(found)) != 1:
                yield f"Title {title.pk} stands {times} times in the index."
            elif searcher.fast_field_values(DIGEST, [address for _, address in found.hits]) != wanted:
                yield f"Title {title.pk} stands in the index with an older state."
