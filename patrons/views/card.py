"""「デジタル利用者カード」: the card itself, its copy for this device, and what makes it an app on a phone."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalog.models import Policy
from patrons.account.access import PatronRequest, patron_required
from patrons.models import AccountPolicy, Patron
from patrons.people import card as symbols

WORKER = "js/card-worker.js"
ICON_SIZES = (192, 512)


@require_safe
@patron_required
def card(request: PatronRequest) -> HttpResponse:
    """Show the card."""
    return render(request, "patrons/card.html", _card(request.patron))


@require_safe
@patron_required
def saved_card(request: PatronRequest) -> HttpResponse:
    """Give the page that 「この端末に保存」 keeps: the card alone, without menu and forms."""
    return render(request, "patrons/card_saved.html", _card(request.patron))


@require_safe
@cache_control(max_age=0)
def worker(request: HttpRequest) -> HttpResponse:
    """Give the service worker, and let it serve the card's folder and nothing else."""
    path = finders.find(WORKER)
    if path is None:
        raise Http404
    allowed = {"Service-Worker-Allowed": reverse("patrons:card")}
    return HttpResponse(Path(path).read_bytes(), content_type="text/javascript; charset=utf-8", headers=allowed)


@require_safe
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """Say how the card stands on a phone's home screen."""
    icons = [
        {
            "src": static(f"img/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "any maskable",
        }
        for size in ICON_SIZES
    ]
    words = {
        "name": _("%(house)s 利用者カード") % {"house": Policy.current().organisation_name},
        "short_name": _("利用者カード"),
        "lang": "ja",
        "start_url": reverse("patrons:card"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#1d3a8a",
        "icons": icons,
    }
    return JsonResponse(words, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


def _card(patron: Patron) -> dict:
    number = patron.card_number
    return {"patron": patron, "nw7": symbols.nw7(number, AccountPolicy.current()), "qr": symbols.qr(number)}
