"""Put synthetic records into a database of their own, by COPY, and take it away again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.utils import timezone

from catalog.bench.records import LIBRARIES, Record
from catalog.copying import copy_with_keys
from catalog.models import Item, Library, MaterialType, Title

CHUNK = 5000


@contextmanager
def own_database(name: str) -> Iterator[None]:
    """Run the block in a new, migrated database beside the usual one; it is dropped afterwards."""
    usual = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(usual, verbosity=0)


def load(
    records: Iterator[Record],
    progress: Callable[[int], None],
    seen: Callable[[int, Record, str], None] = lambda pk, record, folded: None,
) -> int:
    """Write libraries, titles and copies; the trigram index is left out, since the fallback is not measured here.

    ``seen`` is shown every record with its key and its folded text.
    """
    libraries = [
        Library.objects.create(
            code=f"lib{number}", name=f"見本図書館{number}", short_name=f"見本{number}", telephone="-"
        )
        for number in range(LIBRARIES)
    ]
    kinds = {kind.code: kind for kind in MaterialType.objects.all()}
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX title_folded_trigrams")
        cursor.execute("ALTER TABLE catalog_title DISABLE TRIGGER USER; ALTER TABLE catalog_item DISABLE TRIGGER USER")
    done = 0
    while chunk := [record for _, record in zip(range(CHUNK), records, strict=False)]:
        numbered = list(enumerate(chunk, start=done + 1))
        titles = [_title(pk, record, kinds) for pk, record in numbered]
        copy_with_keys(Title, titles)
        copy_with_keys(Item, [item for pk, record in numbered for item in _items(pk, record, libraries)])
        for (pk, record), title in zip(numbered, titles, strict=True):
            seen(pk, record, title.folded)
        done += len(chunk)
        progress(done)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalog_title ENABLE TRIGGER USER; ALTER TABLE catalog_item ENABLE TRIGGER USER")
        cursor.execute("ANALYZE")
    return done


def _title(pk: int, record: Record, kinds: dict[str, MaterialType]) -> Title:
    fields = ("title", "title_reading", "volume", "creator", "creator_reading", "publisher", "year", "isbn", "ndc")
    fields += ("language", "subjects", "added_on")
    columns = {name: getattr(record, name) for name in fields}
    title = Title(pk=pk, material_type=kinds[record.kind], changed_at=timezone.now(), **columns)
    title.folded, title.title_key = title.fold_text(), title.title_sort_key()
    title.creator_key = title.creator_sort_key()
    return title


def _items(pk: int, record: Record, libraries: list[Library]) -> Iterator[Item]:
    status = Item.Status.ON_LOAN if record.lent else Item.Status.AVAILABLE
    for number in record.libraries:
        at = libraries[number]
        yield Item(
            pk=pk * LIBRARIES + number,
            title_id=pk,
            barcode=f"{pk}A{number}",
            home_library=at,
            library=at,
            call_number=record.ndc,
            call_number_key=record.ndc,
            status=status.value,
            acquired_on=record.added_on,
        )
