"""What machines read: suggestions, ISBN addresses, availability, feeds, sitemaps, robots."""

from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from catalog.bibliography.isbn import isbn13
from catalog.machines.xml_text import for_xml
from catalog.models import Policy, Title
from catalog.pages.browse import arrivals
from catalog.pages.search_slots import bounded, harvested
from catalog.search.ask import find
from catalog.search.query import Query
from catalog.search.suggest import suggestions as suggested

AVAILABILITY_SECONDS = 60
FEED_LENGTH = 50
PER_SITEMAP = 10_000  # ids; a sitemap may hold 50,000 addresses
# A search for words may be listed, and read as a feed; its countless narrowings (a second parameter) may not.
CLOSED = ("search/?*&", "search/detail/", "feed/?*&", "suggestions/", "my/", "admin/", "basket/", "login/")


@require_safe
@bounded
def suggestions(request: HttpRequest) -> JsonResponse:
    """Answer in the form OpenSearch gives: what was typed, and what it could become."""
    typed = request.GET.get("q", "")[:100]
    response = JsonResponse([typed, suggested(typed)], safe=False, json_dumps_params={"ensure_ascii": False})
    patch_cache_control(response, public=True, max_age=300)
    return response


@require_safe
@bounded
def by_isbn(request: HttpRequest, isbn: str) -> HttpResponse:
    """Lead to the title with this ISBN, or to a search when there are several or none."""
    number = isbn13(isbn)
    found = list(Title.objects.with_isbn(number).values_list("pk", flat=True)[:2])
    if len(found) == 1:
        return HttpResponseRedirect(reverse("catalog:title", args=found))
    return HttpResponseRedirect(reverse("catalog:search") + Query.of(isbn[:40], "isbn").address())


@require_safe
@bounded
def availability(request: HttpRequest, isbn: str) -> JsonResponse:
    """Tell where copies of an ISBN stand, for other sites; a minute old at most."""
    number = isbn13(isbn)
    found = Title.objects.with_isbn(number).values_list("pk", flat=True)[:10]
    titles = [_availability(title) for title in Title.objects.as_listed(list(found))]
    response = JsonResponse({"isbn": number or isbn[:40], "titles": titles}, json_dumps_params={"ensure_ascii": False})
    patch_cache_control(response, public=True, max_age=AVAILABILITY_SECONDS)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _availability(title: Title) -> dict:
    free = {library.code for library in title.available_at}
    places = {item.home_library.code: item.home_library.short_name for item in title.kept}
    return {
        "title": str(title),
        "url": settings.SITE_URL + title.get_absolute_url(),
        "waiting": title.waiting,
        "libraries": [{"code": code, "name": name, "available": code in free} for code, name in places.items()],
    }


@require_safe
@bounded
def feed(request: HttpRequest) -> HttpResponse:
    """Give the new arrivals, or what a search finds, the newest first, as an Atom feed."""
    query = Query.read(request.GET)
    if query:
        ids = find(replace(query, sort="newest", page=1)).ids
        words = " ".join(row.words for row in query.rows)
        name, page = f"「{words}」の検索結果" if words else "検索結果", reverse("catalog:search") + query.address()
    else:
        ids = list(arrivals().values_list("pk", flat=True)[:FEED_LENGTH])
        name, page = "新着資料", reverse("catalog:new")
    atom = Atom1Feed(
        title=f"{name}｜{Policy.current().organisation_name}",
        link=settings.SITE_URL + page,
        description="",
        language="ja",
        author_name=Policy.current().organisation_name,
        feed_url=settings.SITE_URL + request.get_full_path(),
    )
    for title in Title.objects.as_listed(ids):
        link = settings.SITE_URL + title.get_absolute_url()
        summary = f"{title.creator} {title.imprint}".strip()
        about = {"title": str(title), "description": summary} | (
            {"author_name": title.creator} if title.creator else {}
        )
        said = {name: for_xml(text) for name, text in about.items()}
        atom.add_item(link=link, unique_id=link, updateddate=title.changed_at, **said)
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


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
    return _xml(root, "application/opensearchdescription+xml")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Open the records to crawlers, and close what has endless combinations, in every language."""
    prefixes = [f"{code}/" if code != settings.LANGUAGE_CODE else "" for code, _ in settings.LANGUAGES]
    lines = ["User-agent: *", *(f"Disallow: /{prefix}{path}" for prefix in prefixes for path in CLOSED)]
    lines += [f"Sitemap: {settings.SITE_URL}{reverse('catalog:sitemaps')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@harvested
def sitemaps(request: HttpRequest) -> HttpResponse:
    """List the sitemaps, one for so many ids."""
    last = Title.objects.aggregate(last=Max("pk"))["last"] or 0
    root = Element("sitemapindex", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    for number in range(last // PER_SITEMAP + 1):
        address = settings.SITE_URL + reverse("catalog:sitemap", args=(number,))
        SubElement(SubElement(root, "sitemap"), "loc").text = address
    return _xml(root)


@require_safe
@harvested
def sitemap(request: HttpRequest, number: int) -> HttpResponse:
    """List the pages of the titles whose ids stand in one range."""
    root = Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    first = number * PER_SITEMAP
    for address, changed_on in _addresses(first):
        url = SubElement(root, "url")
        SubElement(url, "loc").text, SubElement(url, "lastmod").text = address, changed_on
    return _xml(root)


def _addresses(first: int) -> Iterator[tuple[str, str]]:
    """Yield (address, day of the last change) of the titles of a range."""
    titles = Title.objects.filter(pk__gte=first, pk__lt=first + PER_SITEMAP) if first < 2**62 else Title.objects.none()
    for pk, changed_at in titles.order_by("pk").values_list("pk", "changed_at"):
        yield settings.SITE_URL + reverse("catalog:title", args=(pk,)), localdate(changed_at).isoformat()


def _xml(root: Element, content_type: str = "application/xml") -> HttpResponse:
    body = tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(body, content_type=f"{content_type}; charset=utf-8")
