"""A patron's conditions for 「新着資料お知らせメール」: what each would have found lately, and how they change.

Nothing here asks the search index: what is new is little, and PostgreSQL knows it at once.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet, Value

from catalog.models import Item, Title
from catalog.search import postgres_engine
from catalog.search.query import Query
from notifications.models import Alert

LATELY_DAYS = 30
IN_KEYWORD = ("any", "title", "subject")


def lately(alert: Alert, on: date) -> QuerySet[Title]:
    """Return what a condition fits among the titles whose first copy for lending came in the last 30 days.

    A condition with a 所蔵館 asks for the first copy of that library.
    """
    before = on - timedelta(days=LATELY_DAYS)
    copies = Item.objects.filter(lendable=True)
    if alert.library_id:
        copies = copies.filter(home_library=alert.library_id)
    came = copies.servable().filter(acquired_on__gt=before, acquired_on__lte=on)
    known = copies.filter(title=OuterRef("pk"), acquired_on__lte=before)
    new = postgres_engine.matching(alert.query).filter(~Exists(known), pk__in=came.values("title"))
    return new.order_by("-added_on", "title_key", "id")


def counts(alerts: Sequence[Alert], on: date) -> dict[int, int]:
    """Return how many titles of the last 30 days each condition fits, by its id; one query for all."""
    asked = [
        lately(alert, on).order_by().annotate(alert=Value(alert.pk)).values("alert").annotate(found=Count("pk"))
        for alert in alerts
    ]
    if not asked:
        return {}
    return {row["alert"]: row["found"] for row in asked[0].union(*asked[1:], all=True)}


def from_search(query: Query) -> dict[str, str]:
    """Return what of a search can be a condition, as a form's first values; the rest of the search is left out."""
    rows = [row for row in query.rows if row.join == "and"]
    first = {name: values[0] for name, values in query.filters.items()}
    return {
        "keyword": " ".join(row.words for row in rows if row.field in IN_KEYWORD),
        "author": " ".join(row.words for row in rows if row.field == "creator"),
        "ndc": first.get("ndc", ""),
        "material_type": first.get("type", ""),
        "library": first.get("library", ""),
    }
