"""What a patron has read, as the patron says it: the marks on the shelves, and the reading log where there is one."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from catalog.marc.meaning.extent import pages_of
from catalog.models import Title
from patrons.models import Patron, ShelfEntry
from patrons.reading.reading_log import read_between


@dataclass(frozen=True)
class ReadBook:
    """One title read on a day (Asia/Tokyo); ``key`` tells titles apart, ``pages`` None when nobody knows them."""

    key: Hashable
    name: str
    by: str
    on: date
    pages: int | None = None


def told(patron: Patron, first: date = date.min, last: date = date.max) -> list[ReadBook]:
    """Return everything said between two days, both included, the marks before the log; at most three queries.

    Of what stands in the log alone nobody has said the pages: ``with_pages`` looks them up where they are needed.
    """
    marked = ShelfEntry.objects.of(patron).standing().filter(read_on__range=(first, last)).select_related("title")
    said = [
        ReadBook(entry.title_id or (entry.name, entry.creator), str(entry), entry.by, entry.read_on, entry.pages)
        for entry in marked.order_by("read_on", "pk")
        if entry.read_on
    ]
    logged = read_between(patron, first, last)
    ids = {read.title_id for read in logged} - {book.key for book in said}
    creators = dict(Title.objects.filter(pk__in=ids).values_list("pk", "creator")) if ids else {}
    return said + [
        ReadBook(read.title_id, read.title, creators.get(read.title_id, "").replace("; ", "、"), read.on)
        for read in sorted(logged, key=lambda read: read.on)
    ]


def with_pages(books: Iterable[ReadBook]) -> list[ReadBook]:
    """Return the books with the pages that their records tell where nobody has said them; one query."""
    books = list(books)
    pages = pages_of({book.key for book in books if book.pages is None and isinstance(book.key, int)})
    return [
        replace(book, pages=book.pages or (pages.get(book.key) if isinstance(book.key, int) else None))
        for book in books
    ]


def each_once(said: Iterable[ReadBook], first: date = date.min, last: date = date.max) -> list[ReadBook]:
    """Return the titles read between two days, each once, in the order of their days; a mark counts before the log."""
    found: dict[Hashable, ReadBook] = {}
    for book in said:
        if not first <= book.on <= last:
            continue
        known = found.setdefault(book.key, book)
        if known.pages is None and book.pages:
            found[book.key] = replace(known, pages=book.pages)
    return sorted(found.values(), key=lambda book: book.on)
