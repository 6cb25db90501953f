"""A patron's page at the counter: what is on loan, what is reserved, and what staff may do about it (SPEC D6).

Every opening of the page is recorded (SPEC D9). Each form acts on one row and comes back to the page.
"""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from catalog.bibliography.isbn import isbn13
from catalog.models import Item, Library, Policy, Title
from catalog.opening.calendar import calendars
from loans import circulation, limits
from loans.desk.scan import find_patron, readings, row_id
from loans.desk.screens import at_the_desk, frame
from loans.models import Loan
from patrons.account import passwords
from patrons.models import ContactMethod, Patron
from patrons.people import look_ups
from reservations import holds, queue, sequences
from reservations.limits import COUNTER, RefusedError
from reservations.models import Reservation, VolumeOrder
from reservations.wish import Wish

FOUND_AT_MOST = 50
NO_TITLE = "資料が見つかりません。資料番号、書誌番号、ISBNのどれかを入れてください。"
NO_REASON = "理由を入れてください。利用者にも表示されます。"


class NothingDoneError(Exception):
    """A form lacked something; the sentence for staff is the argument."""


@at_the_desk
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find a patron by card or by part of the name; a card leads straight to the page."""
    typed = request.GET.get("q", "").strip()[:40]
    if typed and (patron := find_patron(typed)):
        return redirect("admin:desk_patron", patron.pk)
    named = Q(name__icontains=typed) | Q(name_reading__icontains=typed)
    found = list(Patron.objects.filter(named).order_by("name_reading", "pk")[:FOUND_AT_MOST]) if typed else []
    context = frame(request, "patrons") | {"typed": typed, "found": found, "most": FOUND_AT_MOST}
    return TemplateResponse(request, "loans/desk/patrons.html", context)


@at_the_desk
@require_safe
def patron(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one patron, and write down that it was shown."""
    patron = get_object_or_404(Patron.objects.select_related("pickup_library"), pk=pk)
    now = timezone.now()
    look_ups.record(patron, by=request.user, page="admin:desk_patron", now=now)
    today, policy = timezone.localdate(now), Policy.current()
    context = frame(request, "patrons") | {
        "patron": patron,
        "today": today,
        "loans": _loans(patron, policy),
        "reservations": Reservation.objects.filter(patron=patron).for_my_page(today).select_related("item"),
        "cancelled": patron.reservations.lately_cancelled(today, policy.cancelled_shown_days),
        "lanes": sequences.live(patron),
        "contact_methods": ContactMethod.choices,
    }
    return TemplateResponse(request, "loans/desk/patron.html", context)


def _loans(patron: Patron, policy: Policy) -> list[dict]:
    mine = list(Loan.objects.for_my_page(patron))
    today, days = timezone.localdate(), calendars({loan.library for loan in mine})
    answers = (
        limits.extension(loan, on=today, awaited=loan.awaited, policy=policy, calendar=days[loan.library_id])
        for loan in mine
    )
    return [{"loan": loan, "extension": answer} for loan, answer in zip(mine, answers, strict=True)]


def _act(verb: Callable[[HttpRequest, Patron, datetime], str]) -> Callable[..., HttpResponse]:
    """Make a view of a verb that returns the sentence for staff; a refusal is shown instead."""

    @at_the_desk
    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        patron = get_object_or_404(Patron, pk=pk)
        try:
            messages.success(request, verb(request, patron, timezone.now()))
        except (RefusedError, circulation.NotExtendableError, NothingDoneError) as refusal:
            messages.error(request, str(refusal))
        return redirect("admin:desk_patron", pk)

    return view


def _own(request: HttpRequest, patron: Patron) -> Reservation:
    return get_object_or_404(patron.reservations.all(), pk=row_id(request.POST.get("reservation")))


def _library(request: HttpRequest) -> Library:
    return get_object_or_404(Library, pk=row_id(request.POST.get("pickup_library")))


@_act
def extend(request: HttpRequest, patron: Patron, now: datetime) -> str:
    loan = get_object_or_404(Loan.objects.of(patron), pk=row_id(request.POST.get("loan")))
    extended = circulation.extend(loan, by=request.user, now=now)
    return f"延長しました。貸出期限は{limits.japanese_day(extended.due_on)}です。"


@_act
def reserve(request: HttpRequest, patron: Patron, now: datetime) -> str:
    title = _title(request.POST.get("scan", ""))
    if title is None:
        raise NothingDoneError(NO_TITLE)
    wish = Wish(_library(request), request.POST.get("contact_method", ""), COUNTER)
    [outcome] = queue.place(patron, [title], wish, now=now, by=request.user)
    if not outcome.accepted:
        raise RefusedError(*outcome.refusals)
    return f"「{title}」を予約しました。順番は{outcome.place}番目です。"


def _title(typed: str) -> Title | None:
    """Return the title of a copy's barcode, a 書誌番号 or an ISBN."""
    numbers = readings(typed)
    if item := Item.objects.select_related("title").filter(barcode__in=numbers).first():
        return item.title
    if title := Title.objects.filter(control_number__in=[typed.strip(), *numbers]).first():
        return title
    return next(filter(None, (Title.objects.with_isbn(isbn13(number)).first() for number in numbers)), None)


@_act
def change(request: HttpRequest, patron: Patron, now: datetime) -> str:
    reservation = _own(request, patron)
    wish = {"pickup_library": _library(request), "contact_method": request.POST.get("contact_method", "")}
    if reservation.held:
        holds.redirect(reservation, by=request.user, now=now, **wish)
    else:
        queue.change(reservation, face=COUNTER, **wish)
    return "受取館と連絡方法を変更しました。"


@_act
def cancel(request: HttpRequest, patron: Patron, now: datetime) -> str:
    reason = request.POST.get("reason", "").strip()[:200]
    if not reason:
        raise NothingDoneError(NO_REASON)
    library = Reservation.ClosedBy.LIBRARY
    queue.cancel(_own(request, patron), now=now, by=request.user, closed_by=library, reason=reason)
    return "予約を取り消しました。"


@_act
def put_in_order(request: HttpRequest, patron: Patron, now: datetime) -> str:
    """Make a 順番予約 of the reservations that were given a number, in that order."""
    wished = {key.removeprefix("order-"): value for key, value in request.POST.items() if key.startswith("order-")}
    numbered = sorted((row_id(value), row_id(pk)) for pk, value in wished.items() if row_id(value))
    rows = patron.reservations.in_bulk([pk for _, pk in numbered])
    sequences.make_sequence(patron, [rows[pk] for _, pk in numbered if pk in rows], face=COUNTER, now=now)
    return "順番予約にしました。"


@_act
def release(request: HttpRequest, patron: Patron, now: datetime) -> str:
    lane = get_object_or_404(VolumeOrder, pk=row_id(request.POST.get("sequence")), patron=patron)
    sequences.release_sequence(lane, face=COUNTER)
    return "順番予約を解除しました。"


@_act
def initial_password(request: HttpRequest, patron: Patron, now: datetime) -> str:
    passwords.put_back_to_initial(patron, now=now)
    return "パスワードを初期パスワードに戻しました。"
