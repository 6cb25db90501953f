"""Rows for tests: each function makes one valid row and takes what the story needs otherwise."""

import itertools
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from catalog.models import Item, Library, MaterialType, OpeningHours, Title
from loans.models import Loan
from patrons.models import Patron, User
from patrons.reading import reading_log
from patrons.reading.reading_log import Read
from reservations.models import Reservation

TOKYO = ZoneInfo("Asia/Tokyo")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=TOKYO)
TODAY = NOON.date()

_numbers = itertools.count(1)


def library(short_name: str = "中央図書館", *, closed_weekdays: tuple[int, ...] = (), **fields) -> Library:
    """Make a library open 10 to 18 on every day but ``closed_weekdays`` (Monday is 0)."""
    number = next(_numbers)
    defaults = {"code": f"lib{number}", "name": f"見本市立{short_name}", "telephone": f"086-000-{number:04}"}
    made = Library.objects.create(short_name=short_name, **defaults | fields)
    OpeningHours.objects.bulk_create(
        OpeningHours(library=made, weekday=weekday, opens=time(10), closes=time(18))
        for weekday in range(7)
        if weekday not in closed_weekdays
    )
    return made


def kind(code: str = "book") -> MaterialType:
    """Return a material type of the policies: book, magazine, cd, spoken_cd, dvd, video."""
    return MaterialType.objects.get(code=code)


def title(name: str = "吾輩は猫である", *, code: str = "book", **fields) -> Title:
    return Title.objects.create(title=name, **{"material_type": kind(code), "added_on": TODAY} | fields)


def item(of: Title, at: Library, **fields) -> Item:
    """Make a copy that stands on its home library's shelf."""
    defaults = {"barcode": f"9{next(_numbers):09}", "home_library": at, "library": at, "acquired_on": TODAY}
    return Item.objects.create(title=of, **defaults | fields)


def patron(name: str = "岡山 花子", *, password: str | None = "abcd1234", **fields) -> Patron:
    """Make a patron whose own password is set; with ``password=None`` one who has never logged in."""
    number = f"{next(_numbers):08}"
    card_number = fields.pop("card_number", number)
    user = User.objects.create_user(card_number, password, name=name)
    defaults = {
        "birth_date": date(1980, 4, 5),
        "registered_on": TODAY,
        "own_password_set_at": NOON if password else None,
    }
    return Patron.objects.create(user=user, card_number=card_number, name=name, **defaults | fields)


def staff(username: str = "counter1", password: str = "staff-pass-1", **fields) -> User:
    return User.objects.create_user(username, password, **{"is_staff": True, "is_superuser": True} | fields)


def read(name: str, by: Patron, *, title_id: int = 0, on: date = TODAY) -> Read:
    """Switch the patron's reading log on and write a row into it."""
    reading_log.answer(by, keep=True, on=on)
    with transaction.atomic():
        reading_log.remember(by, title_id, name, on=on)
    return next(read for read in reading_log.read_between(by, on, on) if read.title == name)


def reservation(of: Title, by: Patron, at: Library, **fields) -> Reservation:
    """Make a waiting reservation straight in the table, at the end of its title's queue."""
    of.last_queue_number += 1
    of.save(update_fields=("last_queue_number",))
    defaults = {
        "material_type": of.material_type,
        "audiovisual": of.material_type.audiovisual,
        "pickup_hands_out_av": at.hands_out_av,
        "contact_method": "none",
        "made_at": "web",
        "queue_number": of.last_queue_number,
        "placed_at": NOON,
    }
    return Reservation.objects.create(title=of, patron=by, pickup_library=at, **defaults | fields)


def loan(of: Item, to: Patron | None, **fields) -> Loan:
    """Make an open loan straight in the table, to None one that knows no patron any more; the copy is 貸出中."""
    of.status = Item.Status.ON_LOAN
    of.save(update_fields=("status",))
    defaults = {
        "library": of.library,
        "material_type": of.title.material_type,
        "audiovisual": of.title.material_type.audiovisual,
        "checked_out_at": NOON,
        "due_on": TODAY,
    }
    return Loan.objects.create(item=of, patron=to, **defaults | fields)
