"""The address of a title as a QR code, so that a patron goes on from the touch panel on their own telephone."""

import io

import qrcode
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from qrcode.image.svg import SvgPathFillImage

from catalog.models import Title


@require_safe
def title_qr(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the code with its quiet zone, black on white in every colour scheme."""
    title = get_object_or_404(Title, pk=pk)
    picture = io.BytesIO()
    qrcode.make(settings.SITE_URL + title.get_absolute_url(), image_factory=SvgPathFillImage, box_size=20).save(picture)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")
