"""What a search found, whichever engine was asked."""

from dataclasses import dataclass, field

from catalog.search.query import LAST_PAGE, PAGE_SIZE, Query

FACETS = ("type", "library", "ndc", "decade", "language", "available")


@dataclass(frozen=True)
class SearchResult:
    """The titles that were found.

    ``ids`` are primary keys of Title in their order, one page (a title deleted since is simply missing in the
    database). ``facets`` maps each of ``FACETS`` to (value, number of titles); values are codes, class digits, years.
    ``notes`` say in the reader's words how the query was understood. ``widened`` tells that
    switching the widening off would change something; ``plain`` tells that the index was not there and
    PostgreSQL answered in its slower way.
    """

    query: Query
    total: int = 0
    ids: tuple[int, ...] = ()
    facets: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    widened: bool = False
    plain: bool = False

    @property
    def pages(self) -> int:
        """Return the number of pages that can be opened."""
        return min(-(-self.total // PAGE_SIZE), LAST_PAGE)
