"""Search by PostgreSQL alone: slower and with simpler ranking.

For a portal whose index is missing, and for whoever wants exactly the letters that were typed, which no index holds.

Lines of ``Title.folded`` are compared with pg_trgm; see ``catalog.derived`` for their form.
"""

import re
from functools import partial, reduce
from itertools import chain

from django.db import connection
from django.db.models import Case, F, Func, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.lookups import IContains

from catalog.bibliography.isbn import isbn13
from catalog.derived import MARKS
from catalog.japanese.fold import squeeze
from catalog.models import Item, Title
from catalog.search.query import PAGE_SIZE, Query, Row
from catalog.search.result import FACETS, SearchResult

ORDERS = {
    "newest": (F("year").desc(nulls_last=True), "title_key", "volume_key", "id"),
    "oldest": (F("year").asc(nulls_last=True), "title_key", "volume_key", "id"),
    "title": ("title_key", "volume_key", "id"),
    "creator": ("creator_key", "title_key", "volume_key", "id"),
}
WRITTEN = {
    "title": ("title", "volume", "subtitle", "other_titles", "title_reading", "series__name", "series__reading"),
    "creator": ("creator", "creator_reading"),
    "publisher": ("publisher",),
    "subject": ("subjects",),
    "isbn": ("isbn", "other_isbns"),
}
"""The columns in which the words of a field stand as the record writes them."""
COUNTS = """
    WITH hit AS MATERIALIZED ({hits})
    SELECT 'total', '', count(*) FROM hit
    UNION ALL SELECT 'type', kind.code, count(*)
        FROM hit JOIN catalog_materialtype kind ON kind.id = hit.material_type_id GROUP BY 2
    UNION ALL SELECT 'ndc', left(ndc, 1), count(*) FROM hit WHERE ndc ~ '^[0-9]' GROUP BY 2
    UNION ALL SELECT 'decade', (year / 10 * 10)::text, count(*) FROM hit WHERE year IS NOT NULL GROUP BY 2
    UNION ALL SELECT 'language', language, count(*) FROM hit GROUP BY 2
    UNION ALL SELECT 'library', library.code, count(DISTINCT hit.id)
        FROM hit JOIN catalog_item item ON item.title_id = hit.id AND item.status <> 'withdrawn'
        JOIN catalog_library library ON library.id = item.home_library_id GROUP BY 2
    UNION ALL SELECT 'available', '1', count(DISTINCT hit.id)
        FROM hit JOIN catalog_item item ON item.title_id = hit.id AND item.status = 'available' AND item.lendable
"""


def search(query: Query) -> SearchResult:
    """Answer a query in two round trips: one for all counts, one for the page."""
    hits = matching(query)
    columns = hits.order_by().values("id", "material_type_id", "ndc", "year", "language")
    sql, params = columns.query.sql_with_params()
    counts: dict[str, list[tuple[str, int]]] = {"total": []}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS.format(hits=sql), params)
        for name, value, number in cursor:
            if number:
                counts.setdefault(name, []).append((value, number))
    total = sum(number for _, number in counts["total"])
    start = (query.page - 1) * PAGE_SIZE
    ids = _ordered(hits, query).values_list("pk", flat=True)[start : start + PAGE_SIZE] if start < total else ()
    facets = {name: tuple(sorted(counts.get(name, ()), key=lambda pair: (-pair[1], pair[0]))) for name in FACETS}
    return SearchResult(query=query, total=total, ids=tuple(ids), facets=facets, notes=query.notes, plain=True)


def matching(query: Query) -> QuerySet[Title]:
    """Return the titles that rows and filters let through; all of them when nothing is asked."""
    rows = reduce(partial(_joined, as_typed=query.as_typed), query.rows, Q())
    titles = Title.objects.filter(rows, _filters(query))
    if libraries := query.filters.get("library"):
        held = Item.objects.not_withdrawn().filter(home_library__code__in=libraries)
        titles = titles.filter(pk__in=held.values("title"))
    if query.filters.get("available"):
        free = Item.objects.filter(status=Item.Status.AVAILABLE, lendable=True)
        titles = titles.filter(pk__in=free.values("title"))
    return titles


class _AsWritten(Func):
    """Columns as they stand, a line each; as in what is typed, width is no difference, and Ⅲ is III."""

    template = "NORMALIZE(CONCAT_WS(E'\\n', %(expressions)s), NFKC)"
    output_field = TextField()


def _joined(before: Q, row: Row, *, as_typed: bool) -> Q:
    """Join a row to the rows before it, as they stand on the page; ``as_typed`` compares letter by letter, too."""
    here = Q()
    columns = chain.from_iterable(WRITTEN.values()) if row.field == "any" else WRITTEN[row.field]
    written = _AsWritten(*columns)
    for term in row.terms:
        here &= _contains(row.field, squeeze(term.folded))
        if as_typed:
            here &= Q(IContains(written, isbn13(term.typed) or term.typed.strip('"')))
    if row.join == "not":
        return before & ~here
    return before | here if row.join == "or" and before else before & here


def _contains(field: str, text: str) -> Q:
    if field == "any":
        return Q(folded__contains=text)
    return Q(folded__regex=f"\\n{MARKS[field]}[^\\n]*{re.escape(text)}")


def _filters(query: Query) -> Q:
    chosen = query.filters
    let_through = Q()
    if "type" in chosen:
        let_through &= Q(material_type__code__in=chosen["type"])
    if "language" in chosen:
        let_through &= Q(language__in=chosen["language"])
    if "ndc" in chosen:
        let_through &= reduce(Q.__or__, (Q(ndc__startswith=prefix) for prefix in chosen["ndc"]))
    if "decade" in chosen:
        let_through &= reduce(Q.__or__, (Q(year__range=(int(d), int(d) + 9)) for d in chosen["decade"]))
    if query.year_from:
        let_through &= Q(year__gte=query.year_from)
    if query.year_to:
        let_through &= Q(year__lte=query.year_to)
    return let_through


def _ordered(hits: QuerySet[Title], query: Query) -> QuerySet[Title]:
    if query.sort in ORDERS:
        return hits.order_by(*ORDERS[query.sort])
    whole = squeeze("".join(term.folded for term in query.terms))
    if not whole:
        return hits.order_by(*ORDERS["newest"])
    tiers = (f"\nT{whole}\n", f"\nT{whole}")
    cases = [When(folded__contains=text, then=Value(tier)) for tier, text in enumerate(tiers)]
    cases += [When(_contains("title", squeeze(query.terms[0].folded)), then=Value(len(tiers)))]
    tier = Case(*cases, default=Value(len(cases)), output_field=IntegerField())
    return hits.annotate(tier=tier).order_by("tier", *ORDERS["newest"])
