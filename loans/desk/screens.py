"""The counter's screen in the admin: one field for the scanner, one big answer (SPEC D1).

The page keeps nothing between scans but its hidden fields: the patron whose card was scanned and what can be undone.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.admin import site
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from catalog import copies
from catalog.models import Item, Library
from loans import circulation, undo
from loans.answers import Answer, Outcome, stop
from loans.desk.scan import find_item, find_patron, normal, row_id
from loans.lists import hold_shelf, pull
from loans.models import Loan
from patrons.models import Patron
from patrons.people import look_ups
from reservations.models import Reservation, State

MODES = {
    "check_out": "貸出",
    "check_in": "返却",
    "arrival": "配送到着",
    "pull_list": "予約回収",
    "hold_shelf": "取置の棚",
    "contacts": "連絡",
    "patrons": "利用者",
    "copy": "資料",
}
COMMANDS = {str(number): mode for number, mode in enumerate(MODES, 1)}
UNDO, FINISH, SLIP = "0", "9", "S"
UNDO_SECONDS = 600
BUSY = stop("混み合っています", "何も変わっていません。もう一度読み取ってください。")
UNKNOWN = "登録のない番号です"


def at_the_desk(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open a view to staff who work at the counter, with ``request.library``: where they stand today."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.has_perm("loans.work_at_the_desk"):
            raise PermissionDenied
        chosen = request.session.get("desk_library") or request.user.library_id
        request.library = Library.objects.filter(pk=chosen).first() or Library.objects.first()
        if request.library is None:
            messages.error(request, "先に図書館を登録してください。")
            return redirect(f"{reverse('admin:index')}?lists=1")
        return view(request, *args, **kwargs)

    return guarded


@at_the_desk
@require_POST
def library(request: HttpRequest) -> HttpResponse:
    """Move the counter to another library for this login."""
    chosen = Library.objects.filter(pk=row_id(request.POST.get("library"))).first()
    if chosen:
        request.session["desk_library"] = chosen.pk
    return redirect("admin:desk")


@at_the_desk
def scan(request: HttpRequest, mode: str = "check_out") -> HttpResponse:
    """Show the screen of one mode and answer the scan that was posted, in the same round trip."""
    answer, patron = None, None
    if request.method == "POST":
        typed = normal(request.POST.get("scan", ""))
        if typed in COMMANDS:
            return redirect(screen(COMMANDS[typed]))
        if typed == SLIP and (item := row_id(request.POST.get("slip"))):
            return redirect("admin:desk_slip", item)
        patron = Patron.objects.filter(pk=row_id(request.POST.get("patron"))).first() if typed != FINISH else None
        if typed and typed != FINISH:
            answer, patron = _answer(request, mode, typed, patron)
    return answered(request, mode, answer, patron)


def answered(request: HttpRequest, mode: str, answer: Answer | None, patron: Patron | None = None) -> HttpResponse:
    """Show the screen of a mode with an answer."""
    context = frame(request, mode) | {
        "answer": answer,
        "undo": signing.dumps(answer.undo, salt="desk") if answer and answer.undo else "",
        **(_patron_context(patron, request.library) if patron else {}),
        **_beside(mode, request.library),
        **(_copy(answer.item) if mode == "copy" and answer and answer.item else {}),
    }
    return TemplateResponse(request, f"loans/desk/{mode}.html", context)


def screen(mode: str) -> str:
    """Return the URL name of a mode's screen."""
    return "admin:desk" if mode == "check_out" else f"admin:desk_{mode}"


def _answer(request: HttpRequest, mode: str, typed: str, patron: Patron | None) -> tuple[Answer, Patron | None]:
    now, where = timezone.now(), {"at": request.library, "by": request.user}
    try:
        if typed == UNDO:
            return _undo(request, now), patron
        if mode == "check_out":
            return _check_out(request, typed, patron, **where, now=now)
        if mode == "copy":
            return _look(typed), None
        return _take_in(mode, typed, **where, now=now), None
    except OperationalError:
        return BUSY, patron


