"""Bring the columns that follow from a record after it, where saving did not.

``QuerySet.update``, a series that was renamed, or a new folding leave them behind. The indexer looks at every title it
reads, so that what changed the record reaches the index and the plain search by itself.
"""

from collections.abc import Iterable

from django.db import connection, transaction

from catalog.derived import DERIVED
from catalog.models import Title

COLUMNS = ", ".join(DERIVED)
WRITE = f"""
    UPDATE catalog_title title SET {", ".join(f"{name} = new.{name}" for name in DERIVED)}
    FROM unnest(%s::bigint[]{", %s::text[]" * len(DERIVED)}) AS new (id, {COLUMNS})
    WHERE title.id = new.id
"""  # noqa: S608  (names of our own columns)


def refold(titles: Iterable[Title]) -> int:
    """Derive the columns of these titles, read with their series, anew, and write those that differ; return how many.

    What is written is derived under the title's lock, from what stands there then. A replica is left as it is.
    """
    stale = [title.pk for title in titles if title.derive()]
    if not stale:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        on_a_replica = cursor.fetchone()[0]
        if not on_a_replica:
            locked = Title.objects.select_for_update(of=("self",), no_key=True).select_related("series")
            differing = [title for title in locked.filter(pk__in=stale).order_by("pk") if title.derive()]
            columns = [[getattr(title, name) for title in differing] for name in ("pk", *DERIVED)]
            cursor.execute(WRITE, columns)
    return len(stale)
