"""Documents of the whole catalogue, made by all cores, as the JSON lines that the index takes.

Making a document (pairs, words) costs more than adding it, so that worker processes do the first. Each reads its own
chunks; what is being worked on at one time is bounded, and so is memory.
"""

import json
import os
from collections.abc import Iterator
from itertools import pairwise

from django.db import connection, connections
from django.db.models import Count, Q
from django.utils import timezone

from catalog import workers
from catalog.models import Item, Library, Title
from catalog.search.index.document import Holdings, fields
from catalog.search.index.refold import refold

CHUNK = 2000  # titles read at a time
WORTH_PROCESSES = 20_000  # titles; fewer are quicker in one
AHEAD = 2  # chunks per core

Bounds = tuple[int, int]
EVERY_CHUNK = """
    SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM catalog_title) numbered
    WHERE number %% %s = 1
    UNION ALL SELECT max(id) + 1 FROM catalog_title HAVING count(*) > 0
    ORDER BY id
"""
"""The id of the first title of every chunk, and one beyond the last title."""


def all_documents() -> Iterator[list[str]]:
    """Yield the JSON of every title's document, a chunk at a time."""
    with connection.cursor() as cursor:
        cursor.execute(EVERY_CHUNK, [CHUNK])
        chunks = list(pairwise(bound for (bound,) in cursor))
    cores = os.cpu_count() or 1
    if len(chunks) * CHUNK < WORTH_PROCESSES or cores == 1 or connection.in_atomic_block:
        yield from map(json_between, chunks)
        return
    connections.close_all()  # a forked process must not share them
    if hasattr(connection, "close_pool"):
        connection.close_pool()
    with workers.processes(cores, "fork") as pool:
        yield from workers.in_order(pool, json_between, chunks, ahead=cores * AHEAD)


def json_between(bounds: Bounds) -> list[str]:
    """Return the documents of the titles whose ids stand from the first bound to below the second."""
    first, end = bounds
    titles = titles_of(Q(pk__gte=first, pk__lt=end))
    held, this_year = holdings_of(titles), timezone.localdate().year
    return [json.dumps(fields(title, held[title.pk], this_year), ensure_ascii=False) for title in titles]


def titles_of(which: Q) -> list[Title]:
    """Return titles with all that a document needs of them, derived columns as they ought to be."""
    titles = list(Title.objects.filter(which).select_related("material_type", "series"))  # in order: ties stay so
    refold(titles)
    return titles


def holdings_of(titles: list[Title]) -> dict[int, Holdings]:
    """Return what is known of the copies of each title.

    Copies are read by their titles alone, and loans by the keys of these copies, so that the planner cannot go wrong
    where it has not counted yet.
    """
    held = {title.pk: Holdings() for title in titles}
    codes = dict(Library.objects.order_by().values_list("pk", "code"))
    title_of: dict[int, int] = {}
    columns = ("pk", "title_id", "status", "lendable", "home_library_id")
    for pk, title, status, lendable, library in Item.objects.filter(title__in=held).order_by().values_list(*columns):
        title_of[pk] = title
        if status != Item.Status.WITHDRAWN:
            holdings = held[title]
            holdings.copies += 1
            holdings.libraries.add(codes[library])
            holdings.available |= lendable and status == Item.Status.AVAILABLE
    lent = Item.objects.filter(pk__in=title_of).order_by().annotate(times=Count("loans"))
    for pk, times in lent.values_list("pk", "times"):
        held[title_of[pk]].loans += times
    return held
