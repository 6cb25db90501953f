"""Ask the index, or PostgreSQL when there is no index to ask."""

import logging

from catalog.search import engine, index, plain
from catalog.search.answer import Answer
from catalog.search.query import Query

log = logging.getLogger(__name__)


def find(query: Query) -> Answer:
    """Answer a query; nothing a visitor can type makes it fail, and no state of the index does."""
    reader = None if query.as_typed else index.reader()
    if not reader:
        return plain.search(query)
    try:
        return engine.search(reader.searcher(), query)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic of the index's library is no Exception
        log.exception("The search index does not answer")
        return plain.search(query)
