"""One title on 「My 本棚」: how it gets there, what is said of it, its place, how it goes (SPEC M9)."""

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from catalog.models import Title
from catalog.typed_numbers import LARGEST_ROW, typed_number
from patrons.account.access import PatronRequest, patron_required
from patrons.forms import AdditionForm, ShelvedForm, WrittenForm
from patrons.models import Mark, ShelfEntry
from patrons.reading import shelves
from patrons.views.shelves import FULL, THERE, page_of, put_on

TAKEN = _("「%(title)s」を本棚から出しました。")
BACK = _("「%(title)s」を本棚に戻しました。")
READ = _("「%(title)s」を「読んだ」にしました。")
SAID = tuple(shelves.Said.__annotations__)
MOST_STEPS = shelves.MOST_TITLES


@require_http_methods(["GET", "HEAD", "POST"])
@patron_required
def shelf_addition(request: PatronRequest) -> HttpResponse:
    """Ask on which shelf a title goes; without a title, which book is meant."""
    now = timezone.now()
    number = request.POST.get("title") or request.GET.get("title", "")
    title = get_object_or_404(Title, pk=typed_number(number) or 0) if number else None
    mine = request.patron.shelves.all()
    sent = request.POST if request.method == "POST" else None
    first = {"mark": Mark.WANT, "read_on": timezone.localdate(now), "shelf": request.GET.get("shelf") or mine.first()}
    form = (AdditionForm if title else WrittenForm)(mine, sent, initial=first, today=timezone.localdate(now))
    if form.is_valid():
        given = form.cleaned_data
        shelf = given.get("shelf") or shelves.first_shelf(request.patron, now=now)
        said = cast(shelves.Said, {name: given[name] for name in SAID})
        return put_on(request, shelf, title, name=given.get("name", ""), creator=given.get("creator", ""), **said)
    stands_on = mine.filter(entries__title=title, entries__removed_at=None) if title else ()
    context = {"form": form, "title": title, "stands_on": stands_on}
    return render(request, "patrons/shelf_addition.html", context, status=422 if sent else 200)


def _mine(request: PatronRequest, pk: int) -> ShelfEntry:
    entries = ShelfEntry.objects.of(request.patron).select_related("title__material_type", "shelf__patron")
    return get_object_or_404(entries, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@patron_required
def shelf_entry(request: PatronRequest, pk: int) -> HttpResponse:
    """Change what is said of a title, its shelf and its place."""
    entry = _mine(request, pk)
    place = shelves.place_of(entry)
    sent = request.POST if request.method == "POST" else None
    first = {"shelf": entry.shelf, "place": place}
    mine = request.patron.shelves.all()
    form = ShelvedForm(mine, sent, instance=entry, initial=first, today=timezone.localdate())
    if form.is_valid():
        ShelfEntry.objects.filter(pk=pk).update(**{name: form.cleaned_data[name] for name in SAID})
        if _to_its_place(request, _mine(request, pk), form.cleaned_data, place):
            messages.success(request, gettext("保存しました。"))
        return redirect(page_of(_mine(request, pk)))
    return render(request, "patrons/shelf_entry.html", {"entry": entry, "form": form}, status=422 if sent else 200)


def _to_its_place(request: PatronRequest, entry: ShelfEntry, given: dict, place: int) -> bool:
    """Move an entry to the shelf, or to the place on its shelf, that was asked for; say why not."""
    shelf, same = given["shelf"], given["shelf"] == entry.shelf
    try:
        shelves.put_on(entry, shelf)
    except shelves.AlreadyThereError:
        messages.error(request, THERE % {"title": entry, "shelf": shelf})
        return False
    except shelves.FullError:
        messages.error(request, FULL % {"shelf": shelf})
        return False
    if same and given["place"] and given["place"] != place:
        shelves.move(entry, steps=given["place"] - shelves.place_of(entry))
    return True


@require_POST
@patron_required
def shelf_mark(request: PatronRequest, pk: int) -> HttpResponse:
    """Say with one press that a title was read today, or how far it is."""
    entry, how = _mine(request, pk), request.POST.get("mark", "")
    if how in Mark.values:
        shelves.mark(entry, how, on=timezone.localdate())
    if how == Mark.READ:
        messages.success(request, READ % {"title": entry})
    return redirect(page_of(entry))


@require_POST
@patron_required
def shelf_position(request: PatronRequest, pk: int) -> HttpResponse:
    """Move a title by ``steps``, negative towards the top; who goes on by keys goes on at the title."""
    entry, steps = _mine(request, pk), typed_number(request.POST.get("steps"), least=-LARGEST_ROW)
    if steps is not None:
        shelves.move(entry, steps=max(-MOST_STEPS, min(MOST_STEPS, steps)))
    return redirect(f"{page_of(entry)}#entry-{pk}")


@require_POST
@patron_required
def shelf_taking(request: PatronRequest, pk: int) -> HttpResponse:
    """Take a title out; for ten minutes it can be put back."""
    entry = _mine(request, pk)
    address = page_of(entry)
    shelves.take_out(entry, now=timezone.now())
    messages.success(request, TAKEN % {"title": entry})
    return redirect(address)


@require_POST
@patron_required
def shelf_return(request: PatronRequest, pk: int) -> HttpResponse:
    """Put a title back where it stood."""
    entry = _mine(request, pk)
    try:
        shelves.put_back(entry)
    except shelves.AlreadyThereError:
        messages.info(request, THERE % {"title": entry, "shelf": entry.shelf})
    else:
        messages.success(request, BACK % {"title": entry})
    return redirect(page_of(entry))
