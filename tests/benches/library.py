"""The library that measurements are made in, and its going without a trace.

Its rows can be told from real ones: titles and names say 〔計測〕, numbers of copies begin with ``BENCH``, cards have
fourteen digits that begin with 98.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import time
from typing import Any, Self

from django.db import transaction
from django.utils import timezone

from catalog.models import Item, Library, MaterialType, OpeningHours, Title
from loans.models import Loan
from patrons.models import Patron, User
from reservations.models import BasketEntry, Reservation

MARK = "〔計測〕"


@dataclass
class BenchLibrary:
    """A library open around the clock, with the titles, copies, patrons and staff that were added to it."""

    library: Library
    titles: list[Title] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    patrons: list[Patron] = field(default_factory=list)
    staff: list[User] = field(default_factory=list)

    @classmethod
    def build(cls) -> Self:
        library = Library.objects.create(
            code=f"bench-{_digits(6)}", name=MARK, short_name=MARK, telephone="-", position=9999
        )
        OpeningHours.objects.bulk_create(
            OpeningHours(library=library, weekday=day, opens=time(0), closes=time(23, 59)) for day in range(7)
        )
        return cls(library)

    def add_title(self, **facts: Any) -> Title:
        book = MaterialType.objects.get(code="book")
        title = Title.objects.create(title=MARK, material_type=book, added_on=timezone.localdate(), **facts)
        self.titles.append(title)
        return title

    def add_items(self, title: Title, count: int = 1, **facts: Any) -> list[Item]:
        """Add copies of a title; they stand on the shelf unless ``facts`` say otherwise."""
        facts = {"home_library": self.library, "library": self.library, "acquired_on": timezone.localdate()} | facts
        batch = _digits(6)
        items = Item.objects.bulk_create(
            Item(title=title, barcode=f"BENCH{batch}{number:06}", **facts) for number in range(count)
        )
        self.items += items
        return items

    def add_patrons(self, count: int, **facts: Any) -> list[Patron]:
        """Add patrons without a password that works."""
        today, batch = timezone.localdate(), _digits(6)
        facts = {"name": MARK, "birth_date": today, "registered_on": today} | facts
        cards = [f"98{batch}{number:06}" for number in range(count)]
        users = User.objects.bulk_create(User(username=card, password="!") for card in cards)
        patrons = Patron.objects.bulk_create(Patron(user=user, card_number=user.username, **facts) for user in users)
        self.patrons += patrons
        return patrons

    def add_staff(self, password: str) -> User:
        """Add a member of staff who may do everything."""
        user = User.objects.create_superuser(f"bench-{_digits(6)}", password, library=self.library)
        self.staff.append(user)
        return user

    def take_away(self) -> None:
        """Delete the library, all that was added to it, and what happened to that meanwhile."""
        Loan.objects.filter(item__in=self.items).delete()
        Reservation.objects.filter(title__in=self.titles).delete()
        BasketEntry.objects.filter(patron__in=self.patrons).delete()
        Item.objects.filter(pk__in=[item.pk for item in self.items]).delete()
        Title.objects.filter(pk__in=[title.pk for title in self.titles]).delete()
        Patron.objects.filter(pk__in=[patron.pk for patron in self.patrons]).delete()
        logins = [patron.user_id for patron in self.patrons] + [user.pk for user in self.staff]
        User.objects.filter(pk__in=logins).delete()  # and their sessions
        self.library.delete()


@contextmanager
def bench_library() -> Iterator[BenchLibrary]:
    """Give a library for one measurement and take it away at the end, whatever happened."""
    with transaction.atomic():
        made = BenchLibrary.build()
    try:
        yield made
    finally:
        with transaction.atomic():
            made.take_away()


def _digits(count: int) -> str:
    """Draw digits that tell one measurement from others in the same database."""
    return f"{secrets.randbelow(10**count):0{count}}"
