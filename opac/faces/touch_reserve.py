"""「予約する」 on the touch panel: one title in four steps, 資料 → 受取館 → 連絡方法 → 確認 (SPEC R1).

What was chosen stands in the address until the last step, so Back works and nothing is kept on the device. Who would
rather go on at home takes the title's address along as a QR code.
"""

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from catalog.models import Library, Title
from catalog.terminals import qr_code
from patrons.account.access import PatronRequest, patron_required
from patrons.models import ContactMethod
from reservations import limits, queue
from reservations.models import Reservation
from reservations.wish import Wish

STEPS = (_("資料"), _("受取館"), _("連絡方法"), _("確認"))


@dataclass(frozen=True)
class Method:
    """One 連絡方法, why it cannot be chosen ("" when it can), and whether the patron uses it as a rule."""

    value: str
    label: str
    refused: str
    usual: bool


@patron_required
@require_http_methods(["GET", "HEAD", "POST"])
def reserve(request: PatronRequest, pk: int) -> HttpResponse:
    """Ask for what is not chosen yet, then show everything, then reserve.

    Who may not reserve the title at all is told so before they choose anything.
    """
    title = get_object_or_404(Title.objects.select_related("material_type__limit_group"), pk=pk)
    chosen = request.POST if request.method == "POST" else request.GET
    libraries = Library.objects.handing_out(audiovisual=title.material_type.audiovisual)
    library = libraries.filter(code=chosen.get("library", "")).first()
    methods = methods_for(request)
    method = next((one for one in methods if one.value == chosen.get("contact") and not one.refused), None)
    context = {"title": title, "words": STEPS, "library": library, "method": method}
    if request.method != "POST" and (refusals := queue.judge(request.patron, [title])[title.pk]):
        return render(request, "opac/reserve_confirm.html", context | {"refusals": refusals, "step": 1})
    if library is None:
        own = request.patron.pickup_library_id
        ordered = sorted(libraries, key=lambda one: one.pk != own)
        return render(request, "opac/reserve_library.html", context | {"libraries_to_choose": ordered, "own": own})
    if method is None:
        return render(request, "opac/reserve_contact.html", context | {"methods": methods})
    if request.method == "POST":
        return _placed(request, context)
    return render(request, "opac/reserve_confirm.html", context | {"submission": uuid.uuid4()})


def methods_for(request: PatronRequest) -> list[Method]:
    """Return the face's contact methods in the guide's order, each with the reason that keeps it out."""
    return [
        Method(
            value,
            str(ContactMethod(value).label),
            refused=" ".join(map(str, limits.contact_refusals(request.patron, value, request.face))),
            usual=value == request.patron.contact_method,
        )
        for value in request.face.contact_methods
    ]


def _placed(request: PatronRequest, context: dict) -> HttpResponse:
    try:
        submission = uuid.UUID(request.POST.get("submission", ""))
    except ValueError:
        submission = None
    wish = Wish(context["library"], context["method"].value, request.face, submission)
    [outcome] = queue.place(request.patron, [context["title"]], wish, now=timezone.now(), by=request.user)
    if outcome.reservation:
        return redirect("opac:reserved", outcome.reservation.pk)
    return render(request, "opac/reserve_confirm.html", context | {"refusals": outcome.refusals}, status=409)


@patron_required
@require_safe
def reserved(request: PatronRequest, pk: int) -> HttpResponse:
    """Say that it is done, the place in the queue, and what comes next."""
    own = Reservation.objects.filter(patron=request.patron).with_place(timezone.localdate())
    reservation = get_object_or_404(own.select_related("title", "pickup_library"), pk=pk)
    return render(request, "opac/reserved.html", {"reservation": reservation, "words": STEPS})


@require_safe
def title_qr(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw a title's address as a QR code with its quiet zone, black on white in every colour scheme."""
    title = get_object_or_404(Title, pk=pk)
    return HttpResponse(qr_code(settings.SITE_URL + title.get_absolute_url(), size=20), content_type="image/svg+xml")
