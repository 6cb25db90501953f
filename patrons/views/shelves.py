"""「My 本棚」: the shelves, one shelf, its file (SPEC M9)."""

from collections.abc import Sequence
from typing import NamedTuple, Unpack
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.bibliography.isbn import isbn13
from catalog.models import Title
from patrons.account.access import PatronRequest, patron_required
from patrons.forms import ShelfForm
from patrons.models import Mark, Patron, Shelf, ShelfEntry
from patrons.reading import shelves as verbs
from patrons.reading.shelf_files import FILES

PAGE_SIZE = 20
LIST_SIZE = 200  # of the list that is made for paper
NO_ISBN = _("ISBNを読み取れませんでした。本の裏表紙などにある、978から始まる13けたの番号を入力してください。")
UNKNOWN_ISBN = _("この番号の資料は、図書館の目録に見つかりませんでした。")
ADDED = _("「%(title)s」を本棚「%(shelf)s」に入れました。")
THERE = _("「%(title)s」は、もう本棚「%(shelf)s」にあります。")
FULL = _("本棚「%(shelf)s」はいっぱいです。ほかの本棚を選んでください。")


class ShelfRow(NamedTuple):
    """An entry as a shelf's page lists it, with its title while the catalogue has it."""

    entry: ShelfEntry
    title: Title | None


@require_http_methods(["GET", "HEAD", "POST"])
@patron_required
def shelves(request: PatronRequest) -> HttpResponse:
    """List the patron's shelves and make a new one."""
    sent = request.POST if request.method == "POST" else None
    form = ShelfForm(sent, instance=Shelf(patron=request.patron, created_at=timezone.now()))
    if form.is_valid():
        return redirect(form.save())
    standing = Q(entries__removed_at=None)
    counts = {how: Count("entries", filter=standing & Q(entries__mark=how)) for how in Mark.values}
    mine = request.patron.shelves.annotate(total=Count("entries", filter=standing), **counts)
    context = {"shelves": mine, "form": form}
    return render(request, "patrons/shelves.html", context, status=422 if sent else 200)


def shelf_of(patron: Patron, pk: int) -> Shelf:
    return get_object_or_404(patron.shelves, pk=pk)


@require_safe
@patron_required
def shelf(request: PatronRequest, pk: int) -> HttpResponse:
    """Show one shelf, a page at a time, with what is in stock now; or the plain list of it, for paper."""
    mine = shelf_of(request.patron, pk)
    if "list" not in request.GET:
        return _shelf(request, mine)
    entries = mine.entries.standing().select_related("title")
    page = Paginator(entries, LIST_SIZE).get_page(request.GET.get("page"))
    return render(request, "patrons/shelf_list.html", {"shelf": mine, "page": page})


def _shelf(request: PatronRequest, mine: Shelf, status: int = 200, **more: object) -> HttpResponse:
    """Render a shelf in a number of queries that does not grow with it."""
    only = request.GET.get("mark", "")
    only = only if only in Mark.values else ""
    standing = mine.entries.standing()
    counts = standing.aggregate(**{how: Count("pk", filter=Q(mark=how)) for how in Mark.values})
    page = Paginator(standing.filter(mark=only) if only else standing, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = _rows(list(page.object_list))
    context = {
        "shelf": mine,
        "page": page,
        "rows": rows,
        "only": only,
        "marks": [(how.value, how.label, counts[how]) for how in Mark],
        "in_stock": any(row.title and row.title.available_at for row in rows),
        "returnable": verbs.returnable(mine, now=timezone.now()),
        **more,
    }
    return render(request, "patrons/shelf.html", context, status=status)


def _rows(entries: Sequence[ShelfEntry]) -> list[ShelfRow]:
    """Return entries with their titles as lists show them, in a number of queries that does not grow with them."""
    listed = Title.objects.as_listed([entry.title_id for entry in entries if entry.title_id])
    titles = {title.pk: title for title in listed}
    for entry in entries:
        entry.title = titles.get(entry.title_id or 0)
    return [ShelfRow(entry, entry.title) for entry in entries]


@require_POST
@patron_required
def shelf_isbn(request: PatronRequest, pk: int) -> HttpResponse:
    """Put on a title by its ISBN, typed or read by a scanner, in whatever width and with whatever between."""
    mine, typed = shelf_of(request.patron, pk), request.POST.get("isbn", "")
    number = isbn13(typed)
    title = Title.objects.with_isbn(number).first()
    if title is None:
        return _shelf(request, mine, 422, typed=typed, isbn_error=UNKNOWN_ISBN if number else NO_ISBN, unknown=number)
    return put_on(request, mine, title)


def put_on(
    request: PatronRequest,
    mine: Shelf,
    title: Title | None,
    *,
    name: str = "",
    creator: str = "",
    **said: Unpack[verbs.Said],
) -> HttpResponse:
    """Put a title on a shelf, say so, and show it where it stands."""
    named = {"title": title or name, "shelf": mine}
    try:
        entry = verbs.add(mine, title, now=timezone.now(), name=name, creator=creator, **said)
    except verbs.AlreadyThereError:
        messages.info(request, THERE % named)
        return redirect(mine)
    except verbs.FullError:
        messages.error(request, FULL % named)
        return redirect(mine)
    messages.success(request, ADDED % named)
    return redirect(page_of(entry))


def page_of(entry: ShelfEntry) -> str:
    """Return the page of the shelf on which an entry stands.

    Without its place there: a browser would take the focus from what the page says of the last action.
    """
    number = (verbs.place_of(entry) + PAGE_SIZE - 1) // PAGE_SIZE
    query = f"?{urlencode({'page': number})}" if number > 1 else ""
    return f"{entry.shelf.get_absolute_url()}{query}"


@require_http_methods(["GET", "HEAD", "POST"])
@patron_required
def shelf_settings(request: PatronRequest, pk: int) -> HttpResponse:
    """Give a shelf another name."""
    mine = shelf_of(request.patron, pk)
    sent = request.POST if request.method == "POST" else None
    form = ShelfForm(sent, instance=mine)
    if form.is_valid():
        form.save()
        messages.success(request, gettext("本棚の名前を変えました。"))
        return redirect(mine)
    context = {"shelf": shelf_of(request.patron, pk), "form": form}
    return render(request, "patrons/shelf_settings.html", context, status=422 if sent else 200)


@require_POST
@patron_required
def shelf_removal(request: PatronRequest, pk: int) -> HttpResponse:
    """Delete a shelf with everything on it, for good: a shelf that is not empty wants a tick first."""
    mine = shelf_of(request.patron, pk)
    if mine.entries.standing().exists() and "sure" not in request.POST:
        messages.error(request, gettext("本棚には資料があります。片づけるときは、確認の欄に印をつけてください。"))
        return redirect("patrons:shelf_settings", pk)
    mine.delete()
    messages.success(request, gettext("本棚を片づけました。"))
    return redirect("patrons:shelves")


@require_safe
@patron_required
def shelf_file(request: PatronRequest, pk: int, form: str) -> HttpResponse:
    """Hand out a shelf as a file."""
    mine = shelf_of(request.patron, pk)
    if form not in FILES:
        raise Http404
    write, kind = FILES[form]
    headers = {"Content-Disposition": f'attachment; filename="hondana-{mine.pk}.{form}"'}
    return HttpResponse(write(mine), content_type=kind, headers=headers)
