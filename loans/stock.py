"""Take a copy out of circulation at the counter: lost, to be mended, withdrawn (decision 4)."""

from datetime import datetime

from django.db import transaction

from catalog import copies
from catalog.models import Item
from loans.answers import DeskAnswer, DeskOutcome, stop, waits_in_vain
from patrons.models import User
from reservations import holds

WHY_RELEASED = "資料を渡せなくなったため"


@transaction.atomic
def set_aside(item: Item, status: str, *, by: User, now: datetime) -> DeskAnswer:
    """Put a copy to 調査中, 整理中 or 除籍; a reservation it was held for waits again at its old place.

    A copy on loan is returned first: its loan must not be forgotten by accident. 「返却」 brings a copy back into
    circulation, but for a withdrawn one, which may be put to 整理中 here.
    """
    item = copies.lock_copy(item.pk)
    if status not in copies.SET_ASIDE:
        return stop("この状態にはできません", item=item)
    if item.status == Item.Status.ON_LOAN:
        return stop("貸出中です", "先に「返却」の処理をしてください。", item=item)
    waits_again = holds.release(item, by=by, now=now, reason=WHY_RELEASED)
    copies.move(item, status, at=item.library)
    detail = "取り置いていた予約は、もとの順番に戻りました。" if waits_again else ""
    detail += waits_in_vain(item.title)
    return DeskAnswer(DeskOutcome.NOTICE, f"{item.get_status_display()}にしました", detail, item=item)
