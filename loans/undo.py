"""Take back the last scan: a check-out, an arrival, a slip. A check-in is undone by checking out again (decision 3).

``done`` is what a DeskAnswer carried as ``undo``; each undo locks, reads again and refuses when the world has moved on.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from catalog import copies
from catalog.copies import lock_copy
from catalog.models import Item, Library
from catalog.opening.calendar import hold_days
from loans.answers import DeskAnswer, DeskOutcome, stop
from loans.lists import hold_shelf
from loans.models import Loan
from patrons.models import User
from reservations import holds
from reservations.models import Reservation, State
from reservations.moves import lock_patron

GONE_ON = stop("取り消せません", "そのあとに別の操作がありました。")


@transaction.atomic
def check_out(done: dict[str, Any], *, at: Library, by: User, now: datetime) -> DeskAnswer:
    """Take the loan back; a reservation that it fulfilled is open again, its copy on the hold shelf if it was there."""
    loan = Loan.objects.open().filter(pk=done["loan"]).first()
    if loan is None or loan.patron_id is None:
        return GONE_ON
    hold_days(at)
    patron = lock_patron(loan.patron_id)
    item = lock_copy(loan.item_id)
    loan = Loan.objects.open().select_for_update(no_key=True).filter(pk=loan.pk, patron=patron).first()
    if loan is None or loan.extended_at:
        return GONE_ON
    loan.delete()
    libraries = Library.objects.in_bulk([done["library"], done["to"]])
    copies.move(item, done["status"], at=libraries[done["library"]], destination=libraries.get(done["to"]))
    if reservation := Reservation.objects.filter(pk=done["reservation"], state=State.FULFILLED).first():
        holds.undo_fulfil(reservation, item, by=by, now=now)
        if reservation.state == State.READY:
            hold_shelf.number_for(item)
    return DeskAnswer(DeskOutcome.UNDONE, "貸出を取り消しました", "資料は「返却」で読み取ってください。", item=item)


@transaction.atomic
def arrival(done: dict[str, Any], *, at: Library, by: User, now: datetime) -> DeskAnswer:
    """Put a copy that arrived for a reservation back on its way from where it came."""
    item = lock_copy(done["item"])
    if item.library_id != at.pk:
        return GONE_ON
    source = Library.objects.get(pk=done["from"])
    if holds.undo_arrive(item, from_library=source, by=by, now=now) is None:
        return GONE_ON
    return DeskAnswer(DeskOutcome.UNDONE, "到着を取り消しました", "「配送中」に戻しました。", item=item)


@transaction.atomic
def slip(done: dict[str, Any], *, at: Library, by: User, now: datetime) -> DeskAnswer:
    """Keep a copy here that was to travel for a reservation, which waits again at its old place."""
    item = lock_copy(done["item"])
    if item.status != Item.Status.IN_TRANSIT or item.library_id != at.pk:
        return GONE_ON
    if holds.release(item, by=by, now=now, reason="伝票の取り消し") is None:
        return GONE_ON
    copies.move(item, Item.Status.AVAILABLE, at=at)
    return DeskAnswer(DeskOutcome.UNDONE, "配送を取り消しました", "予約はもとの順番に戻りました。", item=item)


VERBS = {"check_out": check_out, "arrival": arrival, "slip": slip}


def undo(done: dict[str, Any], *, at: Library, by: User, now: datetime) -> DeskAnswer:
    """Take back what ``done`` names, or say why not."""
    return VERBS[done["verb"]](done, at=at, by=by, now=now)