def _check_out(request: HttpRequest, typed: str, patron: Patron | None, **where) -> tuple[Answer, Patron | None]:
    item = find_item(typed) if patron else None
    if item:
        reason = request.POST.get("override", "").strip()[:200]
        return circulation.check_out(item, patron, override=reason, **where), patron
    if other := find_patron(typed):
        look_ups.record(other, by=where["by"], page="admin:desk", now=where["now"])
        return Answer(Outcome.NOTICE, "資料を読み取ってください", ""), other
    if find_item(typed):
        return stop("利用者カードが先です", "これは資料の番号です。先に利用者カードを読み取ってください。"), None
    return stop(UNKNOWN, f"読み取った番号：{typed}"), patron


def _take_in(mode: str, typed: str, **where) -> Answer:
    if item := find_item(typed):
        verb = circulation.arrive if mode == "arrival" else circulation.check_in
        return verb(item, **where)
    if find_patron(typed):
        return stop("これは利用者カードです", "返す資料の番号を読み取ってください。")
    return stop(UNKNOWN, f"読み取った番号：{typed}")


def _look(typed: str) -> Answer:
    item = find_item(typed)
    return (
        Answer(Outcome.NOTICE, item.get_status_display(), item=item)
        if item
        else stop(UNKNOWN, f"読み取った番号：{typed}")
    )


def _undo(request: HttpRequest, now) -> Answer:
    try:
        done = signing.loads(request.POST.get("undo", ""), salt="desk", max_age=UNDO_SECONDS)
    except signing.BadSignature:
        return stop("取り消せる操作がありません")
    return undo.undo(done, at=request.library, by=request.user, now=now)


def _beside(mode: str, library: Library) -> dict:
    """Return the list that stands under the field of two of the screens."""
    today = timezone.localdate()
    if mode == "pull_list":
        return {"copies": pull.pull_list(library, on=today)}
    if mode == "hold_shelf":
        places = hold_shelf.standing(library)
        waiting = [place for place in places if place.held]
        return {"waiting": waiting, "cleared": hold_shelf.to_clear(places), "today": today}
    return {}


def _copy(item: Item) -> dict:
    """Return what the screen 資料 shows of a copy; nobody's name."""
    fresh = Item.objects.select_related("title", "home_library", "library", "destination").get(pk=item.pk)
    return {
        "copy": fresh,
        "loan": Loan.objects.open().filter(item=fresh).select_related("library").first(),
        "held": Reservation.objects.filter(item=fresh).select_related("pickup_library").first(),
        "waiting": Reservation.objects.filter(title=fresh.title_id).waiting().count(),
        "set_aside": [(status.value, status.label) for status in copies.SET_ASIDE],
    }


def frame(request: HttpRequest, mode: str) -> dict:
    """Return what the frame of every page of the counter needs."""
    return {
        **site.each_context(request),
        "title": MODES[mode],
        "mode": mode,
        "screen": screen(mode),
        "modes": [(screen(key), key, words, number) for number, (key, words) in enumerate(MODES.items(), 1)],
        "library": request.library,
        "libraries": Library.objects.all(),
    }


def _patron_context(patron: Patron, library: Library) -> dict:
    today = timezone.localdate()
    loans = list(Loan.objects.of(patron).select_related("item__title").order_by("-checked_out_at", "-id"))
    ready = Reservation.objects.filter(patron=patron, state=State.READY).select_related("title", "item")
    return {
        "patron": patron,
        "loans": loans,
        "today": today,
        "overdue": sum(loan.due_on < today for loan in loans),
        "ready_here": [held for held in ready if held.pickup_library_id == library.pk],
        "ready_elsewhere": [held for held in ready if held.pickup_library_id != library.pk],
    }


@at_the_desk
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """Print what travels with a copy or stands in it: where to, no name and no title (SPEC D2)."""
    item = Item.objects.select_related("home_library", "destination", "library").filter(pk=pk).first()
    held = Reservation.objects.filter(item=pk).select_related("pickup_library").first()
    context = {"item": item, "held": held, "now": timezone.now()}
    return TemplateResponse(request, "loans/desk/slip.html", context, status=200 if item else 404)
