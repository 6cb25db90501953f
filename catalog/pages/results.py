"""The pages on which a search is asked and resulted: 「かんたん検索」, 「詳細検索」 (SPEC S1, S2)."""

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.bibliography.ndc import main_classes
from catalog.models import Library, MaterialType, Title
from catalog.pages.facets import LANGUAGES, facets
from catalog.pages.search_slots import with_search_slot
from catalog.search.ask import find
from catalog.search.query import FIELDS, JOINS, PAGE_SIZE, SORTS, Query
from catalog.search.relax import offers
from catalog.search.result import SearchResult

ROWS_OFFERED = 3


@require_safe
@with_search_slot
def results(request: HttpRequest) -> HttpResponse:
    """Answer a search, or offer the box when nothing is asked."""
    query = Query.read(request.GET)
    if not query and "words" in request.GET:
        return redirect(f"{reverse('catalog:advanced')}?{request.GET.urlencode()}")
    if not query:
        return render(request, "catalog/search.html", {"classes": main_classes(), "asked": bool(request.GET.get("q"))})
    result = find(query)
    if result.total and query.page > result.pages:
        return redirect(reverse("catalog:search") + query.address(page=result.pages))
    libraries, types = list(Library.objects.all()), list(MaterialType.objects.all())
    context = {
        "query": query,
        "result": result,
        "libraries": libraries,
        "hits": Title.objects.as_listed(result.ids),
        "page": page_of(result),
        "facets": facets(result, libraries, types),
        "offers": [] if result.total else offers(query),
        "outside": " ".join(term.typed for term in query.terms),
        "sorts": SORTS,
        "start": (query.page - 1) * PAGE_SIZE + 1,
    }
    return render(request, "catalog/results.html", context)


def page_of(result: SearchResult) -> Page:
    """Return what the pagination shows: the pages that can be opened."""
    return Paginator(range(min(result.total, result.pages * PAGE_SIZE)), PAGE_SIZE).get_page(result.query.page)


@require_safe
def advanced(request: HttpRequest) -> HttpResponse:
    """Offer rows of fields, joined as the reader likes, and every filter; what was asked before stands there.

    A form sent without anything to look for comes back and says so.
    """
    query = Query.read(request.GET)
    rows = [{"field": row.field, "join": row.join, "words": row.words} for row in query.rows]
    rows += [{"field": name, "join": "and", "words": ""} for name in ("title", "creator", "subject")][len(rows) :]
    context = {
        "query": query,
        "asked": not query and "words" in request.GET,
        "rows": rows[: max(ROWS_OFFERED, len(query.rows))],
        "fields": FIELDS,
        "joins": JOINS,
        "sorts": SORTS,
        "types": MaterialType.objects.all(),
        "holding": Library.objects.all(),
        "languages": LANGUAGES,
        "classes": main_classes(),
    }
    return render(request, "catalog/advanced.html", context)
