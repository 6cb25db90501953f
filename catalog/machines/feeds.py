"""Atom: the new arrivals, or what a search finds, for readers of feeds."""

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from catalog.machines.xml_documents import for_xml
from catalog.models import Policy, Title
from catalog.pages.browse import arrivals
from catalog.pages.search_slots import with_search_slot
from catalog.search.ask import find
from catalog.search.query import Query

FEED_LENGTH = 50


@require_safe
@with_search_slot
def feed(request: HttpRequest) -> HttpResponse:
    """Give the new arrivals, or what a search finds, the newest first, as an Atom feed."""
    query = Query.read(request.GET)
    if query:
        ids = find(replace(query, sort="newest", page=1)).ids
        words = " ".join(row.words for row in query.rows)
        name, page = f"「{words}」の検索結果" if words else "検索結果", reverse("catalog:search") + query.address()
    else:
        ids = tuple(arrivals().values_list("pk", flat=True)[:FEED_LENGTH])
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
        atom.add_item(
            link=link,
            unique_id=link,
            title=for_xml(str(title)),
            description=for_xml(f"{title.creator} {title.imprint}".strip()),
            author_name=for_xml(title.creator) or None,
            updateddate=title.changed_at,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
