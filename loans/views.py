"""「借りている資料」: what the patron has, until when, and 「延長」 (SPEC M4, M5)."""

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from catalog.database.faults import outcome_unknown
from catalog.languages.days import written
from loans import circulation, limits
from loans.models import Loan
from patrons.account.access import PatronRequest, patron_required

EXTENDED = _("延長しました。新しい貸出期限は%(day)sです。")
BUSY = _("ただいま混み合っています。貸出期限は変わっていません。少し待ってから、もう一度お試しください。")
UNKNOWN = _("ただいま混み合っています。延長できたかどうか、少し待ってから貸出期限でお確かめください。")


@require_GET
@patron_required
def loans(request: PatronRequest) -> HttpResponse:
    """List the patron's open loans, each with its extension or the reason against it."""
    today = timezone.localdate()
    context = {"rows": limits.loans_today(request.patron, on=today), "today": today}
    return render(request, "loans/list.html", context)


@require_POST
@patron_required
def extension(request: PatronRequest, pk: int) -> HttpResponse:
    """Extend one loan of the patron; a second press says that it is extended already."""
    loan = get_object_or_404(Loan.objects.open(), pk=pk, patron=request.patron)
    try:
        extended = circulation.extend(loan, by=None, now=timezone.now())
    except circulation.NotExtendableError as refusal:
        messages.error(request, str(refusal))
    except OperationalError as error:
        messages.error(request, str(UNKNOWN if outcome_unknown(error) else BUSY))
    else:
        messages.success(request, EXTENDED % {"day": written(extended.due_on, year=False)})
    return redirect("loans:list")
