"""Put synthetic records into a database of their own, by COPY, and take it away again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from catalog.bench.records import LIBRARIES, Record
from catalog.models import Item, Library, MaterialType, Title

COLUMNS = (
    "id", "material_type_id", "title", "title_reading", "subtitle", "volume", "volume_order", "creator",
    "creator_reading", "publisher", "year", "isbn", "ndc", "language", "subjects", "added_on", "last_queue_number",
    "folded", "title_key", "creator_key",
)  # fmt: skip
ITEM_COLUMNS = (
    "title_id", "barcode", "home_library_id", "library_id", "location", "call_number", "status", "lendable",
    "interlibrary", "acquired_on", "call_number_key",
)  # fmt: skip
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


def load(records: Iterator[Record], progress: Callable[[int], None]) -> int:
    """Write libraries, titles and copies; the trigram index is left out, since the fallback is not measured here."""
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
        _copy("catalog_title", COLUMNS, (_title(done + i + 1, r, kinds) for i, r in enumerate(chunk)))
        _copy(
            "catalog_item",
            ITEM_COLUMNS,
            (row for i, r in enumerate(chunk) for row in _items(done + i + 1, r, libraries)),
        )
        done += len(chunk)
        progress(done)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalog_title ENABLE TRIGGER USER; ALTER TABLE catalog_item ENABLE TRIGGER USER")
        cursor.execute("ANALYZE")
    return done


def _title(pk: int, record: Record, kinds: dict[str, MaterialType]) -> tuple:
    fields = ("title", "title_reading", "volume", "creator", "creator_reading", "publisher", "year", "isbn", "ndc",
              "language", "subjects", "added_on")  # fmt: skip
    title = Title(pk=pk, material_type=kinds[record.kind], **{name: getattr(record, name) for name in fields})
    title.folded, title.title_key = title.fold_text(), title.title_sort_key()
    title.creator_key = title.creator_sort_key()
    return tuple(getattr(title, name) for name in COLUMNS)


def _items(pk: int, record: Record, libraries: list[Library]) -> Iterator[tuple]:
    status = Item.Status.ON_LOAN if record.lent else Item.Status.AVAILABLE
    for number in record.libraries:
        at = libraries[number].pk
        yield (
            pk,
            f"{pk}A{number}",
            at,
            at,
            "開架",
            f"{record.ndc}",
            status.value,
            True,
            False,
            record.added_on,
            record.ndc,
        )


def _copy(table: str, columns: tuple[str, ...], rows: Iterator[tuple]) -> None:
    connection.ensure_connection()
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
