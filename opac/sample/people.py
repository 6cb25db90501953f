"""Sixty invented patrons in every state of an account, and staff of every role."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from catalog.models import Library
from opac.sample import rows
from patrons.models import ContactMethod, Patron, User

PASSWORD = "okayama2026"  # noqa: S105 - of the sample patrons and staff, printed by demo_data
FIRST_CARD = "01234567"
PATRONS = 60
LEAP_DAY = date(2000, 2, 29)  # when the sixth was born


@dataclass(frozen=True)
class Reach:
    """How a patron can be told: which of address, telephone and FAX are registered, and the usual method."""

    email: bool
    telephone: bool
    fax: bool
    method: str


REACHES = (
    Reach(email=True, telephone=True, fax=False, method=ContactMethod.EMAIL),
    Reach(email=True, telephone=False, fax=False, method=ContactMethod.EMAIL),
    Reach(email=False, telephone=True, fax=False, method=ContactMethod.TELEPHONE),
    Reach(email=False, telephone=True, fax=False, method=ContactMethod.MISSED_CALL),
    Reach(email=False, telephone=True, fax=True, method=ContactMethod.FAX),
    Reach(email=True, telephone=True, fax=False, method=ContactMethod.NONE),
)


def reader_card() -> str:
    """Return the card number of the first patron who uses the account: somebody with loans and reservations."""
    return _card_number(0)


def _card_number(number: int) -> str:
    return f"{10_200_017 + number * 137:08}"


def build(libraries: list[Library], now: datetime, dice: Random) -> list[Patron]:
    """Write patrons and staff; return the patrons who use their account, in card order.

    Every seventh has never logged in, as card 01234567 has not, who was born on 2020-09-10 as in the guide.
    """
    known = make_password(PASSWORD)
    people = list(rows("names.csv"))[: PATRONS - 1]
    made = [_patron(number, name, libraries, now, dice, known) for number, name in enumerate(people)]
    _guide_patron(libraries[0], now)
    for library in libraries:
        _staff(f"desk-{library.code}", "カウンター担当", "counter", library, known)
    _staff("catalogue", "目録担当", "cataloguing", libraries[0], known)
    _staff("manager", "館長", "manager", libraries[0], known)
    return [patron for patron in made if patron.own_password_set_at]


def _patron(
    number: int, name: dict[str, str], libraries: list[Library], now: datetime, dice: Random, known: str
) -> Patron:
    reach, card_number, set_up = REACHES[number % len(REACHES)], _card_number(number), number % 7 != 3
    days_old = 365 * dice.randrange(6, 92) + dice.randrange(365) if number != 5 else None
    born = LEAP_DAY if days_old is None else now.date() - timedelta(days=days_old)
    user = User.objects.create(
        username=card_number, name=name["name"], password=known if set_up else make_password(None)
    )
    return Patron.objects.create(
        user=user,
        card_number=card_number,
        name=name["name"],
        name_reading=name["reading"],
        birth_date=born,
        telephone=f"086-000-1{number:03}" if reach.telephone else "",
        fax=f"086-000-2{number:03}" if reach.fax else "",
        email=f"patron{number:02}@example.org" if reach.email else "",
        pickup_library=libraries[0] if number % 3 else dice.choice(libraries),
        contact_method=reach.method,
        own_password_set_at=now - timedelta(days=dice.randrange(1, 900)) if set_up else None,
        registered_on=now.date() - timedelta(days=dice.randrange(30, 3000)),
    )


def _guide_patron(library: Library, now: datetime) -> None:
    user = User.objects.create(username=FIRST_CARD, name="桃山 ももか", password=make_password(None))
    Patron.objects.create(
        user=user,
        card_number=FIRST_CARD,
        name="桃山 ももか",
        name_reading="モモヤマ モモカ",
        birth_date=date(2020, 9, 10),
        telephone="086-000-1999",
        pickup_library=library,
        registered_on=now.date() - timedelta(days=3),
    )


def _staff(username: str, name: str, role: str, library: Library, known: str) -> None:
    user = User.objects.create(username=username, name=name, library=library, is_staff=True, password=known)
    user.groups.add(Group.objects.get(name=role))
