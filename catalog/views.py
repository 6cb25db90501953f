"""Pages of the catalogue: anonymous, without session, cookie or write (promise 13)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from catalog.models import Title
from catalog.search.find import find
from catalog.search.query import Query


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Show what a search found, a page of it (SPEC S2); an empty query shows the search box alone."""
    query = Query.read(request.GET)
    answer = find(query) if query else None
    found = (
        Title.objects.with_waiting().with_copies().select_related("material_type").in_bulk(answer.ids if answer else ())
    )
    context = {
        "query": query,
        "answer": answer,
        "previous_page": query.address(page=query.page - 1),
        "next_page": query.address(page=query.page + 1),
        "titles": [found[pk] for pk in answer.ids if pk in found] if answer else [],
    }
    return render(request, "catalog/results.html", context)


@require_safe
def title(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one record: what it is, every copy and its state, how many wait, the other volumes (SPEC S3)."""
    record = get_object_or_404(Title.objects.with_waiting().select_related("material_type", "series"), pk=pk)
    context = {"title": record, "items": record.items.for_title_page(), "volumes": record.other_volumes()}
    return render(request, "catalog/title.html", context)
