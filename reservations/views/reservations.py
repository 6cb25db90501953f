"""「予約している資料」 and 「取消済予約一覧」: look, change, pause, cancel, take back."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from catalog.models import Policy
from patrons.account.access import PatronRequest, patron_required
from reservations import queue
from reservations.forms import ChangeForm, PauseForm, RefusableForm
from reservations.limits import RefusedError
from reservations.models import Reservation
from reservations.views.form_of import form_of, say
from reservations.views.my_page import lines_for, note_of, volume_orders_of


@require_safe
@patron_required
def listing(request: PatronRequest) -> HttpResponse:
    """Show everything the patron has reserved, and what can still be taken back."""
    now = timezone.now()
    lines = lines_for(request.patron, now=now, on=timezone.localdate(now))
    offers_sequence = request.face.sequences
    since = now - timedelta(minutes=Policy.current().take_back_minutes)
    returnable = request.patron.reservations.filter(state="cancelled", closed_by="patron", closed_at__gte=since)
    context = {
        "lines": lines,
        "volume_orders": volume_orders_of(lines),
        "offers_sequence": offers_sequence,
        "volumes_to_choose": offers_sequence and sum(line.may_be_ordered for line in lines) > 1,
        "returnable": list(returnable.select_related("title").order_by("-closed_at")),
    }
    return render(request, "reservations/list.html", context)


def _mine(request: PatronRequest, pk: int) -> Reservation:
    """Return one of the patron's own active reservations; another's does not exist (404)."""
    shown = request.patron.reservations.for_my_page(timezone.localdate())
    return get_object_or_404(shown, pk=pk)


@patron_required
def detail(request: PatronRequest, pk: int) -> HttpResponse:
    """Change 受取館 and 連絡方法; what is 「配送中」 or 「取置／貸出可」 shows whom to call instead."""
    reservation = _mine(request, pk)
    form = ChangeForm(reservation, request.face, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            queue.change(reservation, face=request.face, **form.cleaned_data)
        except RefusedError as error:
            form.refuse(error)
        else:
            messages.success(request, _("受取館・連絡方法を変更しました。"))
            return redirect("reservations:list")
    return _page(request, _mine(request, pk), form=form)


def _page(request: PatronRequest, reservation: Reservation, **forms: RefusableForm) -> HttpResponse:
    on = timezone.localdate()
    context = {
        "reservation": reservation,
        "note": note_of(reservation, on),
        "asleep": reservation.asleep(on),
        "offers_release": reservation.behind_stranded and request.face.sequences,
        "form": forms.get("form") or ChangeForm(reservation, request.face),
        "pause_form": forms.get("pause_form") or PauseForm(on, by_weeks=request.face.touch),
    }
    refused = any(form.is_bound for form in forms.values())
    return render(request, "reservations/detail.html", context, status=422 if refused else 200)


@form_of("reservations:list")
@patron_required
def cancellation(request: PatronRequest, pk: int) -> HttpResponse:
    """Cancel; the next page offers to take it back."""
    reservation = get_object_or_404(request.patron.reservations.select_related("title"), pk=pk)
    try:
        queue.cancel(reservation, now=timezone.now(), by=request.user, reason=gettext_noop("ご自分で取消"))
    except RefusedError as error:
        return _refused(request, reservation, error)
    messages.success(request, _("「%(title)s」の予約を取り消しました。") % {"title": reservation.title})
    return redirect("reservations:list")


def _refused(request: PatronRequest, reservation: Reservation, error: RefusedError) -> HttpResponse:
    """Show why: on the reservation's own page, which has the telephone to press, as long as it is active."""
    say(request, error)
    if request.patron.reservations.active().filter(pk=reservation.pk).exists():
        return redirect("reservations:detail", reservation.pk)
    return redirect("reservations:list")


@form_of("reservations:list")
@patron_required
def take_back(request: PatronRequest, pk: int) -> HttpResponse:
    """Undo a cancellation."""
    reservation = get_object_or_404(request.patron.reservations.select_related("title"), pk=pk)
    try:
        queue.take_back(reservation, now=timezone.now(), by=request.user, face=request.face)
    except RefusedError as error:
        return _refused(request, reservation, error)
    back = _("「%(title)s」の予約をもとに戻しました。順番は前と同じです。")
    messages.success(request, back % {"title": reservation.title})
    return redirect("reservations:list")


@form_of("reservations:list")
@patron_required
def pause(request: PatronRequest, pk: int) -> HttpResponse:
    """Let a reservation sleep until a day, or wake it when ``wake`` is sent."""
    reservation = _mine(request, pk)
    now = timezone.now()
    form = PauseForm(timezone.localdate(now), request.POST, by_weeks=request.face.touch)
    try:
        if "wake" in request.POST:
            queue.resume(reservation)
        elif form.is_valid():
            queue.pause(reservation, form.cleaned_data["sleeps_until"], now=now)
        else:
            return _page(request, reservation, pause_form=form)
    except RefusedError as error:
        form.is_valid()
        form.refuse(error)
        return _page(request, _mine(request, pk), pause_form=form)
    messages.success(request, _("順番に戻しました。") if "wake" in request.POST else _("予約をお休みにしました。"))
    return redirect("reservations:list")


@require_safe
@patron_required
def cancelled(request: PatronRequest) -> HttpResponse:
    """Show 「取消済予約一覧」 (SPEC M3)."""
    now, policy = timezone.now(), Policy.current()
    ended = list(request.patron.reservations.lately_cancelled(timezone.localdate(now), policy.cancelled_shown_days))
    for reservation in ended:
        reservation.returnable = queue.may_take_back(reservation, policy, now)
    return render(request, "reservations/cancelled.html", {"ended": ended, "days": policy.cancelled_shown_days})
