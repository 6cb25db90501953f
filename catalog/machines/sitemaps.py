"""What crawlers ask: which addresses they may walk, and the pages of all titles."""

from xml.etree.ElementTree import Element, SubElement

from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from catalog.machines.xml_documents import xml_response
from catalog.models import Title
from catalog.pages.search_slots import with_harvest_slot
from catalog.typed_numbers import LARGEST_ROW

PER_SITEMAP = 10_000  # ids; a sitemap may hold 50,000 addresses
# A search for words may be listed, and read as a feed; its countless narrowings (a second parameter) may not.
CLOSED = ("search/?*&", "search/detail/", "feed/?*&", "suggestions/", "my/", "admin/", "basket/", "login/")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Open the records to crawlers, and close what has endless combinations, in every language."""
    prefixes = [f"{code}/" if code != settings.LANGUAGE_CODE else "" for code, _ in settings.LANGUAGES]
    lines = ["User-agent: *", *(f"Disallow: /{prefix}{path}" for prefix in prefixes for path in CLOSED)]
    lines += [f"Sitemap: {settings.SITE_URL}{reverse('catalog:sitemaps')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@with_harvest_slot
def sitemaps(request: HttpRequest) -> HttpResponse:
    """List the sitemaps, one for so many ids."""
    last = Title.objects.aggregate(last=Max("pk"))["last"] or 0
    root = Element("sitemapindex", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    for number in range(last // PER_SITEMAP + 1):
        address = settings.SITE_URL + reverse("catalog:sitemap", args=(number,))
        SubElement(SubElement(root, "sitemap"), "loc").text = address
    return xml_response(root)


@require_safe
@with_harvest_slot
def sitemap(request: HttpRequest, number: int) -> HttpResponse:
    """List the pages of the titles whose ids stand in one range, each with the day of its last change."""
    root = Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    first = number * PER_SITEMAP
    if first > LARGEST_ROW - PER_SITEMAP:
        return xml_response(root)
    titles = Title.objects.filter(pk__gte=first, pk__lt=first + PER_SITEMAP).order_by("pk")
    for pk, changed_at in titles.values_list("pk", "changed_at"):
        url = SubElement(root, "url")
        SubElement(url, "loc").text = settings.SITE_URL + reverse("catalog:title", args=(pk,))
        SubElement(url, "lastmod").text = localdate(changed_at).isoformat()
    return xml_response(root)
