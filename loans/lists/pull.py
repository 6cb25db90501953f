"""予約回収リスト: copies on the shelves that somebody waits for (SPEC D3).

The list is derived, never stored: a copy is on it until it is scanned, lent, or reported missing.
"""

from collections import defaultdict
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from catalog import copies
from catalog.models import Item, Library
from catalog.models.item import ItemQuerySet
from loans.answers import DeskAnswer, DeskOutcome, stop, waits_in_vain
from patrons.models import User
from reservations.models import Reservation


def on_the_shelves() -> ItemQuerySet:
    """Return the copies that could be fetched today."""
    return Item.objects.filter(status=Item.Status.AVAILABLE, lendable=True)


def pull_list(library: Library, *, on: date) -> list[Item]:
    """Return the copies to fetch from a library's shelves, in shelf order: 配架場所, then 請求記号.

    Each waiting reservation asks for one copy, one that stands at its 受取館 if there is any; so no two libraries fetch
    for the same reservation.
    """
    somewhere = Exists(on_the_shelves().filter(title=OuterRef("title")))
    waiting = Reservation.objects.eligible(on).filter(somewhere).in_queue_order()
    wanted: dict[int, list[int]] = defaultdict(list)  # 受取館 in queue order, by title
    for title, pickup in waiting.values_list("title", "pickup_library"):
        wanted[title].append(pickup)
    copies_of: dict[int, list[Item]] = defaultdict(list)
    shelves = on_the_shelves().filter(title__in=wanted).select_related("title", "library")
    for copy in shelves.order_by("title", "library", "call_number_key", "pk"):
        copies_of[copy.title_id].append(copy)
    chosen = [copy for title, pickups in wanted.items() for copy in _choose(copies_of[title], pickups)]
    here = [copy for copy in chosen if copy.library_id == library.pk]
    return sorted(here, key=lambda copy: (copy.location, copy.call_number_key, copy.barcode))


def _choose(copies: list[Item], pickups: list[int]) -> list[Item]:
    chosen = []
    for pickup in pickups[: len(copies)]:
        copy = next((copy for copy in copies if copy.library_id == pickup), copies[0])
        copies.remove(copy)
        chosen.append(copy)
    return chosen


@transaction.atomic
def not_found(item: Item, *, by: User, now: datetime) -> DeskAnswer:
    """Put a copy that is not in its place to 調査中; the list then asks for the next one."""
    item = copies.lock_copy(item.pk)
    if item.status != Item.Status.AVAILABLE:
        return stop(f"いまは{item.get_status_display()}です", "別の画面で処理されています。", item=item)
    copies.move(item, Item.Status.MISSING, at=item.library)
    next_one = waits_in_vain(item.title) or "ほかの所蔵があれば、リストに出ます。"
    return DeskAnswer(DeskOutcome.NOTICE, "調査中にしました", next_one, item=item)
