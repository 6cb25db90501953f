"""An index of the test's own."""

import pytest

from catalog.search.index import indexer


@pytest.fixture
def index(db, settings, tmp_path):
    """Return a function that builds this test's index from what is in the database."""
    settings.SEARCH_INDEX = tmp_path / "index"

    def build():
        with indexer.only_indexer():
            indexer.rebuild()

    return build
