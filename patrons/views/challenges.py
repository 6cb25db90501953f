"""「読書チャレンジ」 and 「読書通帳」 (SPEC M10)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.typed_numbers import typed_number
from patrons.account.access import PatronRequest, patron_required
from patrons.forms import ChallengeForm
from patrons.models import Challenge
from patrons.reading.challenges import MOST, progress
from patrons.reading.read_books import each_once, told, with_pages

ENTRIES_A_PAGE = 200  # of a 読書通帳: what is printed at once


@require_safe
@patron_required
def challenges(request: PatronRequest) -> HttpResponse:
    """List the patron's challenges: those that run, those to come, those that are over."""
    found = progress(request.patron, list(request.patron.challenges.all()[:MOST]), on=timezone.localdate())
    context = {
        "running": [one for one in found if not one.over and not one.ahead],
        "coming": [one for one in found if one.ahead],
        "past": [one for one in found if one.over],
    }
    return render(request, "patrons/challenges.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@patron_required
def new_challenge(request: PatronRequest) -> HttpResponse:
    """Set a goal; the days until the end of the year are offered."""
    today = timezone.localdate()
    first: dict[str, object] = {"goal": 12, "first": today, "last": today.replace(month=12, day=31)}
    return _form(request, Challenge(patron=request.patron, created_at=timezone.now()), initial=first)


@require_http_methods(["GET", "HEAD", "POST"])
@patron_required
def challenge_settings(request: PatronRequest, pk: int) -> HttpResponse:
    """Change a challenge: goals may be changed as one likes."""
    return _form(request, get_object_or_404(request.patron.challenges, pk=pk))


def _form(request: PatronRequest, challenge: Challenge, initial: dict[str, object] | None = None) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = ChallengeForm(sent, instance=challenge, initial=initial)
    if form.is_valid():
        messages.success(request, _("読書チャレンジを保存しました。"))
        return redirect(form.save())
    context = {"form": form, "pk": challenge.pk}
    return render(request, "patrons/challenge_form.html", context, status=422 if sent else 200)


@require_safe
@patron_required
def challenge(request: PatronRequest, pk: int) -> HttpResponse:
    """Show how one challenge goes: the picture, the same in words, month by month, and the books."""
    mine = get_object_or_404(request.patron.challenges, pk=pk)
    [shown] = progress(request.patron, [mine], on=timezone.localdate())
    page = Paginator(shown.books[::-1], 50).get_page(request.GET.get("page"))
    return render(request, "patrons/challenge.html", {"progress": shown, "challenge": mine, "page": page})


@require_POST
@patron_required
def challenge_removal(request: PatronRequest, pk: int) -> HttpResponse:
    """Delete a challenge; what stands on the shelves stays."""
    get_object_or_404(request.patron.challenges, pk=pk).delete()
    messages.success(request, _("読書チャレンジを消しました。本棚の資料と「読んだ」のしるしは、そのままです。"))
    return redirect("patrons:challenges")


@require_safe
@patron_required
def passbook(request: PatronRequest) -> HttpResponse:
    """Show what was read, day by day, for paper: a year, or everything."""
    said = told(request.patron)
    years = sorted({book.on.year for book in said}, reverse=True)
    asked = typed_number(request.GET.get("year"))
    year = asked if asked in years else None
    shown = each_once(book for book in said if year in (None, book.on.year))
    page = Paginator(shown, ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    page.object_list = with_pages(page.object_list)
    context = {"page": page, "years": years, "year": year, "total": len(shown), "patron": request.patron}
    return render(request, "patrons/passbook.html", context)
