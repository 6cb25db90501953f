"""The address of a title as a QR code, so that a patron goes on from the touch panel on their own telephone."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from catalog.models import Title
from catalog.terminals import qr_code


@require_safe
def title_qr(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the code with its quiet zone, black on white in every colour scheme."""
    title = get_object_or_404(Title, pk=pk)
    return HttpResponse(qr_code(settings.SITE_URL + title.get_absolute_url(), size=20), content_type="image/svg+xml")
