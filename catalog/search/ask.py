"""Ask the index, or PostgreSQL when there is no index to ask; say how the query was understood."""

import logging
import threading
from concurrent.futures import Future
from dataclasses import replace

import tantivy
from django.utils.translation import get_language

from catalog.search import engine, postgres_engine, understanding, wider
from catalog.search.index import on_disk
from catalog.search.query import Query
from catalog.search.result import Answer

log = logging.getLogger(__name__)


_under_way: dict[tuple[str, str], Future[Answer]] = {}
_looking = threading.Lock()


def find(query: Query) -> Answer:
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


def _find(query: Query) -> Answer:
    reader = None if query.as_typed else on_disk.reader()
    if not reader:
        return replace(postgres_engine.search(query), plain=not query.as_typed)
    try:
        return _ask(reader.searcher(), query)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic of the index's library is no Exception
        log.exception("The search index does not answer")
        return postgres_engine.search(query)


def _ask(searcher: tantivy.Searcher, query: Query) -> Answer:
    """Ask the index; what finds little is also asked in wider ways."""
    answer = engine.search(searcher, query)
    notes = list(understanding.notes(query)) if answer.total else []
    if answer.total < wider.FEW and (ways := wider.ways(query)):
        more = engine.search(searcher, query, wider.matches(ways), wider.heard(query))
        if more.total > answer.total:
            answer, notes = more, [*notes, *(way.note for way in ways if way.note)]
    return replace(answer, notes=(*query.notes, *notes), widened=bool(notes))
