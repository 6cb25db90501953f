"""What a patron does with 「My 本棚」: put on, move, take out, put back (SPEC M9).

Whoever changes what stands on a shelf locks the shelf first; of two shelves the one with the smaller id.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext

from catalog.marc.meaning.extent import pages_of
from catalog.models import Title
from patrons.models import Mark, Patron, Shelf, ShelfEntry

MOST_SHELVES = 50
MOST_TITLES = 5_000  # on one shelf
PUT_BACK = timedelta(minutes=10)  # how long 「もとに戻す」 is offered


class Said(TypedDict, total=False):
    """What a patron says of an entry, by its columns."""

    mark: str
    read_on: date | None
    pages: int | None
    note: str


class AlreadyThereError(Exception):
    """The title stands on that shelf."""


class FullError(Exception):
    """The shelf holds MOST_TITLES."""


def first_shelf(patron: Patron, *, now: datetime) -> Shelf:
    """Return the patron's first shelf, made now if there is none."""
    known = patron.shelves.first()
    return known or patron.shelves.get_or_create(name=gettext("わたしの本棚"), defaults={"created_at": now})[0]


@transaction.atomic
def add(
    shelf: Shelf, title: Title | None, *, now: datetime, name: str = "", creator: str = "", **said: Unpack[Said]
) -> ShelfEntry:
    """Put a title at the end of a shelf, or a book the library does not have, by its name.

    Pages that are not said come from the record.
    AlreadyThereError, FullError.
    """
    place = _end(shelf, title)
    if title:
        name, creator = str(title), title.creator
        said["pages"] = said.get("pages") or pages_of([title.pk]).get(title.pk)
    return ShelfEntry.objects.create(
        shelf=shelf, title=title, name=name, creator=creator, position=place, added_at=now, **said
    )


def _end(shelf: Shelf, title: Title | None) -> int:
    """Lock a shelf and return the place behind its last entry, if the title may go there."""
    _lock(shelf.pk)
    standing = shelf.entries.standing()
    if title and standing.filter(title=title).exists():
        raise AlreadyThereError
    if standing.count() >= MOST_TITLES:
        raise FullError
    return (shelf.entries.aggregate(last=Max("position"))["last"] or 0) + 1


def _lock(*shelves: int) -> None:
    list(Shelf.objects.select_for_update(no_key=True).filter(pk__in=shelves).order_by("pk").values("pk"))


@transaction.atomic
def move(entry: ShelfEntry, *, steps: int) -> None:
    """Move an entry among those that stand on its shelf: negative steps towards the front, as far as there is room."""
    _lock(entry.shelf_id)
    entry.refresh_from_db(fields=("position",))
    standing, here = entry.shelf.entries.standing(), entry.position
    before = steps < 0
    way = standing.filter(position__lt=here).reverse() if before else standing.filter(position__gt=here)
    places = list(way.values_list("position", flat=True)[: abs(steps)])
    if not places:
        return
    there = places[-1]
    passed = (
        {"position__gte": there, "position__lt": here} if before else {"position__gt": here, "position__lte": there}
    )
    entry.shelf.entries.filter(**passed).update(position=F("position") + (1 if before else -1))
    entry.position = there
    entry.save(update_fields=("position",))


def place_of(entry: ShelfEntry) -> int:
    """Return which one on its shelf an entry is, counted from 1."""
    return entry.shelf.entries.standing().filter(position__lte=entry.position).count()


@transaction.atomic
def put_on(entry: ShelfEntry, shelf: Shelf) -> None:
    """Move an entry to the end of another shelf of its patron. AlreadyThereError, FullError."""
    if shelf.pk == entry.shelf_id:
        return
    _lock(entry.shelf_id, shelf.pk)
    entry.position = _end(shelf, entry.title)
    entry.shelf = shelf
    entry.save(update_fields=("shelf", "position"))


def mark(entry: ShelfEntry, how: str, *, on: date | None = None) -> None:
    """Say how far the patron is; ``on`` is the day a title was read, if it is known."""
    entry.mark = Mark(how)
    entry.read_on = on if how == Mark.READ else None
    entry.save(update_fields=("mark", "read_on"))


@transaction.atomic
def take_out(entry: ShelfEntry, *, now: datetime) -> None:
    """Take an entry out; its place is kept while it can be put back. What was taken out earlier is forgotten."""
    _lock(entry.shelf_id)
    ShelfEntry.objects.filter(pk=entry.pk, removed_at=None).update(removed_at=now)
    ShelfEntry.objects.of(entry.shelf.patron).filter(removed_at__lt=now - PUT_BACK).delete()


def returnable(shelf: Shelf, *, now: datetime) -> Iterable[ShelfEntry]:
    """Return what was taken out of a shelf a moment ago, the latest first."""
    taken = shelf.entries.filter(removed_at__gt=now - PUT_BACK)
    return taken.select_related("title").order_by("-removed_at")[:3]


@transaction.atomic
def put_back(entry: ShelfEntry) -> None:
    """Let an entry stand where it stood. AlreadyThereError when the title has been put there anew."""
    _lock(entry.shelf_id)
    others = entry.shelf.entries.standing().exclude(pk=entry.pk)
    if entry.title_id and others.filter(title=entry.title_id).exists():
        raise AlreadyThereError
    ShelfEntry.objects.filter(pk=entry.pk).update(removed_at=None)
