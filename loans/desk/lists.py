"""What the counter does from its lists: report a copy missing, set one aside, tell that one is ready (SPEC D3, D5)."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from catalog.models import Item
from loans import stock
from loans.desk.access import DeskRequest, at_the_desk
from loans.desk.pages import answered, frame
from loans.lists import contacts, pull
from loans.models import CONTACT_RESULTS
from reservations.models import Reservation


@at_the_desk
@require_POST
def not_found(request: DeskRequest, pk: int) -> HttpResponse:
    """Report a copy of the pull list missing."""
    item = get_object_or_404(Item, pk=pk)
    answer = pull.not_found(item, by=request.user, now=timezone.now())
    return answered(request, "pull_list", answer)


@at_the_desk
@require_POST
def copy_status(request: DeskRequest, pk: int) -> HttpResponse:
    """Take a copy out of circulation; only who may change copies withdraws one."""
    if request.POST.get("status") == Item.Status.WITHDRAWN and not request.user.has_perm("catalog.change_item"):
        raise PermissionDenied
    item = get_object_or_404(Item, pk=pk)
    answer = stock.set_aside(item, request.POST.get("status", ""), by=request.user, now=timezone.now())
    return answered(request, "copy", answer)


@at_the_desk
@require_safe
def contact_list(request: DeskRequest) -> HttpResponse:
    """Show whom to tell, with number and reason; never on a screen that patrons see."""
    rows = contacts.to_contact(request.library)
    context = frame(request, "contacts") | {"rows": rows, "results": CONTACT_RESULTS.items()}
    return TemplateResponse(request, "loans/desk/contacts.html", context)


@at_the_desk
@require_POST
def contact(request: DeskRequest, pk: int) -> HttpResponse:
    """Note how one contact went."""
    reservation = get_object_or_404(Reservation, pk=pk, pickup_library=request.library)
    if request.POST.get("result") in CONTACT_RESULTS:
        contacts.note(reservation, request.POST["result"], by=request.user, now=timezone.now())
    return redirect("admin:desk_contacts")
