"""Which new titles fit which conditions, for thousands of conditions at once, without a query for each.

The new titles are numbered; a set of titles is an int whose bits are those numbers. Every word, class, type and
library is looked up once and remembered, so that a condition costs a few «and»s. What fits is what the catalogue's
plain search (``catalog.search.postgres_engine``) would find.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from django.db.models import Count, Exists, Min, OuterRef

from catalog.derived import MARKS
from catalog.japanese.fold import squeeze
from catalog.models import Item, Title
from catalog.models.item import SERVABLE
from catalog.search.query import Query
from notifications.models import Alert, Announced

MOST_TITLES = 20_000  # looked through in one week; a first import of a whole catalogue is no news


class New(NamedTuple):
    """One new title, as far as conditions ask."""

    pk: int
    folded: str
    ndc: str
    material_type: int
    libraries: frozenset[int]  # to which its first copy came
    first_anywhere: bool = True  # and no library had one before


class Texts:
    """Finds the texts that contain a word: by its letters in pairs first, then for certain."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts
        self._grams: dict[str, int] = {}
        for number, text in enumerate(texts):
            bit = 1 << number
            for gram in set(text) | {text[at : at + 2] for at in range(len(text) - 1)}:
                self._grams[gram] = self._grams.get(gram, 0) | bit

    def containing(self, word: str) -> int:
        """Return the texts that contain a word, as bits."""
        mask = -1
        for gram in [word[at : at + 2] for at in range(len(word) - 1)] or [word]:
            mask &= self._grams.get(gram, 0)
        return sum(1 << number for number in bits(mask) if word in self._texts[number])


class NewTitles:
    """New titles, the latest first, asked by many conditions."""

    def __init__(self, titles: list[New]) -> None:
        self.titles = titles
        self._first_anywhere = self._where(lambda title: title.first_anywhere)
        mark = MARKS["creator"]
        lines = ([line for line in title.folded.split("\n") if line.startswith(mark)] for title in titles)
        creators = ["\n".join(line.removeprefix(mark) for line in of_title) for of_title in lines]
        self._anywhere = cache(Texts([title.folded for title in titles]).containing)
        self._creators = cache(Texts(creators).containing)
        self._of_class = cache(lambda prefix: self._where(lambda title: title.ndc.startswith(prefix)))
        self._of_type = cache(lambda pk: self._where(lambda title: title.material_type == pk))
        self._at = cache(lambda pk: self._where(lambda title: pk in title.libraries))
        self._words = cache(lambda text, field: tuple(squeeze(term.folded) for term in Query.of(text, field).terms))

    def fitting(self, alert: Alert) -> int:
        """Return the titles that fit every part of a condition, as bits."""
        mask = self._at(alert.library_id) if alert.library_id else self._first_anywhere
        for word in self._words(alert.keyword, "any"):
            mask &= self._anywhere(word)
        for word in self._words(alert.author, "creator"):
            mask &= self._creators(word)
        if alert.ndc:
            mask &= self._of_class(alert.ndc)
        if alert.material_type_id:
            mask &= self._of_type(alert.material_type_id)
        return mask

    def ids(self, mask: int, most: int | None = None) -> list[int]:
        """Return the ids of titles given as bits, the latest first, at most so many."""
        return [self.titles[number].pk for number, _ in zip(bits(mask), range(most or len(self.titles)), strict=False)]

    def _where(self, fits: Callable[[New], bool]) -> int:
        return sum(1 << number for number, title in enumerate(self.titles) if fits(title))


def bits(mask: int) -> Iterator[int]:
    """Yield the numbers of the bits that are set, ascending."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def new_titles(on: date, days: int) -> NewTitles:
    """Read the titles whose first copy to be reserved came within so many days, anywhere or to one library.

    A record comes before its copies, so its own day says nothing. What a digest has looked through is left out, by
    title and library. Four queries.
    """
    oldest = on - timedelta(days=days)
    to_lend = Item.objects.filter(lendable=True).order_by()
    firsts = to_lend.values("title", "home_library").annotate(
        first=Min("acquired_on"), servable=Count("pk", filter=SERVABLE)
    )
    came = firsts.filter(first__gt=oldest, first__lte=on, servable__gt=0)
    told = Announced.objects.filter(title=OuterRef("title"), library=OuterRef("home_library"))
    unseen = came.filter(~Exists(told)).order_by("-first", "title", "home_library")[:MOST_TITLES]
    libraries: dict[int, set[int]] = defaultdict(set)
    for title, library in unseen.values_list("title", "home_library"):
        libraries[title].add(library)
    anywhere = to_lend.filter(title__in=libraries).values("title").annotate(first=Min("acquired_on"))
    first_days = dict(anywhere.values_list("title", "first"))
    seen = set(Announced.objects.filter(library=None, title__in=libraries).values_list("title_id", flat=True))
    rows = Title.objects.filter(pk__in=libraries).order_by("title_key", "id")
    found = [
        New(pk, folded, ndc, kind, frozenset(libraries[pk]), first_days[pk] > oldest and pk not in seen)
        for pk, folded, ndc, kind in rows.values_list("pk", "folded", "ndc", "material_type_id")
    ]
    return NewTitles(sorted(found, key=lambda title: first_days[title.pk], reverse=True))
