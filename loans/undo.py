"""Take back the last scan: a check-out, an arrival, a slip. A check-in is undone by checking out again (decision 3).

``done`` is what an Answer carried as ``undo``; each undo locks, reads again and refuses when the world has moved on.
"""

from datetime import datetime

from django.db import transaction

from catalog import copies
from catalog.copies import lock_copy
from catalog.models import Item, Library
from catalog.opening.calendar import hold_days
from loans.answers import Answer, Outcome, stop
from loans.lists import hold_shelf
from loans.models import Loan
from patrons.models import User
from reservations import holds
from reservations.models import Reservation, State
from reservations.moves import lock_patron

GONE_ON = stop("取り消せません", "そのあとに別の操作がありました。")


def undo(done: dict, *, at: Library, by: User, now: datetime) -> Answer:
    """Take back what ``done`` names, or say why not."""
    verbs = {"check_out": _check_out, "arrival": _arrival, "slip": _slip}
    return verbs[done["verb"]](done, at=at, by=by, now=now)


@transaction.atomic
def _check_out(done: dict, *, at: Library, by: User, now: datetime) -> Answer:
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
    if done["reservation"]:
        _wait_again(done["reservation"], item, by=by, now=now)
    return Answer(Outcome.UNDONE, "貸出を取り消しました", "資料は「返却」で読み取ってください。", item=item)


def _wait_again(pk: int, item: Item, *, by: User, now: datetime) -> None:
    """Open the reservation again; its copy returns to its number on the hold shelf when it had one."""
    reservation = Reservation.objects.filter(pk=pk, state=State.FULFILLED).first()
    if reservation is None:
        return
    holds.undo_fulfil(reservation, item, by=by, now=now)
    if reservation.state == State.READY:
        hold_shelf.number_for(item)


@transaction.atomic
def _arrival(done: dict, *, at: Library, by: User, now: datetime) -> Answer:
    item = lock_copy(done["item"])
    if item.library_id != at.pk:
        return GONE_ON
    source = Library.objects.get(pk=done["from"])
    if holds.undo_arrive(item, from_library=source, by=by, now=now) is None:
        return GONE_ON
    return Answer(Outcome.UNDONE, "到着を取り消しました", "「配送中」に戻しました。", item=item)


@transaction.atomic
def _slip(done: dict, *, at: Library, by: User, now: datetime) -> Answer:
    item = lock_copy(done["item"])
    if item.status != Item.Status.IN_TRANSIT or item.library_id != at.pk:
        return GONE_ON
    if holds.release(item, by=by, now=now, reason="伝票の取り消し") is None:
        return GONE_ON
    copies.move(item, Item.Status.AVAILABLE, at=at)
    return Answer(Outcome.UNDONE, "配送を取り消しました", "予約はもとの順番に戻りました。", item=item)
