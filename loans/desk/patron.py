"""A patron's page at the counter: what is on loan, what is reserved, and what staff may do about it (SPEC D6).

Every opening of the page is recorded (SPEC D9). Each form acts on one row and comes back to the page.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.contrib import messages
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from catalog.languages.days import written
from catalog.models import Library, Policy
from catalog.typed_numbers import typed_number
from loans import circulation, limits
from loans.desk.access import NO_REASON, NO_TITLE, DeskRequest, NothingDoneError, at_the_desk
from loans.desk.pages import frame
from loans.desk.scan import find_patron, find_title
from loans.models import Loan
from patrons.account import passwords
from patrons.models import ContactMethod, Patron
from patrons.people import look_ups
from reservations import holds, queue, sequences
from reservations.limits import COUNTER, RefusedError
from reservations.models import Reservation, VolumeOrder
from reservations.wish import Wish

FOUND_AT_MOST = 50

Row = TypeVar("Row", bound=Model)
Verb = Callable[[DeskRequest, Patron, datetime], str]


@at_the_desk
@require_safe
def search(request: DeskRequest) -> HttpResponse:
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
def patron(request: DeskRequest, pk: int) -> HttpResponse:
    """Show one patron, and write down that it was shown."""
    patron = get_object_or_404(Patron.objects.select_related("pickup_library"), pk=pk)
    now = timezone.now()
    look_ups.record(patron, by=request.user, page="admin:desk_patron", now=now)
    today, policy = timezone.localdate(now), Policy.current()
    context = frame(request, "patrons") | {
        "patron": patron,
        "today": today,
        "loans": limits.loans_today(patron, on=today),
        "reservations": Reservation.objects.filter(patron=patron).for_my_page(today).select_related("item"),
        "cancelled": patron.reservations.lately_cancelled(today, policy.cancelled_shown_days),
        "lanes": sequences.live(patron),
        "contact_methods": ContactMethod.choices,
    }
    return TemplateResponse(request, "loans/desk/patron.html", context)


def acts(verb: Verb) -> Callable[..., HttpResponse]:
    """Make a view of a verb that returns the sentence for staff; a refusal is shown instead."""

    @at_the_desk
    @require_POST
    def view(request: DeskRequest, pk: int) -> HttpResponse:
        patron = get_object_or_404(Patron, pk=pk)
        try:
            messages.success(request, verb(request, patron, timezone.now()))
        except (RefusedError, circulation.NotExtendableError, NothingDoneError) as refusal:
            messages.error(request, str(refusal))
        return redirect("admin:desk_patron", pk)

    return view


def chosen(request: HttpRequest, name: str, rows: "QuerySet[Row]") -> Row:
    """Return the row that a form names by its number; 404 for none of these."""
    return get_object_or_404(rows, pk=typed_number(request.POST.get(name)))


@acts
def extend(request: DeskRequest, patron: Patron, now: datetime) -> str:
    loan = chosen(request, "loan", Loan.objects.of(patron))
    extended = circulation.extend(loan, by=request.user, now=now)
    return f"延長しました。貸出期限は{written(extended.due_on, year=False)}です。"


@acts
def reserve(request: DeskRequest, patron: Patron, now: datetime) -> str:
    title = find_title(request.POST.get("scan", ""))
    if title is None:
        raise NothingDoneError(NO_TITLE)
    library, method = chosen(request, "pickup_library", Library.objects.all()), request.POST.get("contact_method", "")
    [outcome] = queue.place(patron, [title], Wish(library, method, COUNTER), now=now, by=request.user)
    if not outcome.accepted:
        raise RefusedError(*outcome.refusals)
    return f"「{title}」を予約しました。順番は{outcome.place}番目です。"


@acts
def change(request: DeskRequest, patron: Patron, now: datetime) -> str:
    reservation = chosen(request, "reservation", patron.reservations.all())
    library = chosen(request, "pickup_library", Library.objects.all())
    method = request.POST.get("contact_method", "")
    if reservation.held:
        holds.redirect(reservation, pickup_library=library, contact_method=method, by=request.user, now=now)
    else:
        queue.change(reservation, pickup_library=library, contact_method=method, face=COUNTER)
    return "受取館と連絡方法を変更しました。"


@acts
def cancel(request: DeskRequest, patron: Patron, now: datetime) -> str:
    reason = request.POST.get("reason", "").strip()[:200]
    if not reason:
        raise NothingDoneError(NO_REASON)
    reservation = chosen(request, "reservation", patron.reservations.all())
    queue.cancel(reservation, now=now, by=request.user, closed_by=Reservation.ClosedBy.LIBRARY, reason=reason)
    return "予約を取り消しました。"


@acts
def put_in_order(request: DeskRequest, patron: Patron, now: datetime) -> str:
    """Make a 順番予約 of the reservations that were given a number, in that order."""
    wished = [(typed_number(request.POST.get(f"order-{row.pk}"), least=1), row) for row in patron.reservations.all()]
    numbered = sorted((number, row.pk, row) for number, row in wished if number)
    sequences.make_sequence(patron, [row for _, _, row in numbered], face=COUNTER, now=now)
    return "順番予約にしました。"


@acts
def release(request: DeskRequest, patron: Patron, now: datetime) -> str:
    lane = chosen(request, "sequence", VolumeOrder.objects.filter(patron=patron))
    sequences.release_sequence(lane, face=COUNTER)
    return "順番予約を解除しました。"


@acts
def initial_password(request: DeskRequest, patron: Patron, now: datetime) -> str:
    passwords.put_back_to_initial(patron, now=now)
    return "パスワードを初期パスワードに戻しました。"
