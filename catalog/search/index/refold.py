"""Bring the columns that follow from a record after it, where saving did not.

``QuerySet.update``, a series that was renamed, or a new folding leave them behind. The indexer looks at every title it
reads, so that what changed the record reaches the index and the plain search by itself.
"""

from collections.abc import Iterable

from django.db import connection, transaction

from catalog.models import Title

WRITE = """
    UPDATE catalog_title title SET folded = new.folded, title_key = new.title_key, creator_key = new.creator_key,
        volume_key = new.volume_key
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
        AS new (id, folded, title_key, creator_key, volume_key)
    WHERE title.id = new.id
"""


def refold(titles: Iterable[Title]) -> int:
    """Derive the columns of these titles, read with their series, anew, and write those that differ; return how many.

    What is written is derived under the title's lock, from what stands there then. A replica is left as it is.
    """
    stale = [title.pk for title in titles if derive(title)]
    if stale and not _on_a_replica():
        with transaction.atomic():
            locked = Title.objects.select_for_update(of=("self",), no_key=True).select_related("series")
            _write([title for title in locked.filter(pk__in=stale).order_by("pk") if derive(title)])
    return len(stale)


def derive(title: Title) -> bool:
    """Set the derived columns of a title, writing nothing; tell whether they were others before."""
    before = _derived(title)
    title.folded, title.title_key = title.fold_text(), title.title_sort_key()
    title.creator_key, title.volume_key = title.creator_sort_key(), title.volume_sort_key()
    return before != _derived(title)


def _derived(title: Title) -> tuple[str, ...]:
    return title.folded, title.title_key, title.creator_key, title.volume_key


def _on_a_replica() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        return cursor.fetchone()[0]


def _write(titles: list[Title]) -> None:
    rows = [(title.pk, *_derived(title)) for title in titles]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(WRITE, [list(column) for column in zip(*rows, strict=True)])
