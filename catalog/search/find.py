"""Ask the index, or PostgreSQL when there is no index to ask; say how the query was understood."""

import logging
from dataclasses import replace

import tantivy

from catalog.search import engine, index, plain, understanding
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
    """Ask the index; a Latin word that finds little is also asked as romaji."""
    answer = engine.search(searcher, query)
    notes = list(understanding.notes(query)) if answer.total else []
    if answer.total < understanding.FEW and (also := understanding.as_romaji(query)):
        wider = engine.search(searcher, query, also)
        if wider.total > answer.total:
            answer, notes = wider, notes + list(understanding.romaji_notes(query))
    return replace(answer, notes=(*query.notes, *notes), widened=bool(notes))
