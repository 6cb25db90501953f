"""Ask the index, or PostgreSQL when there is no index to ask; say how the query was understood."""

import logging
import threading
from concurrent.futures import Future
from dataclasses import replace

from django.utils.translation import get_language

from catalog.search import engine, postgres_engine, understanding, wider
from catalog.search.index import on_disk
from catalog.search.index.hits import holding, number_of
from catalog.search.query import Query
from catalog.search.result import SearchResult

log = logging.getLogger(__name__)


_under_way: dict[tuple[str, str], Future[SearchResult]] = {}
_looking = threading.Lock()


def find(query: Query) -> SearchResult:
    """Answer a query; nothing a visitor can type makes it fail, and no state of the index does.

    Who asks the same in the same language while it is being answered waits for that answer (a class of thirty that
    follows one link); nothing is kept afterwards.
    """
    asked = (get_language() or "", repr(query))
    with _looking:
        first = asked not in _under_way
        answer = _under_way.setdefault(asked, Future())
    if first:
        try:
            answer.set_result(_find(query))
        except BaseException as error:  # those who wait are to hear of it, too
            answer.set_exception(error)
        finally:
            with _looking:
                del _under_way[asked]
    return answer.result()


def _find(query: Query) -> SearchResult:
    """Ask PostgreSQL or the index; what the index finds little of is also asked in wider ways."""
    reader = None if query.as_typed else on_disk.reader()
    if not reader:
        return replace(postgres_engine.search(query), plain=not query.as_typed)
    try:
        searcher = reader.searcher()
        result = engine.search(searcher, query)
        notes = list(understanding.notes(query)) if result.total else []
        if result.total < wider.FEW and (ways := wider.ways(query)):
            more = engine.search(searcher, query, wider.matches(ways), wider.heard(query))
            if more.total > result.total:
                result, notes = more, [*notes, *(way.note for way in ways if way.note)]
        return replace(result, notes=(*query.notes, *notes), widened=bool(notes))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic of the index's library is no Exception
        log.exception("The search index does not answer")
        return postgres_engine.search(query)


def count_of(field: str, value: str) -> int | None:
    """Return how many titles have a value in a field of the index; None when there is no index."""
    reader = on_disk.reader()
    if not reader:
        return None
    return number_of(reader.searcher().search(holding(field, value), 1))
