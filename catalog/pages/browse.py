"""Ways in without words (SPEC S6): classes, new arrivals, most reserved, series and magazines."""

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from catalog.bibliography.ndc import CREDIT, main_classes, ndc_class
from catalog.japanese.volumes import BEHIND
from catalog.models import Item, Library, MaterialType, Series, Title
from catalog.pages.search_slots import with_search_slot
from catalog.search.ask import count_of
from catalog.search.query import PAGE_SIZE, VALUES

MOST_LISTED = 200  # titles that a list without words reaches
MOST_RESERVED = 100
SERIES_LISTED = 60  # on a page


@require_safe
@with_search_slot
def classes(request: HttpRequest, number: str = "") -> HttpResponse:
    """Show a class of the NDC, the classes below it, and how many titles each holds."""
    here = ndc_class(number) if number else None
    if number and not here:
        raise Http404
    below = here.below if here else main_classes()
    context = {
        "here": here,
        "total": count_of("class", number) if here else None,
        "classes": [(one, count_of("class", one.number)) for one in below],
        "credit": CREDIT,
    }
    return render(request, "catalog/classes.html", context)


@require_safe
@with_search_slot
def new(request: HttpRequest) -> HttpResponse:
    """List what came in last: all of it, or of one type or library."""
    given = {name: request.GET.get(name, "") for name in ("type", "library")}
    kind, library = (code if VALUES[name].fullmatch(code) else "" for name, code in given.items())
    titles = arrivals(kind, library)
    context = {
        "types": MaterialType.objects.all(),
        "libraries": list(Library.objects.all()),
        "kind": kind,
        "library": library,
    }
    return _list(request, "catalog/new.html", titles[:MOST_LISTED], context)


def arrivals(kind: str = "", library: str = "") -> QuerySet[Title]:
    """Return titles, the newest first, of a material type and held by a library (codes; "" for any)."""
    titles = Title.objects.order_by("-added_on", "-id")
    if kind:
        titles = titles.filter(material_type__code=kind)
    if library:
        held = Item.objects.not_withdrawn().filter(home_library__code=library)
        titles = titles.filter(pk__in=held.values("title"))
    return titles


@require_safe
@with_search_slot
def most_reserved(request: HttpRequest) -> HttpResponse:
    """List the titles most people wait for."""
    waited_for = Title.objects.filter(reservations__state="waiting").annotate(people=Count("reservations"))
    return _list(request, "catalog/most_reserved.html", waited_for.order_by("-people", "title_key")[:MOST_RESERVED], {})


@require_safe
@with_search_slot
def serials(request: HttpRequest) -> HttpResponse:
    """List the magazines, or the other series, in the order of their readings, with the number of their titles."""
    magazines = request.GET.get("kind") != "series"
    titles = Title.objects.filter(series=OuterRef("pk"))
    of_magazines = Exists(titles.filter(material_type__periodical=True))
    which = Series.objects.filter(of_magazines) if magazines else Series.objects.filter(Exists(titles), ~of_magazines)
    page = Paginator(which.order_by("name_key", "id"), SERIES_LISTED).get_page(request.GET.get("page"))
    here = list(page.object_list)
    counted = Title.objects.filter(series__in=here).order_by().values_list("series").annotate(Count("pk"))
    numbers = dict(counted)
    context = {"magazines": magazines, "page": page, "listed": [(one, numbers.get(one.pk, 0)) for one in here]}
    return render(request, "catalog/serials.html", context)


@require_safe
@with_search_slot
def series(request: HttpRequest, pk: int) -> HttpResponse:
    """List the volumes of a series in order; the issues of a magazine, the newest first and those unnumbered last."""
    here = get_object_or_404(Series, pk=pk)
    titles = here.titles.order_by("volume_key", "title_key", "id")
    if here.titles.filter(material_type__periodical=True).exists():
        away = here.titles.alias(away=Q(volume_key__gte=BEHIND))
        titles = away.order_by("away", "-volume_key", "-year", "-id")
    return _list(request, "catalog/series.html", titles, {"series": here})


def _list(request: HttpRequest, template: str, titles: QuerySet[Title], context: dict) -> HttpResponse:
    page = Paginator(titles.values_list("pk", flat=True), PAGE_SIZE).get_page(request.GET.get("page"))
    hits = Title.objects.as_listed(list(page.object_list))
    return render(request, template, context | {"page": page, "hits": hits})
