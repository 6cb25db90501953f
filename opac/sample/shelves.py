"""Two shelves, a running challenge and one that is over, for the patron who reads a lot."""

from datetime import datetime, timedelta

from catalog.models import Title
from opac.sample import people
from patrons.models import Challenge, Mark, Patron, Shelf
from patrons.reading import shelves

NOTES = ("冬休みに読みかえしたい。", "友だちにすすめられた。", "朗読でも聴いてみたい。")
DAYS_BETWEEN = 23
PAGES = (212, 348, 156, 420, 288)
# Name, what is counted, how much; days since it began and days it lasts.
CHALLENGES = (
    ("1年に20冊", Challenge.Unit.BOOKS, 20, 200, 365),
    ("夏の1000ページ", Challenge.Unit.PAGES, 1000, 170, 92),
)


def build(titles: list[Title], now: datetime) -> None:
    """Fill the shelves from the well-known books of the sample; dates are relative to now."""
    patron = Patron.objects.get(card_number=people.reader_card())
    books = [title for title in titles if title.material_type.code == "book" and title.creator][::9][:24]
    for name, chosen, read in (("よみたい本", books[:9], 0), ("ことしの本棚", books[9:], 11)):
        shelf = Shelf.objects.create(patron=patron, name=name, created_at=now)
        for number, title in enumerate(chosen):
            shelves.add(shelf, title, now=now, **_said(number, read, now))
    for name, unit, goal, begun, days in CHALLENGES:
        first = now.date() - timedelta(days=begun)
        last = first + timedelta(days=days)
        Challenge.objects.create(patron=patron, name=name, unit=unit, goal=goal, first=first, last=last, created_at=now)


def _said(number: int, read: int, now: datetime) -> shelves.Said:
    """Return what the patron says of a title: the first ``read`` are read, the next is being read."""
    note = NOTES[number // 4] if number % 4 == 1 and number // 4 < len(NOTES) else ""
    if number >= read:
        return {"mark": Mark.READING if number == read else Mark.WANT, "note": note}
    on = (now - timedelta(days=3 + DAYS_BETWEEN * (read - 1 - number))).date()
    return {"mark": Mark.READ, "read_on": on, "pages": PAGES[number % len(PAGES)], "note": note}
