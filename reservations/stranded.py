"""「渡せる資料がない予約」: what waits where no copy can serve; found, cancelled, moved to another edition.

Which copies can serve is said once, in ``catalog.models.item.SERVABLE``. Locks: every patron of the queue (ascending
id) → both titles → the reservations, see ``moves``. Moving is the one verb that renumbers a queue: those who come
stand among those who are there by the order of 受付, and nobody overtakes anybody of the own queue.
"""

import heapq
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from catalog import copies
from catalog.copies import lock_titles
from catalog.models import Item, Library, Title
from patrons.models import Patron, User
from reservations import limits
from reservations.limits import COUNTER, Copies, Refusal, RefusedError
from reservations.models import Reservation, State
from reservations.moves import move, record
from reservations.queue import copies_of, situation_of
from reservations.wish import Wish

JOINED = gettext_noop("同じ資料の、もう一つのご予約にまとめたため")
MOVED = "別の版の予約に移した"
SERVED_AGAIN = Refusal("can_be_served", "渡せる資料がある予約です。取消や移動はしていません。")
CHANGED = Refusal("changed", "確認のあとに予約が変わりました。もう一度お確かめください。何も変わっていません。")
SAME = Refusal("same_title", "同じ書誌です。移す先の資料番号、書誌番号、ISBNのどれかを入れてください。")


@dataclass
class Moved:
    """What became of a queue: ``moved`` rows, those ``joined`` to one the patron had there, those that ``stayed``."""

    moved: list[Reservation] = field(default_factory=list)
    joined: list[Reservation] = field(default_factory=list)
    stayed: list[tuple[Reservation, list[Refusal]]] = field(default_factory=list)

    def in_words(self) -> str:
        """Say for staff how many moved, and what did not simply move."""
        said = [f"{len(self.moved)}件の予約を移しました。"]
        if self.joined:
            said.append(f"{len(self.joined)}件は、その方がすでにしている予約にまとめました。")
        for row, found in self.stayed:
            day = timezone.localtime(row.placed_at)
            said.append(f"受付{day:%-m月%-d日}の予約は移していません：{found[0].sentence}")
        return "".join(said)


def everywhere(at: Library | None = None) -> QuerySet[Reservation]:
    """Return all stranded reservations, or those of one 受取館."""
    rows = Reservation.objects.stranded()
    return rows.filter(pickup_library=at) if at else rows


def titles(at: Library | None = None) -> QuerySet[Title]:
    """Return the titles with stranded reservations, ``people`` of each and ``since``, the longest wait first."""
    theirs = Q(reservations__in=everywhere(at))
    people, since = Count("reservations", filter=theirs), Min("reservations__placed_at", filter=theirs)
    listed = Title.objects.filter(theirs).annotate(people=people, since=since)
    return listed.prefetch_related("items").order_by("since", "pk")


def waiting_for(title: Title, at: Library | None = None) -> QuerySet[Reservation]:
    """Return the stranded reservations of a title in the order of 受付, of one 受取館 or of all."""
    return everywhere(at).filter(title=title).select_related("pickup_library").order_by("queue_number")


def left_by(title: Title, taken: Collection[int]) -> int:
    """Count who waits for a title that could be served and cannot any more without the copies ``taken``, by id."""
    can_serve = set(Item.objects.servable().filter(title=title).values_list("pk", flat=True))
    if not can_serve or can_serve - set(taken):
        return 0
    return Reservation.objects.filter(title=title).waiting().count()


@transaction.atomic
def cancel(title: Title, *, at: Library | None, count: int, reason: str, by: User | None, now: datetime) -> int:
    """Cancel the stranded reservations of a title, which tells their patrons, and return how many these were.

    ``count`` is how many staff saw; raise RefusedError when it is another number now, or a copy can serve again.
    """
    rows, _known = _lock(title, at=at)
    _must_be(rows, count, title)
    for row in rows:
        _close(row, reason=reason, by=by, now=now)
    return len(rows)


@transaction.atomic
def move_queue(source: Title, to: Title, *, at: Library | None, count: int, by: User | None, now: datetime) -> Moved:
    """Move the stranded reservations of a title to another edition, at their places in the order of 受付."""
    may_move(source, to)
    rows, known = _lock(source, to, at=at)
    _must_be(rows, count, source)
    return _move(rows, known[source.pk], known[to.pk], by=by, now=now)


@transaction.atomic
def move_with_copy(copy: Item, *, source: Title, by: User | None, now: datetime) -> Moved:
    """Write a copy that was hung on another record (``copy.title``), and let the queue of ``source`` go along.

    Nobody moves as long as another copy of ``source`` can serve.
    """
    rows, known = _lock(source, copy.title, at=None)
    Item.objects.select_for_update(no_key=True).get(pk=copy.pk)
    copies.describe(copy)
    if Item.objects.servable().filter(title=source).exists():
        return Moved()
    return _move(rows, known[source.pk], known[copy.title_id], by=by, now=now)


