"""The page of one title: anonymous, without session, cookie or write (promise 13)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import conditional_page, require_safe

from catalog.bibliography.ndc import ndc_class
from catalog.models import Title
from catalog.pages.jsonld import json_ld

VOLUMES_SHOWN = 20


@require_safe
@conditional_page
def title(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one record: what it is, every copy and its state, how many wait, the other volumes (SPEC S3).

    ``conditional_page`` answers 304 to whoever has the page as it is.
    """
    record = get_object_or_404(Title.objects.with_waiting().select_related("material_type", "series"), pk=pk)
    volumes, more_volumes = record.volumes_around(VOLUMES_SHOWN)
    context = {
        "title": record,
        "items": record.items.for_title_page(),
        "volumes": volumes,
        "more_volumes": more_volumes,
        "ndc_class": ndc_class(record.ndc),
        "json_ld": json_ld(record),
    }
    return render(request, "catalog/title.html", context)
