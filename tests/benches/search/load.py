"""Put synthetic records into a database, by COPY."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice

from django.db import connection
from django.utils import timezone

from catalog.copying import copy_with_keys
from catalog.models import Item, Library, MaterialType, Title
from tests.benches.search.records import LIBRARIES, Record

CHUNK = 5000
COLUMNS = (  # of a title, as the record has them
    *("title", "title_reading", "volume", "creator", "creator_reading", "publisher", "year", "isbn", "ndc"),
    *("language", "subjects", "added_on"),
)


def load(
    records: Iterator[Record],
    progress: Callable[[int], None],
    seen: Callable[[int, Record, str], None] = lambda pk, record, folded: None,
) -> int:
    """Write libraries, titles and copies; the trigram index is left out, since the fallback is not measured here.

    ``seen`` is shown every record with its key and its folded text.
    """
    libraries, done = _libraries(), 0
    kinds = {kind.code: kind for kind in MaterialType.objects.all()}
    with _without_triggers():
        while chunk := list(islice(records, CHUNK)):
            numbered = list(enumerate(chunk, start=done + 1))
            titles = [_title(pk, record, kinds) for pk, record in numbered]
            copy_with_keys(Title, titles)
            copy_with_keys(Item, [item for pk, record in numbered for item in _items(pk, record, libraries)])
            for (pk, record), title in zip(numbered, titles, strict=True):
                seen(pk, record, title.folded)
            done += len(chunk)
            progress(done)
    return done


def _libraries() -> list[Library]:
    return [
        Library.objects.create(
            code=f"lib{number}", name=f"見本図書館{number}", short_name=f"見本{number}", telephone="-"
        )
        for number in range(LIBRARIES)
    ]


@contextmanager
def _without_triggers() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX title_folded_trigrams")
        cursor.execute("ALTER TABLE catalog_title DISABLE TRIGGER USER; ALTER TABLE catalog_item DISABLE TRIGGER USER")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalog_title ENABLE TRIGGER USER; ALTER TABLE catalog_item ENABLE TRIGGER USER")
        cursor.execute("ANALYZE")


def _title(pk: int, record: Record, kinds: dict[str, MaterialType]) -> Title:
    columns = {name: getattr(record, name) for name in COLUMNS}
    title = Title(pk=pk, material_type=kinds[record.kind], changed_at=timezone.now(), **columns)
    title.derive()
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
