"""The verbs of the counter: check in (and take in what arrived), check out, extend.

Lock order: the library's days (``catalog.opening.calendar.hold_days``) → Patron → VolumeOrder → Title → Item →
Reservation → Loan → the hold shelf's numbers or the patron's reading log. Each verb locks first, reads again, decides,
writes, and answers in words (``loans.answers``). ``now`` is aware and its local day decides; ``at`` is the library of
the counter; ``by`` the member of staff, None for a patron's own act.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from catalog.models import Item, Library, Policy, Title
from catalog.opening.calendar import Calendar, hold_days
from loans.answers import Answer, Outcome, stop
from loans.limits import extension, japanese_day, loan_limit_reached
from loans.lists import hold_shelf
from loans.models import Loan
from patrons.models import Patron, User
from patrons.reading import reading_log
from reservations import holds
from reservations.models import Reservation, State
from reservations.moves import lock_copy, lock_patron, lock_titles
from reservations.privacy import forget

AGE_BANDS = ((6, "0–6歳"), (12, "7–12歳"), (18, "13–18歳"), (59, "19–59歳"))
OLDEST_BAND = "60歳以上"
RETURNED = "この資料は返却されています。"


class NotExtendableError(Exception):
    """The loan cannot be extended; the sentence for the patron is the argument."""


@transaction.atomic
def check_in(item: Item, *, at: Library, by: User | None, now: datetime) -> Answer:
    """Take a copy in, whatever it was doing: close its loan, serve the queue, or send it where it belongs (SPEC D2).

    ``docs/check-in.md`` has the answer for every case. Scanning twice changes nothing the second time.
    """
    hold_days(at)
    item = lock_copy(item.pk)
    if item.status == Item.Status.WITHDRAWN:
        return stop("除籍した資料です", "書架に戻さず、担当者に渡してください。", item=item)
    _forget(item, at=at, now=now)
    _leave_number(item, at)
    held, came_from = holds.held_for(item), item.library_id
    if held and held.state == State.IN_TRANSIT:
        held = holds.arrive(item, at=at, by=by, now=now)
        undo = {"verb": "arrival", "item": item.pk, "from": came_from} if came_from != at.pk else None
        return _answer(item, held, at=at, undo=undo)
    if held and held.pickup_library_id != at.pk:
        holds.release(item, by=by, now=now, reason="受取館ではない館で読み取られたため")
        held = None
    held = held or holds.trap_next(item, at=at, by=by, now=now)
    return _answer(item, held, at=at, undo={"verb": "slip", "item": item.pk})


arrive = check_in
"""Take in what a van brought (SPEC D1): the same rule, since a copy may come by van, by hand or by the book drop."""


def _forget(item: Item, *, at: Library, now: datetime) -> None:
    """Close the open loan and delete what links its patron and the title (SPEC V1, decision 3).

    A log that the patron asked for remembers it, sealed.
    """
    loan = (
        Loan.objects.open()
        .select_for_update(no_key=True, of=("self",))
        .select_related("patron")
        .filter(item=item)
        .first()
    )
    if loan is None or loan.patron is None:
        return
    forget(loan.patron, item.title)
    reading_log.remember(loan.patron, item.title_id, str(item.title), on=localdate(now))
    loan.patron, loan.returned_at, loan.return_library = None, now, at
    loan.save(update_fields=("patron", "returned_at", "return_library"))


def _leave_number(item: Item, at: Library) -> None:
    """Drop a number of another shelf, which may be taken on this one."""
    if item.hold_number and (item.status != Item.Status.ON_HOLD_SHELF or item.library_id != at.pk):
        item.hold_number = None
        item.save(update_fields=("hold_number",))


def _answer(item: Item, held: Reservation | None, *, at: Library, undo: dict | None) -> Answer:
    if held and held.state == State.READY and held.collect_by:
        number = hold_shelf.number_for(item)
        until = f"取置期限　{japanese_day(held.collect_by)}"
        undo = undo if undo and undo["verb"] == "arrival" else None
        return Answer(Outcome.HOLD, f"取置　{number}番の棚へ", until, item=item, number=number, undo=undo)
    if held:
        undo = undo if undo and undo["verb"] == "slip" else None
        return _send(item, held.pickup_library, at=at, outcome=Outcome.SEND, undo=undo)
    if item.home_library_id != at.pk:
        return _send(item, item.home_library, at=at, outcome=Outcome.SEND_HOME)
    _place(item, Item.Status.AVAILABLE, at)
    place = "　".join(part for part in (item.location, item.call_number) if part)
    return Answer(Outcome.SHELF, "書架へ", place, item=item)


def _send(item: Item, to: Library, *, at: Library, outcome: Outcome, undo: dict | None = None) -> Answer:
    """Put the copy on the van from here; also when it was on its way from elsewhere (wrong branch)."""
    _place(item, Item.Status.IN_TRANSIT, at, to)
    word = "配送中" if outcome is Outcome.SEND else "返送"
    slip = "伝票をはさんで、配送の箱に入れてください。"
    return Answer(outcome, f"{word}　{to.short_name}へ", slip, item=item, to=to, undo=undo)


def _place(item: Item, status: str, at: Library, destination: Library | None = None) -> None:
    item.status, item.library, item.destination, item.hold_number = status, at, destination, None
    item.save(update_fields=("status", "library", "destination", "hold_number"))


@transaction.atomic
def check_out(item: Item, patron: Patron, *, at: Library, by: User | None, now: datetime, override: str = "") -> Answer:
    """Lend a copy and fulfil the patron's own reservation of the title, whichever copy it waits for (decision 4).

    ``override`` is the reason for lending a copy that others wait for; a copy trapped for another patron is
    refused whatever the reason. Lending to the same patron again changes nothing.
    """
    hold_days(at)
    patron = lock_patron(patron.pk)
    item = lock_copy(item.pk)
    loan = Loan.objects.open().filter(item=item).first()
    if loan and loan.patron_id == patron.pk:
        return Answer(Outcome.NOTICE, "この方に貸出中です", f"貸出期限　{japanese_day(loan.due_on)}", item=item)
    if refusal := _refusal(item, patron, loan, on=localdate(now), override=override):
        return refusal
    undo = {"verb": "check_out", "status": item.status, "library": item.library_id, "to": item.destination_id}
    own = holds.fulfil(patron, item.title, by=by, now=now)
    _place(item, Item.Status.ON_LOAN, at)
    loan = _lend(item, patron, at=at, now=now, override=override)
    undo |= {"loan": loan.pk, "reservation": own and own.pk}
    return Answer(Outcome.LENT, f"貸出　{japanese_day(loan.due_on)}まで", item=item, undo=undo)


def _refusal(item: Item, patron: Patron, loan: Loan | None, *, on: date, override: str) -> Answer | None:
    if not item.lendable:
        return stop("禁帯出です", "この資料は館内で利用していただきます。", item=item)
    if item.status in (Item.Status.WITHDRAWN, Item.Status.IN_PROCESSING):
        return stop(f"{item.get_status_display()}の資料です", "貸出できません。担当者に渡してください。", item=item)
    if loan:
        return stop(
            "返却の処理がまだです", "ほかの方の貸出が残っています。先に「返却」で読み取ってください。", item=item
        )
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
        raise NotExtendableError(RETURNED)
    hold_days(loan.library)
    lock_patron(loan.patron_id)
    lock_titles(Title.objects.filter(items=loan.item_id).values_list("pk", flat=True))
    open_loans = Loan.objects.open().with_awaited().select_related("item", "material_type", "library")
    locked = open_loans.select_for_update(of=("self",), no_key=True).filter(pk=loan.pk, patron=loan.patron_id).first()
    if locked is None:
        raise NotExtendableError(RETURNED)
    answer = extension(
        locked, on=localdate(now), awaited=locked.awaited, policy=Policy.current(), calendar=Calendar(locked.library)
    )
    if answer.due_on is None:
        raise NotExtendableError(answer.reason)
    locked.due_on, locked.extended_at = answer.due_on, now
    locked.save(update_fields=("due_on", "extended_at"))
    return locked
