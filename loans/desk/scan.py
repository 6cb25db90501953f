"""What a barcode scanner typed: a copy, a patron's card, or neither.

Labels are NW-7 (Codabar): some scanners send its start and stop letters (A to D) and some send its check digit.
What was sent is tried as it stands first, so a number that merely looks wrapped is never cut.
"""

import re
import unicodedata
from typing import TypeVar

from django.db.models import Model, QuerySet

from catalog.bibliography.isbn import isbn13
from catalog.models import Item, Title
from patrons.models import Patron

NW7_VALUES = "0123456789-$:/.+ABCD"
NW7_FRAME = re.compile(r"^([A-D])([0-9A-Z$:/.+]+)([A-D])$")
LONGEST = 40

Row = TypeVar("Row", bound=Model)


def normal(text: str) -> str:
    """Return what was typed as digits and capitals: 全角 to half width, no spaces or hyphens."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST]).upper()
    return re.sub(r"[\s\-‐−–—ーｰ*]", "", folded)


def candidates(text: str) -> list[str]:
    """Return the numbers a scan may mean, the likeliest first: as sent, unframed, without its check digit."""
    sent = normal(text)
    frame = NW7_FRAME.match(sent)
    start, plain, stop = frame.groups() if frame else ("", sent, "")
    found = [sent, plain]
    number, last = plain[:-1], plain[-1:]
    if len(number) > 3 and number.isdecimal() and last in _check_digits(number, start + stop):
        found.append(number)
    return list(dict.fromkeys(number for number in found if number))


def _check_digits(number: str, letters: str) -> set[str]:
    """Return the check digit by each scheme in use for NW-7: modulus 10 weight 3 and weight 2, 7DR, modulus 16."""
    digits = list(map(int, reversed(number)))
    by_three = sum(digit * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits))
    by_two = sum(sum(divmod(digit * (2 if place % 2 == 0 else 1), 10)) for place, digit in enumerate(digits))
    found = {str(-by_three % 10), str(-by_two % 10), str(int(number) % 7)}
    if letters:
        found.add(NW7_VALUES[-sum(map(NW7_VALUES.index, letters + number)) % 16])
    return found


def find_item(text: str) -> Item | None:
    """Return the copy whose 資料番号 was scanned, with its title and libraries."""
    items = Item.objects.select_related("title", "home_library", "library", "destination")
    return _likeliest(items, "barcode", text)


def find_patron(text: str) -> Patron | None:
    """Return the patron whose card was scanned."""
    return _likeliest(Patron.objects.all(), "card_number", text)


def find_title(text: str) -> Title | None:
    """Return the title of a copy's barcode, a 書誌番号 or an ISBN."""
    numbers = candidates(text)
    if item := Item.objects.select_related("title").filter(barcode__in=numbers).first():
        return item.title
    if title := Title.objects.filter(control_number__in=[text.strip(), *numbers]).first():
        return title
    return next(filter(None, (Title.objects.with_isbn(isbn13(number)).first() for number in numbers)), None)


def _likeliest(rows: "QuerySet[Row]", field: str, text: str) -> Row | None:
    numbers = candidates(text)
    found = {getattr(row, field): row for row in rows.filter(**{f"{field}__in": numbers})}
    return next((found[number] for number in numbers if number in found), None)
