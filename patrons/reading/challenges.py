"""How a 「読書チャレンジ」 goes: counted, month by month, and drawn as a shelf that fills (SPEC M10)."""

import zlib
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from patrons.models import Challenge, Patron
from patrons.reading.read_books import ReadBook, each_once, told, with_pages

MOST = 50  # challenges of one patron
SLOTS, ROW = 30, 15  # spines in the picture, and in one of its rows
WIDTH, TALL, PLANK = 300, 72, 6  # of the picture, of a row, of the board under it
CLOTHS = 7
LONGEST_RHYTHM = 36  # months


@dataclass(frozen=True)
class Tome:
    """One spine of the picture; ``cloth`` 0 is a gap that is still to be filled."""

    x: int
    y: int
    width: int
    height: int
    cloth: int


@dataclass(frozen=True)
class Month:
    """One month of the rhythm; ``share`` is its part of the best month, in percent."""

    first: date
    count: int
    share: int


@dataclass(frozen=True)
class Progress:
    """A challenge with what was read in its time, as it stands on a day."""

    challenge: Challenge
    books: list[ReadBook]
    on: date

    @property
    def counts_pages(self) -> bool:
        return self.challenge.unit == Challenge.Unit.PAGES

    @cached_property
    def done(self) -> int:
        return sum(map(self._worth, self.books))

    def _worth(self, book: ReadBook) -> int:
        return (book.pages or 0) if self.counts_pages else 1

    @property
    def left(self) -> int:
        return max(0, self.challenge.goal - self.done)

    @property
    def reached(self) -> bool:
        return not self.left

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.challenge.goal)

    @property
    def without_pages(self) -> int:
        """Return how many books add nothing to a goal in pages, because nobody has said how many they have."""
        return sum(book.pages is None for book in self.books) if self.counts_pages else 0

    @property
    def over(self) -> bool:
        return self.challenge.over(self.on)

    @property
    def ahead(self) -> bool:
        return self.challenge.ahead(self.on)

    @cached_property
    def months(self) -> list[Month]:
        """Return the months from the beginning until today, or the end, the latest LONGEST_RHYTHM of them."""
        challenge = self.challenge
        last = max(challenge.first, min(challenge.last, self.on))
        counts = dict.fromkeys(range(_number(challenge.first), _number(last) + 1), 0)
        for book in self.books:
            counts[_number(book.on)] = counts.get(_number(book.on), 0) + self._worth(book)
        best = max(counts.values()) or 1
        latest = sorted(counts.items())[-LONGEST_RHYTHM:]
        return [Month(date(number // 12, number % 12 + 1, 1), count, count * 100 // best) for number, count in latest]

    @cached_property
    def tomes(self) -> list[Tome]:
        """Return the spines of the picture: one for each book, or for an equal part of a goal beyond SLOTS."""
        slots = min(SLOTS, self.challenge.goal)
        filled = min(slots, self.done * slots // self.challenge.goal)
        drawn: list[Tome] = []
        x = 0
        for number in range(slots):
            row, place = divmod(number, ROW)
            dice = zlib.crc32(f"{self.challenge.pk} {number}".encode())
            x = 4 if place == 0 else x + drawn[-1].width + 1
            height = 46 + dice % 20
            y = row * (TALL + PLANK) + TALL - height
            drawn.append(Tome(x, y, 14 + dice // 32 % 6, height, 1 + dice // 256 % CLOTHS if number < filled else 0))
        return drawn

    @property
    def planks(self) -> list[int]:
        """Return how far down each board of the picture is."""
        rows = (min(SLOTS, self.challenge.goal) + ROW - 1) // ROW
        return [row * (TALL + PLANK) + TALL for row in range(rows)]

    @property
    def height(self) -> int:
        return len(self.planks) * (TALL + PLANK)


def _number(day: date) -> int:
    """Return which month a day is in, counted from January of the year 0."""
    return day.year * 12 + day.month - 1


def progress(patron: Patron, challenges: list[Challenge], *, on: date) -> list[Progress]:
    """Return how each of a patron's challenges goes; the queries do not grow with their number."""
    if not challenges:
        return []
    first, last = min(one.first for one in challenges), max(one.last for one in challenges)
    said = told(patron, first, last)
    if any(one.unit == Challenge.Unit.PAGES for one in challenges):
        said = with_pages(said)
    return [Progress(one, each_once(said, one.first, one.last), on) for one in challenges]
