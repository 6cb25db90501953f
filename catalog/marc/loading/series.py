"""Series by name and reading, found or made, remembered for the length of an import."""

from collections.abc import Iterable

from catalog.marc.meaning.facts import TitleFacts
from catalog.models import Series

REMEMBERED = 20_000
LONGEST_NAME, LONGEST_READING = 200, 300


class SeriesLoad:
    """Looks up the series of a batch in two queries."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Series] = {}

    def forget(self) -> None:
        """Forget what a transaction made that was rolled back."""
        self._known.clear()

    def prepare(self, facts: Iterable[TitleFacts]) -> None:
        """Find or make the series these facts name."""
        if len(self._known) > REMEMBERED:
            self.forget()
        keys = dict.fromkeys(_key(one) for one in facts if one.series)
        self._find(keys)
        missing = [key for key in keys if self._among_known(key) is None]
        if missing:
            made = [Series(name=name, reading=reading) for name, reading in missing]
            Series.objects.bulk_create(made, ignore_conflicts=True)
            self._find(missing)

    def of(self, facts: TitleFacts) -> Series | None:
        return self._among_known(_key(facts)) if facts.series else None

    def _find(self, keys: Iterable[tuple[str, str]]) -> None:
        unknown = [key[0] for key in keys if key not in self._known]
        if unknown:
            found = Series.objects.filter(name__in=unknown)
            self._known |= {(series.name, series.reading): series for series in found}

    def _among_known(self, key: tuple[str, str]) -> Series | None:
        """Return the series of that reading, else the one of that name whose reading nobody gave."""
        return self._known.get(key) or self._known.get((key[0], ""))


def _key(facts: TitleFacts) -> tuple[str, str]:
    return facts.series[:LONGEST_NAME].rstrip(), facts.series_reading[:LONGEST_READING].rstrip()
