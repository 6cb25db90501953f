"""Ask the index, or PostgreSQL when there is no index to ask; say how the query was understood."""

import logging
from dataclasses import replace

import tantivy

from catalog.search import engine, index, plain, understanding, wider
from catalog.search.answer import Answer
from catalog.search.query import Query

log = logging.getLogger(__name__)


def find(query: Query) -> Answer:
    """Answer a query; nothing a visitor can type makes it fail, and no state of the index does."""
    reader = None if query.as_typed else index.reader()
    if not reader:
        return replace(plain.search(query), plain=not query.as_typed)
    try:
        return _ask(reader.searcher(), query)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic of the index's library is no Exception
        log.exception("The search index does not answer")
        return plain.search(query)


def _ask(searcher: tantivy.Searcher, query: Query) -> Answer:
    """Ask the index; what finds little is also asked in wider ways."""
    answer = engine.search(searcher, query)
    notes = list(understanding.notes(query)) if answer.total else []
    if answer.total < wider.FEW and (ways := wider.ways(query)):
        more = engine.search(searcher, query, wider.matches(ways), wider.heard(query))
        if more.total > answer.total:
            answer, notes = more, [*notes, *(way.note for way in ways if way.note)]
    return replace(answer, notes=(*query.notes, *notes), widened=bool(notes))
