"""Documents of the whole catalogue, made by all cores, as the JSON lines that the index takes.

Making a document (pairs, words) costs more than adding it, so that worker processes do the first. Each reads its own
chunks; what is being worked on at one time is bounded, and so is memory.
"""

import json
import os
from collections.abc import Iterator
from itertools import pairwise

from django.db import connection, connections
from django.db.models import Count
from django.db.models.query import QuerySet
from django.utils import timezone

from catalog import workers
from catalog.models import Item, Title
from catalog.search.document import Holdings, fields

CHUNK = 2000  # titles read at a time
WORTH_PROCESSES = 20_000  # titles; fewer are quicker in one
AHEAD = 2  # chunks per core

Bounds = tuple[int, int]


def all_documents() -> Iterator[list[str]]:
    """Yield the JSON of every title's document, a chunk at a time."""
    chunks = list(pairwise(_bounds()))
    cores = os.cpu_count() or 1
    if len(chunks) * CHUNK < WORTH_PROCESSES or cores == 1 or connection.in_atomic_block:
        yield from map(json_between, chunks)
        return
    _leave_connections()  # a forked process must not share them
    with workers.processes(cores, "fork") as pool:
        yield from workers.in_order(pool, json_between, chunks, ahead=cores * AHEAD)


def json_between(bounds: Bounds) -> list[str]:
    """Return the documents of the titles whose ids stand from the first bound to below the second."""
    first, end = bounds
    titles = list(with_types().filter(pk__gte=first, pk__lt=end))
    held, this_year = holdings_of(titles), timezone.localdate().year
    return [json.dumps(fields(title, held[title.pk], this_year), ensure_ascii=False) for title in titles]


def with_types() -> QuerySet[Title]:
    return Title.objects.select_related("material_type")


def holdings_of(titles: list[Title]) -> dict[int, Holdings]:
    """Return what is known of the copies of each title, in two queries."""
    held = {title.pk: Holdings() for title in titles}
    items = Item.objects.kept().filter(title__in=list(held))
    for pk, status, lendable, code in items.values_list("title", "status", "lendable", "home_library__code"):
        holdings = held[pk]
        holdings.copies += 1
        holdings.libraries.add(code)
        holdings.available |= lendable and status == Item.Status.AVAILABLE
    lent = Item.objects.filter(title__in=list(held), loans__isnull=False).values_list("title").annotate(Count("loans"))
    for pk, loans in lent:
        held[pk].loans = loans
    return held


def _bounds() -> list[int]:
    """Return every two-thousandth id, and one beyond the last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM catalog_title) numbered"
            " WHERE number %% %s = 1 ORDER BY id",
            [CHUNK],
        )
        firsts = [row[0] for row in cursor]
        cursor.execute("SELECT max(id) FROM catalog_title")
        last = cursor.fetchone()[0]
    return [*firsts, last + 1] if firsts else []


def _leave_connections() -> None:
    connections.close_all()
    if hasattr(connection, "close_pool"):
        connection.close_pool()
