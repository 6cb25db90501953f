"""「渡せる資料がない予約」 at the counter: the list, and its two steps, each asked once more before it is done.

A page about one title acts on what it shows: the reservations of one 受取館, or of all.
"""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from catalog.models import Library, Title
from catalog.typed_numbers import typed_number
from loans.desk.access import NO_REASON, NO_TITLE, DeskRequest, NothingDoneError, at_the_desk
from loans.desk.pages import frame
from loans.desk.scan import find_title
from reservations import stranded
from reservations.limits import RefusedError
from reservations.models import Reservation


class Asked:
    """What a page of one title is about: the title, the 受取館 it is narrowed to, and what was typed."""

    def __init__(self, request: DeskRequest, pk: int) -> None:
        given = request.POST if request.method == "POST" else request.GET
        self.title = get_object_or_404(Title, pk=pk)
        self.at = narrowed(given.get("at"))
        self.count = typed_number(given.get("count")) or 0
        self.reason = given.get("reason", "").strip()[:200]
        self.scan = given.get("scan", "").strip()[:40]
        self.by, self.now = request.user, timezone.now()

    @property
    def address(self) -> str:
        return reverse("admin:desk_stranded_title", args=(self.title.pk,)) + (f"?at={self.at.pk}" if self.at else "")

    @property
    def rows(self) -> list[Reservation]:
        return list(stranded.waiting_for(self.title, self.at).select_related("pickup_library", "patron"))


def narrowed(typed: str | None) -> Library | None:
    """Return the 受取館 that an address names; None means all."""
    return Library.objects.filter(pk=typed_number(typed) or 0).first()


@at_the_desk
@require_safe
def listing(request: DeskRequest) -> HttpResponse:
    """Show the titles that somebody waits for and no copy can serve."""
    at = narrowed(request.GET.get("at"))
    context = frame(request, "stranded") | {
        "titles": list(stranded.titles(at)),
        "at": at,
        "people": stranded.everywhere(at).count(),
    }
    return TemplateResponse(request, "loans/desk/stranded.html", context)


@at_the_desk
@require_safe
def title(request: DeskRequest, pk: int) -> HttpResponse:
    """Show the reservations of one title and what can be done with them."""
    return _page(request, Asked(request, pk))


def _page(request: DeskRequest, asked: Asked, **confirm: object) -> HttpResponse:
    context = frame(request, "stranded") | {"asked": asked, "rows": asked.rows, "confirm": confirm}
    return TemplateResponse(request, "loans/desk/stranded_title.html", context)


def step(view: Callable[[DeskRequest, Asked], HttpResponse]) -> Callable[..., HttpResponse]:
    """Make a view of a step that takes POST; what is refused is said on the title's page, and nothing is changed."""

    @at_the_desk
    @require_POST
    def posted(request: DeskRequest, pk: int) -> HttpResponse:
        asked = Asked(request, pk)
        try:
            return view(request, asked)
        except (RefusedError, NothingDoneError) as refusal:
            messages.error(request, str(refusal))
            return redirect(asked.address)

    return posted


@step
def cancellation(request: DeskRequest, asked: Asked) -> HttpResponse:
    """Cancel the reservations with a reason, which their patrons are told."""
    if not asked.reason:
        raise NothingDoneError(NO_REASON)
    if "confirmed" not in request.POST:
        return _page(request, asked, step="cancellation")
    count = stranded.cancel(
        asked.title, at=asked.at, count=asked.count, reason=asked.reason, by=asked.by, now=asked.now
    )
    messages.success(request, f"{count}件の予約を取り消しました。理由は「取消済予約一覧」とeメールで伝わります。")
    return redirect("admin:desk_stranded")


@step
def move(request: DeskRequest, asked: Asked) -> HttpResponse:
    """Move the reservations to another edition, at their places in the order of 受付."""
    to = find_title(asked.scan)
    if to is None:
        raise NothingDoneError(NO_TITLE)
    if "confirmed" not in request.POST:
        stranded.may_move(asked.title, to)
        return _page(request, asked, step="move", to=to, waiting=to.reservations.waiting().count())
    done = stranded.move_queue(asked.title, to, at=asked.at, count=asked.count, by=asked.by, now=asked.now)
    messages.success(request, f"「{to}」へ{done.in_words()}")
    if done.stayed:
        return redirect(asked.address)
    return redirect("admin:desk_stranded")
