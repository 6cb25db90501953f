"""「順番予約」: choose the volumes, put them in order, set, release."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.typed_numbers import typed_number
from patrons.account.access import PatronRequest, patron_required
from reservations.basket import moved
from reservations.limits import RefusedError
from reservations.models import Reservation
from reservations.sequences import live, make_sequence, release_sequence
from reservations.views.form_of import form_of, say

MOST_VOLUMES = 99


@patron_required
def new(request: PatronRequest) -> HttpResponse:
    """Show the chosen volumes in the order of arrival, which links change; sent, they become a 順番予約.

    The order stands in the address (``volume`` repeated), so nothing is kept before it is sent.
    """
    given = request.POST if request.method == "POST" else request.GET
    numbers = given.getlist("volume")[:MOST_VOLUMES]
    wanted = dict.fromkeys(number for text in numbers if (number := typed_number(text)))
    waiting = request.patron.reservations.waiting().select_related("title__material_type").in_bulk(list(wanted))
    volumes = [waiting[pk] for pk in wanted if pk in waiting]
    if request.method == "POST":
        try:
            make_sequence(request.patron, volumes, face=request.face, now=timezone.now())
        except RefusedError as error:
            say(request, error)
        else:
            messages.success(request, _("順番予約を設定しました。"))
            return redirect("reservations:list")
    if len(volumes) < 2:
        messages.error(request, _("「順番予約」にする資料を2点以上お選びください。"))
        return redirect("reservations:list")
    return render(request, "reservations/sequence.html", {"rows": _rows(volumes), "volumes": volumes})


def _rows(volumes: list[Reservation]) -> list[dict[str, object]]:
    order = [reservation.pk for reservation in volumes]
    last = len(order) - 1
    return [
        {
            "reservation": reservation,
            "up": _address(order, reservation.pk, steps=-1) if place else "",
            "down": _address(order, reservation.pk, steps=1) if place < last else "",
        }
        for place, reservation in enumerate(volumes)
    ]


def _address(order: list[int], pk: int, *, steps: int) -> str:
    """Return the page with one volume moved; who goes on by keys goes on at that volume."""
    query = urlencode({"volume": moved(order, pk, steps=steps)}, doseq=True)
    return f"{reverse('reservations:sequence')}?{query}#volume-{pk}"


@form_of("reservations:list")
@patron_required
def release(request: PatronRequest, pk: int) -> HttpResponse:
    """Release a 順番予約 (解除)."""
    order = get_object_or_404(live(request.patron), pk=pk)
    try:
        release_sequence(order, face=request.face)
    except RefusedError as error:
        say(request, error)
    else:
        messages.success(request, _("順番予約を解除しました。それぞれの順番は、はじめに予約したときのままです。"))
    return redirect("reservations:list")
