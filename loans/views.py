"""「借りている資料」: what the patron has, until when, and 「延長」 (SPEC M4, M5)."""

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from catalog.database_faults import outcome_unknown
from catalog.models import Policy
from catalog.opening.calendar import calendars
from loans import circulation, limits
from loans.models import Loan
from patrons.account.access import patron_required
from patrons.models import Patron

EXTENDED = _("延長しました。新しい貸出期限は%(day)sです。")
BUSY = _("ただいま混み合っています。貸出期限は変わっていません。少し待ってから、もう一度お試しください。")
UNKNOWN = _("ただいま混み合っています。延長できたかどうか、少し待ってから貸出期限でお確かめください。")


@require_GET
@patron_required
def loans(request: HttpRequest) -> HttpResponse:
    """List the patron's open loans, the earliest due first, each with its extension or the reason against it."""
    today = timezone.localdate()
    return render(request, "loans/list.html", {"rows": _rows(request.patron, today), "today": today})


def _rows(patron: Patron, today) -> list[dict]:
    mine = list(Loan.objects.for_my_page(patron))
    policy, days = Policy.current(), calendars({loan.library for loan in mine})
    return [
        {
            "loan": loan,
            "title": loan.item.title,
            "overdue": loan.due_on < today,
            "due_today": loan.due_on == today,
            "extension": limits.extension(
                loan, on=today, awaited=loan.awaited, policy=policy, calendar=days[loan.library_id]
            ),
        }
        for loan in mine
    ]


@require_POST
@patron_required
def extension(request: HttpRequest, pk: int) -> HttpResponse:
    """Extend one loan of the patron; a second press says that it is extended already."""
    loan = get_object_or_404(Loan.objects.open(), pk=pk, patron=request.patron)
    try:
        extended = circulation.extend(loan, by=None, now=timezone.now())
    except circulation.NotExtendableError as refusal:
        messages.error(request, str(refusal))
    except OperationalError as error:
        messages.error(request, str(UNKNOWN if outcome_unknown(error) else BUSY))
    else:
        messages.success(request, EXTENDED % {"day": limits.day_in_words(extended.due_on)})
    return redirect("loans:list")
