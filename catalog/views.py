"""Pages of the catalogue: anonymous, without session, cookie or write (promise 13)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from catalog.models import Title


@require_safe
def title(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one record: what it is, every copy and its state, how many wait, the other volumes (SPEC S3)."""
    record = get_object_or_404(Title.objects.with_waiting().select_related("material_type", "series"), pk=pk)
    context = {"title": record, "items": record.items.for_title_page(), "volumes": record.other_volumes()}
    return render(request, "catalog/title.html", context)
