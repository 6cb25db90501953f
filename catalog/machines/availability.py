"""What other sites ask by ISBN: the page of the title, and where copies of it stand."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from catalog.bibliography.isbn import isbn13
from catalog.models import Title
from catalog.pages.search_slots import with_search_slot
from catalog.search.query import Query

AVAILABILITY_SECONDS = 60


@require_safe
@with_search_slot
def by_isbn(request: HttpRequest, isbn: str) -> HttpResponse:
    """Lead to the title with this ISBN, or to a search when there are several or none."""
    number = isbn13(isbn)
    found = list(Title.objects.with_isbn(number).values_list("pk", flat=True)[:2])
    if len(found) == 1:
        return HttpResponseRedirect(reverse("catalog:title", args=found))
    return HttpResponseRedirect(reverse("catalog:search") + Query.of(isbn[:40], "isbn").address())


@require_safe
@with_search_slot
def availability(request: HttpRequest, isbn: str) -> JsonResponse:
    """Tell where copies of an ISBN stand, for other sites; a minute old at most."""
    number = isbn13(isbn)
    found = Title.objects.with_isbn(number).values_list("pk", flat=True)[:10]
    titles = []
    for title in Title.objects.as_listed(list(found)):
        free = {library.code for library in title.available_at}
        places = {copy.home_library.code: copy.home_library.short_name for copy in title.copies_listed}
        titles.append(
            {
                "title": str(title),
                "url": settings.SITE_URL + title.get_absolute_url(),
                "waiting": title.waiting,
                "libraries": [{"code": code, "name": name, "available": code in free} for code, name in places.items()],
            }
        )
    response = JsonResponse({"isbn": number or isbn[:40], "titles": titles}, json_dumps_params={"ensure_ascii": False})
    patch_cache_control(response, public=True, max_age=AVAILABILITY_SECONDS)
    response["Access-Control-Allow-Origin"] = "*"
    return response
