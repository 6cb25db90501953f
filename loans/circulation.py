"""The verbs of the counter: check in, check out, extend.

Lock order: the library's days (``catalog.opening.calendar.hold_days``) → Patron → VolumeOrder → Title → Item →
Reservation → Loan → the hold shelf's numbers or the patron's reading log. Each verb locks first, reads again, decides,
writes, and answers in words (``loans.answers``). ``now`` is aware and its local day decides; ``at`` is the library of
the counter; ``by`` the member of staff, None for a patron's own act.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from catalog import copies
from catalog.copies import lock_copy, lock_titles
from catalog.languages.days import written
from catalog.models import Item, Library, Policy, Title
from catalog.opening.calendar import Calendar, hold_days
from loans.answers import DeskAnswer, DeskOutcome, stop
from loans.limits import RETURNED, extension, loan_limit_reached
from loans.lists import hold_shelf
from loans.models import Loan
from patrons.models import Patron, User
from patrons.reading import reading_log
from reservations import holds
from reservations.models import Reservation, State
from reservations.moves import lock_patron
from reservations.privacy import forget

AGE_BANDS = ((6, "0–6歳"), (12, "7–12歳"), (18, "13–18歳"), (59, "19–59歳"))
OLDEST_BAND = "60歳以上"


class NotExtendableError(Exception):
    """The loan cannot be extended; the sentence for the patron is the argument."""


@transaction.atomic
def check_in(item: Item, *, at: Library, by: User | None, now: datetime) -> DeskAnswer:
    """Take a copy in, whatever it was doing: close its loan, serve the queue, or send it where it belongs (SPEC D2).

    It may have come by van, by hand or by the book drop. ``docs/check-in.md`` has the answer for every case. Scanning
    twice changes nothing the second time.
    """
    hold_days(at)
    item = lock_copy(item.pk)
    if item.status == Item.Status.WITHDRAWN:
        return stop("除籍した資料です", "書架に戻さず、担当者に渡してください。", item=item)
    _forget(item, at=at, now=now)
    held, came_from = holds.held_for(item), item.library_id
    if held and held.state == State.IN_TRANSIT:
        held = holds.arrive(item, at=at, by=by, now=now)
        undo = {"verb": "arrival", "item": item.pk, "from": came_from}
        return _answer(item, held, at=at, undo_of_hold=None if came_from == at.pk else undo)
    if held and held.pickup_library_id != at.pk:
        holds.release(item, by=by, now=now, reason="受取館ではない館で読み取られたため")
        held = None
    held = held or holds.trap_next(item, at=at, by=by, now=now)
    return _answer(item, held, at=at, undo_of_send={"verb": "slip", "item": item.pk})


def _forget(item: Item, *, at: Library, now: datetime) -> None:
    """Close the open loan and delete what links its patron and the title (SPEC V1, decision 3).

    A log that the patron asked for remembers it, sealed.
    """
    of_this_copy = Loan.objects.open().filter(item=item).select_related("patron")
    loan = of_this_copy.select_for_update(no_key=True, of=("self",)).first()
    if loan is None or loan.patron is None:
        return
    forget(loan.patron, item.title)
    reading_log.remember(loan.patron, item.title_id, str(item.title), on=localdate(now))
    loan.patron, loan.returned_at, loan.return_library = None, now, at
    loan.save(update_fields=("patron", "returned_at", "return_library"))


def _answer(
    item: Item,
    held: Reservation | None,
    *,
    at: Library,
    undo_of_hold: dict[str, Any] | None = None,
    undo_of_send: dict[str, Any] | None = None,
) -> DeskAnswer:
    """Say where the copy goes; one that is held for nobody goes home, on a van or onto its shelf."""
    if held and held.state == State.READY and held.collect_by:
        number, until = hold_shelf.number_for(item), f"取置期限　{written(held.collect_by, year=False)}"
        words = f"取置　{number}番の棚へ"
        return DeskAnswer(DeskOutcome.HOLD, words, until, item=item, number=number, undo=undo_of_hold)
    slip = "伝票をはさんで、配送の箱に入れてください。"
    if held:
        to = held.pickup_library
        words = f"配送中　{to.short_name}へ"
        return DeskAnswer(DeskOutcome.SEND, words, slip, item=item, to=to, undo=undo_of_send)
    home = item.home_library
    if home.pk != at.pk:
        copies.move(item, Item.Status.IN_TRANSIT, at=at, destination=home)
        return DeskAnswer(DeskOutcome.SEND_HOME, f"返送　{home.short_name}へ", slip, item=item, to=home)
    copies.move(item, Item.Status.AVAILABLE, at=at)
    place = "　".join(part for part in (item.location, item.call_number) if part)
    return DeskAnswer(DeskOutcome.SHELF, "書架へ", place, item=item)


@transaction.atomic
def check_out(
    item: Item, patron: Patron, *, at: Library, by: User | None, now: datetime, override: str = ""
) -> DeskAnswer:
    """Lend a copy and fulfil the patron's own reservation of the title, whichever copy it waits for (decision 4).

    ``override`` is the reason for lending a copy that others wait for; a copy trapped for another patron is
    refused whatever the reason. Lending to the same patron again changes nothing.
    """
    hold_days(at)
    patron = lock_patron(patron.pk)
    item = lock_copy(item.pk)
    loan = Loan.objects.open().filter(item=item).first()
    if loan and loan.patron_id == patron.pk:
        until = f"貸出期限　{written(loan.due_on, year=False)}"
        return DeskAnswer(DeskOutcome.NOTICE, "この方に貸出中です", until, item=item)
    if refusal := _refusal(item, patron, loan, on=localdate(now), override=override):
        return refusal
    undo = {"verb": "check_out", "status": item.status, "library": item.library_id, "to": item.destination_id}
    own = holds.fulfil(patron, item.title, by=by, now=now)
    copies.move(item, Item.Status.ON_LOAN, at=at)
    loan = _lend(item, patron, at=at, now=now, override=override)
    undo |= {"loan": loan.pk, "reservation": own and own.pk}
    return DeskAnswer(DeskOutcome.LENT, f"貸出　{written(loan.due_on, year=False)}まで", item=item, undo=undo)


def _refusal(item: Item, patron: Patron, loan: Loan | None, *, on: date, override: str) -> DeskAnswer | None:
    if not item.lendable:
        return stop("禁帯出です", "この資料は館内で利用していただきます。", item=item)
    if item.status in (Item.Status.WITHDRAWN, Item.Status.IN_PROCESSING):
        return stop(f"{item.get_status_display()}の資料です", "貸出できません。担当者に渡してください。", item=item)
    if loan or item.status == Item.Status.ON_LOAN:
        first = "ほかの方の貸出が残っています。先に「返却」で読み取ってください。"
        return stop("返却の処理がまだです", first, item=item)
    held = holds.held_for(item)
    if held and held.patron_id != patron.pk:
        return stop("ほかの方の取置です", "この資料は、予約した方のために取り置いています。", item=item)
    if full := loan_limit_reached(patron, item.title.material_type):
        return stop("点数の上限です", full, item=item)
    ahead = 0 if held or override else holds.others_before(item.title, patron, on=on)
    if ahead:
        return stop(f"予約が{ahead}件入っています", "貸すときは、理由を入れてください。", item=item, awaited=True)
    return None


def _lend(item: Item, patron: Patron, *, at: Library, now: datetime, override: str) -> Loan:
    kind = item.title.material_type
    today = localdate(now)
    age = patron.age(today)
    return Loan.objects.create(
        item=item,
        patron=patron,
        library=at,
        material_type=kind,
        audiovisual=kind.audiovisual,
        age_band=next((band for limit, band in AGE_BANDS if age <= limit), OLDEST_BAND),
        checked_out_at=now,
        due_on=Calendar(at).next_open_day(today + timedelta(days=kind.loan_days)),
        override_reason=override,
    )


@transaction.atomic
def extend(loan: Loan, *, by: User | None, now: datetime) -> Loan:
    """Give a loan its one extension (SPEC M5, promise 7); NotExtendableError carries the reason.

    The title is locked before its queue is read, so that a reservation placed at the same moment is either seen
    here or comes after the extension.
    """
    if loan.patron_id is None:
        raise NotExtendableError(str(RETURNED))
    hold_days(loan.library)
    lock_patron(loan.patron_id)
    lock_titles(Title.objects.filter(items=loan.item_id).values_list("pk", flat=True))
    open_loans = Loan.objects.open().with_awaited().select_related("item", "material_type", "library")
    locked = open_loans.select_for_update(of=("self",), no_key=True).filter(pk=loan.pk, patron=loan.patron_id).first()
    if locked is None:
        raise NotExtendableError(str(RETURNED))
    answer = extension(locked, on=localdate(now), policy=Policy.current(), calendar=Calendar(locked.library))
    if answer.due_on is None:
        raise NotExtendableError(answer.reason)
    locked.due_on, locked.extended_at = answer.due_on, now
    locked.save(update_fields=("due_on", "extended_at"))
    return locked
