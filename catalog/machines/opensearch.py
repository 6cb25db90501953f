"""OpenSearch: the search described to browsers, which offer it in their own box, and suggestions while typing."""

from xml.etree.ElementTree import Element, SubElement

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from catalog.machines.xml_documents import xml_response
from catalog.models import Policy
from catalog.pages.search_slots import with_search_slot
from catalog.search.suggest import suggestions as suggested


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """Describe the search to browsers, which then offer it in their own box."""
    root = Element("OpenSearchDescription", xmlns="http://a9.com/-/spec/opensearch/1.1/")
    SubElement(root, "ShortName").text = Policy.current().organisation_name[:16]
    SubElement(root, "Description").text = f"{Policy.current().organisation_name}の資料を探す"
    SubElement(root, "InputEncoding").text = "UTF-8"
    search, suggest = (settings.SITE_URL + reverse(f"catalog:{name}") for name in ("search", "suggestions"))
    SubElement(root, "Url", type="text/html", template=f"{search}?q={{searchTerms}}")
    SubElement(root, "Url", type="application/x-suggestions+json", template=f"{suggest}?q={{searchTerms}}")
    feed_url = settings.SITE_URL + reverse("catalog:feed")
    SubElement(root, "Url", type="application/atom+xml", template=f"{feed_url}?q={{searchTerms}}")
    return xml_response(root, "application/opensearchdescription+xml")


@require_safe
@with_search_slot
def suggestions(request: HttpRequest) -> JsonResponse:
    """Answer in the form OpenSearch gives: what was typed, and what it could become."""
    typed = request.GET.get("q", "")[:100]
    response = JsonResponse([typed, suggested(typed)], safe=False, json_dumps_params={"ensure_ascii": False})
    patch_cache_control(response, public=True, max_age=300)
    return response