def _lock(source: Title, *others: Title, at: Library | None) -> tuple[list[Reservation], dict[int, Title]]:
    """Lock who waits for ``source``, the titles and the rows, and return the rows in their order."""
    queue = Reservation.objects.filter(title=source).waiting()
    queue = (queue.filter(pickup_library=at) if at else queue).order_by("queue_number")
    asked = set(queue.values_list("patron_id", flat=True))
    patrons = {row.pk: row for row in Patron.objects.filter(pk__in=asked).order_by("pk").select_for_update(no_key=True)}
    known = lock_titles({source.pk, *(title.pk for title in others)})
    rows = list(queue.select_related("pickup_library").select_for_update(of=("self",), no_key=True))
    if not {row.patron_id for row in rows} <= patrons.keys():
        raise RefusedError(CHANGED)
    for row in rows:
        row.patron = patrons[row.patron_id]
    return rows, known


def may_move(source: Title, to: Title) -> Copies:
    """Return the copies of the title that a queue is to move to; raise RefusedError when nobody may reserve that."""
    if source.pk == to.pk:
        raise RefusedError(SAME)
    owned = copies_of([to.pk]).get(to.pk, Copies())
    if found := limits.title_refusals(to, owned):
        raise RefusedError(*found)
    return owned


def _must_be(rows: Sequence[Reservation], count: int, title: Title) -> None:
    if Item.objects.servable().filter(title=title).exists():
        raise RefusedError(SERVED_AGAIN)
    if len(rows) != count:
        raise RefusedError(CHANGED)


def _close(row: Reservation, *, reason: str, by: User | None, now: datetime, **fields: object) -> None:
    ending = {"closed_at": now, "closed_by": Reservation.ClosedBy.LIBRARY, "close_reason": reason, "item": None}
    move(row, State.CANCELLED, at=now, by=by, reason=reason, **ending | fields)


def _move(rows: Sequence[Reservation], source: Title, to: Title, *, by: User | None, now: datetime) -> Moved:
    """Move what no rule forbids, under the locks of ``_lock``."""
    owned = may_move(source, to)
    there = Reservation.objects.filter(title=to).order_by("queue_number")
    own = {row.patron_id: row for row in there.active().filter(patron__in=[row.patron_id for row in rows])}
    done, coming = Moved(), []
    for row in rows:
        if earlier := own.get(row.patron_id):
            done.joined.append(row)
            if _join(row, earlier, by=by, now=now):
                coming.append(earlier)
            continue
        situation = situation_of(row.patron).minus(source)
        wish = Wish(row.pickup_library, row.contact_method, COUNTER)
        said = limits.refusals(
            to, patron=row.patron, situation=situation, copies=owned, wish=wish, kept_method=row.contact_method
        )
        if said:
            done.stayed.append((row, said))
            continue
        done.moved.append(row)
        coming.append(row)
    _renumber(to, list(there.exclude(pk__in=[row.pk for row in coming])), coming)
    for row in done.moved:
        record(row, at=now, by=by, moved_from=row.state, reason=MOVED)
    return done


def _join(row: Reservation, own: Reservation, *, by: User | None, now: datetime) -> bool:
    """Close a reservation whose patron has one of the other edition; tell whether that one gets the earlier place."""
    order, position = row.sequence, row.sequence_position
    _close(row, reason=JOINED, by=by, now=now, sequence=None, sequence_position=None)
    if order and own.sequence_id is None:
        own.sequence, own.sequence_position = order, position
        own.save(update_fields=("sequence", "sequence_position"))
    if own.held or own.placed_at <= row.placed_at:
        return False
    own.placed_at = row.placed_at
    return True


def _renumber(to: Title, there: list[Reservation], coming: list[Reservation]) -> None:
    """Hang ``coming`` on the title, among those who are there, the ended ones included, which may be taken back.

    From the first that comes on everybody draws a new number, in the order of 受付.
    """
    if not coming:
        return
    merged = list(heapq.merge(there, coming, key=lambda row: row.placed_at))
    behind = merged[min(map(merged.index, coming)) :]
    for row in coming:
        row.submission = None if row.title_id != to.pk else row.submission
        row.title, row.material_type, row.audiovisual = to, to.material_type, to.material_type.audiovisual
    for number, row in enumerate(behind, to.last_queue_number + 1):
        row.queue_number = number
    Title.objects.filter(pk=to.pk).update(last_queue_number=to.last_queue_number + len(behind))
    changed = ("title", "material_type", "audiovisual", "queue_number", "placed_at", "submission")
    Reservation.objects.bulk_update(behind, changed)
