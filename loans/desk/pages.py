"""The counter's pages in the admin: one field for the scanner, one big answer (SPEC D1).

A page keeps nothing between scans but its hidden fields: the patron whose card was scanned and what can be undone.
"""

from django.contrib.admin import site
from django.core import signing
from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from catalog.database.faults import outcome_unknown
from catalog.models import Item, Library
from catalog.typed_numbers import typed_number
from loans import undo
from loans.answers import DeskAnswer, stop
from loans.desk.access import CHOSEN, DeskRequest, at_the_desk
from loans.desk.scan import normal
from loans.desk.screens import BY_KEY, BY_MODE, SCREENS, Scan, Told
from patrons.models import Patron
from reservations.models import Reservation

UNDO, FINISH, SLIP = "0", "9", "S"
UNDO_SECONDS = 600
SIGNED = "desk"  # salt of what a page may take back
BUSY = stop("混み合っています", "何も変わっていません。もう一度読み取ってください。")
UNSURE = stop("混み合っています", "記録できたか分かりません。資料の画面で確かめ、もう一度読み取ってください。")


@at_the_desk
@require_POST
def library(request: DeskRequest) -> HttpResponse:
    """Move the counter to another library for this login."""
    chosen = Library.objects.filter(pk=typed_number(request.POST.get("library")) or 0).first()
    if chosen:
        request.session[CHOSEN] = chosen.pk
    return redirect("admin:desk")


@at_the_desk
def scan(request: DeskRequest, mode: str = "check_out") -> HttpResponse:
    """Show the screen of one mode and answer the scan that was posted, in the same round trip."""
    typed = normal(request.POST.get("scan", ""))
    if typed in BY_KEY:
        return redirect(BY_KEY[typed].url)
    if typed == SLIP and (item := typed_number(request.POST.get("slip"))):
        return redirect("admin:desk_slip", item)
    if typed == FINISH:
        return answered(request, mode, None)
    patron = Patron.objects.filter(pk=typed_number(request.POST.get("patron")) or 0).first()
    answer = None
    try:
        if typed:
            answer, patron = act(request, mode, typed, patron)
    except OperationalError as error:
        answer = UNSURE if outcome_unknown(error) else BUSY
    return answered(request, mode, answer, patron)


def act(request: DeskRequest, mode: str, typed: str, patron: Patron | None) -> Told:
    """Take back what the page holds as undone, or do what the screen does with a scan."""
    now, scanned = timezone.now(), BY_MODE[mode].scanned
    if typed != UNDO and scanned:
        reason = request.POST.get("override", "").strip()[:200]
        return scanned(Scan(typed, patron, reason, at=request.library, by=request.user, now=now))
    try:
        done = signing.loads(request.POST.get("undo", ""), salt=SIGNED, max_age=UNDO_SECONDS)
    except signing.BadSignature:
        return stop("取り消せる操作がありません"), patron
    return undo.undo(done, at=request.library, by=request.user, now=now), patron


def answered(
    request: DeskRequest, mode: str, answer: DeskAnswer | None, patron: Patron | None = None
) -> TemplateResponse:
    """Show the screen of a mode with an answer."""
    shown = BY_MODE[mode]
    context = frame(request, mode) | {
        "answer": answer,
        "patron": patron,
        "undo": signing.dumps(answer.undo, salt=SIGNED) if answer and answer.undo else "",
        **(shown.beside(request.library, answer, patron) if shown.beside else {}),
    }
    return TemplateResponse(request, shown.template, context)


def frame(request: DeskRequest, mode: str) -> dict[str, object]:
    """Return what the frame of every page of the counter needs."""
    return {
        **site.each_context(request),
        "title": BY_MODE[mode].label,
        "here": BY_MODE[mode],
        "screens": SCREENS,
        "library": request.library,
        "libraries": Library.objects.all(),
    }


@at_the_desk
def slip(request: DeskRequest, pk: int) -> HttpResponse:
    """Print what travels with a copy or stands in it: where to, no name and no title (SPEC D2)."""
    item = Item.objects.select_related("home_library", "destination", "library").filter(pk=pk).first()
    held = Reservation.objects.filter(item=pk).select_related("pickup_library").first()
    context = {"item": item, "held": held, "now": timezone.now()}
    return TemplateResponse(request, "loans/desk/slip.html", context, status=200 if item else 404)
