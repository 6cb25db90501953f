"""Who looks without logging in leaves nothing: no address writes a row, and none that is only read sets a cookie."""

from urllib.parse import quote

import pytest
from django.db import connection
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.test_every_page import PAGES, World, addresses

# The one cookie that each of these needs for its form; every other address, a new one too, sets none.
COOKIES = {
    "opac:enrol": "csrftoken",
    "patrons:login": "csrftoken",
    "patrons:forgotten": "csrftoken",
    "reservations:basket": "basket",
}
MOST_QUERIES = 12
OAI = ("Identify", "ListSets", "ListMetadataFormats", "ListRecords&metadataPrefix=oai_dc", "GetRecord&identifier=x")
ASKED = ["/search/?q=銀河", "/search/?q=無い", "/search/?q=宮沢&as_typed=1", "/search/?q=toukyou", "/feed/?q=銀河"]
ASKED += [
    "/search/?q=無い+銀河&type=book&from=1900",
    "/search/detail/?q=銀河",
    "/suggestions/?q=銀",
    "/series/?kind=series",
]
ASKED += ["/", "/en/", "/en/search/?q=銀河", "/vi/help/", "/new/?type=book", "/nowhere/"]
ASKED += [f"/oai/?verb={verb}" for verb in OAI]


def seen(address: str) -> tuple[HttpResponseBase, list[str]]:
    """Return what a new visitor gets, and the statements that were no mere questions."""
    with CaptureQueriesContext(connection) as asked:
        answer: HttpResponseBase = Client().get(address)
        if isinstance(answer, StreamingHttpResponse):
            b"".join(answer)
    assert len(asked) <= MOST_QUERIES, address
    return answer, [one["sql"] for one in asked if not one["sql"].lstrip().upper().startswith(("SELECT", "WITH"))]


@pytest.mark.django_db
@pytest.mark.parametrize("engine", ["index", "plain"])
def test_a_visitor_leaves_no_row_and_takes_no_cookie_that_no_form_needs(request, engine):
    world = World()
    if engine == "index":
        request.getfixturevalue("index")()
    named = addresses(world) | {address: quote(address, safe="/?&=+") for address in ASKED}
    answers = {name: seen(address) for name, address in named.items()}
    assert {name: written for name, (_, written) in answers.items() if written} == {}
    assert {name: "; ".join(answer.cookies) for name, (answer, _) in answers.items() if answer.cookies} == COOKIES
    assert {name for name, (answer, _) in answers.items() if answer.status_code == 200} >= {
        *(name for name in PAGES if name.startswith("catalog:") and name not in ("catalog:cover", "catalog:isbn")),
        *(address for address in ASKED if address != "/nowhere/"),
        *("opac:start", "opac:help", "opac:title_qr", *COOKIES),
    }
