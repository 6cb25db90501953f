"""The one door through which a copy changes its status, and the locks that a verb takes before it.

Locks (docs/design.md): … → Title (ascending id) → Item → … Whoever moves a copy calls ``lock_copy``, reads again,
decides, and calls ``move``. A new copy begins where its maker says: staff's form, an import, the sample. From then on
what the catalogue says of it is written by ``describe``, and where it is and what it does by ``move`` alone.
"""

from collections.abc import Collection

from catalog.database.title_waiters import one_of_few
from catalog.models import Item, Library, Title

Status = Item.Status
TAKEN_IN = (Status.AVAILABLE, Status.IN_TRANSIT, Status.ON_HOLD_SHELF)  # what a scan at 「返却」 makes of a copy
SET_ASIDE = (Status.MISSING, Status.IN_PROCESSING, Status.WITHDRAWN)

# A status that follows itself: the second scan, another shelf, a van that goes elsewhere.
MOVES: dict[str, tuple[str, ...]] = {
    Status.AVAILABLE: (*TAKEN_IN, Status.ON_LOAN, *SET_ASIDE),
    # To missing only when the check-out of a copy that was looked for is undone.
    Status.ON_LOAN: (*TAKEN_IN, Status.MISSING),
    Status.IN_TRANSIT: (*TAKEN_IN, Status.ON_LOAN, *SET_ASIDE),
    Status.ON_HOLD_SHELF: (*TAKEN_IN, Status.ON_LOAN, *SET_ASIDE),
    Status.IN_PROCESSING: (*TAKEN_IN, *SET_ASIDE),
    Status.MISSING: (*TAKEN_IN, Status.ON_LOAN, *SET_ASIDE),
    # Back into circulation by way of 整理中 or 調査中 only.
    Status.WITHDRAWN: SET_ASIDE,
}
MOVED = ("status", "library", "destination", "hold_number")
DESCRIBED = (
    "title",
    "barcode",
    "home_library",
    "location",
    "call_number",
    "call_number_key",
    "lendable",
    "interlibrary",
    "acquired_on",
)


class CopyMoveNotAllowedError(Exception):
    """MOVES lacks this change of status."""


def move(item: Item, status: str, *, at: Library, destination: Library | None = None) -> None:
    """Write what a copy does and where, under its locks: ``at`` is where it lies, or the library that sent it.

    ``destination`` is where it travels, given for 配送中 and nothing else. A number on the hold shelf stays with a copy
    that goes on standing on that shelf and is dropped by everything else that happens to it; ``loans.lists.hold_shelf``
    gives a new one. Raise CopyMoveNotAllowedError for what MOVES lacks.
    """
    if status not in MOVES[item.status]:
        raise CopyMoveNotAllowedError(f"{item.status} → {status}")
    stays_on_its_shelf = item.status == status == Status.ON_HOLD_SHELF and item.library_id == at.pk
    item.hold_number = item.hold_number if stays_on_its_shelf else None
    item.status, item.library, item.destination = status, at, destination
    item.save(update_fields=MOVED)


def describe(item: Item) -> None:
    """Write what the catalogue says of a copy; one that is new stands at its home library.

    The row may have moved since it was read: nothing of ``MOVED`` is written back.
    """
    if item.pk:
        item.save(update_fields=DESCRIBED)
    else:
        item.library = item.home_library
        item.save()


def lock_titles(pks: Collection[int]) -> dict[int, Title]:
    """Lock titles in ascending order and return them by id, each with its material type and limit group."""
    titles = Title.objects.filter(pk__in=pks).select_related("material_type__limit_group").order_by("pk")
    with one_of_few(pks):
        return {title.pk: title for title in titles.select_for_update(of=("self",), no_key=True)}


def lock_copy(pk: int) -> Item:
    """Lock a copy's title, then the copy, and return it with title, libraries and material type."""
    title_id = Item.objects.values_list("title_id", flat=True).get(pk=pk)
    title = lock_titles([title_id])[title_id]
    item = Item.objects.select_related("library", "home_library").select_for_update(of=("self",), no_key=True)
    locked = item.get(pk=pk, title=title)
    locked.title = title
    return locked
