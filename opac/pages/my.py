"""The first page of My ライブラリ: what is ready, what is due, where everything else is."""

from django.db.models import Count, Min, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from loans.models import Loan
from patrons.account.access import PatronRequest, patron_required
from patrons.reading import reading_log
from reservations.models import Reservation, State


@require_safe
@patron_required
def my(request: PatronRequest) -> HttpResponse:
    """Show a patron at a glance what waits for an answer from them; two queries count reservations and loans."""
    today, patron = timezone.localdate(), request.patron
    reservations = Reservation.objects.filter(patron=patron).aggregate(
        ready=Count("id", filter=Q(state=State.READY)),
        collect_by=Min("collect_by", filter=Q(state=State.READY)),
        coming=Count("id", filter=Q(state=State.IN_TRANSIT)),
        waiting=Count("id", filter=Q(state=State.WAITING)),
    )
    loans = (
        Loan.objects.open()
        .filter(patron=patron)
        .aggregate(
            on_loan=Count("id"),
            next_due=Min("due_on", filter=Q(due_on__gte=today)),
            overdue=Count("id", filter=Q(due_on__lt=today)),
        )
    )
    ask = not reading_log.is_asked(patron) and request.face.offers("patrons:reading_log_choice")
    return render(request, "opac/my.html", {"today": today, "ask_about_log": ask, **reservations, **loans})
