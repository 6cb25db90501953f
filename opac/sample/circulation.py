"""A believable middle of things: queues, holds, transits, loans due and overdue, made by the real verbs in the past."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import cycle
from random import Random

from django.utils import timezone

from catalog.models import Item, Library, Title
from catalog.opening.calendar import Calendar, calendars
from loans import circulation
from loans.models import Loan
from opac.faces.face import WEB
from patrons.models import ContactMethod, Patron, User
from patrons.reading import reading_log
from reservations import holds, queue
from reservations.limits import COUNTER
from reservations.models import Reservation
from reservations.wish import Wish

LONGEST_QUEUE = 30
QUEUES = (LONGEST_QUEUE, 12, 7, 5, 4, 3, 3, 2, 2, 1, 1, 1)


@dataclass
class Circulation:
    """The libraries, people and copies of the sample, and the day that is today."""

    libraries: list[Library]
    patrons: list[Patron]
    items: list[Item]
    now: datetime
    dice: Random
    free: list[Item] = field(init=False)
    turns: Iterator[Patron] = field(init=False)
    open_days: dict[int, Calendar] = field(init=False)

    def __post_init__(self) -> None:
        self.free = [item for item in self.items if item.lendable and item.status == Item.Status.AVAILABLE]
        self.turns = cycle(self.patrons)
        self.open_days = calendars(self.libraries)

    def build(self) -> None:
        """Tell the story of the last six weeks, oldest first."""
        self.returned(90)
        self.queues()
        self.lent(110, days_ago=range(1, 13))
        self.due_today(6)
        self.overdue(8)
        self.extended(6)
        self.held(12, days_ago=range(1, 5))
        self.travelling(8)
        self.expired(3)
        self.sequences()
        self.cancelled()
        self.on_the_shelf_and_wanted(8)
        self.read_by(self.patrons[0], 9)

    def returned(self, count: int) -> None:
        """Lend and take back, so that turnaround times are known."""
        for item in self._books(count):
            out = self.dice.randrange(22, 42)
            self._lend(item, next(self.turns), out)
            self._take_back(item, item.home_library, out - self.dice.randrange(6, 20))

    def queues(self) -> None:
        """Make the titles many wait for: every copy out, one after another in the queue."""
        books = {item.title for item in self.free if item.title.material_type.code == "book"}
        wanted = sorted(books, key=lambda title: title.pk)  # the facts stand in the order of the best lent
        for title, waiting in zip(wanted, QUEUES, strict=False):
            copies = [item for item in self.free if item.title_id == title.pk]
            readers = self.dice.sample(self.patrons, min(len(self.patrons), waiting + len(copies)))
            for item, reader in zip(copies, readers, strict=False):
                self._lend(item, reader, self.dice.randrange(2, 12))
            for number, reader in enumerate(readers[len(copies) :]):
                self._reserve(reader, title, days_ago=max(1, 40 - number))

    def lent(self, count: int, days_ago: range) -> None:
        for item in self._take(self.free, count):
            self._lend(item, next(self.turns), self.dice.choice(days_ago))

    def due_today(self, count: int) -> None:
        """Lend so that the due date is today, at libraries that are open today."""
        for item in self._books(count, open_on=self._today):
            self._lend(item, next(self.turns), item.title.material_type.loan_days)

    def overdue(self, count: int) -> None:
        for item in self._books(count):
            self._lend(item, next(self.turns), self.dice.randrange(20, 33))

    def extended(self, count: int) -> None:
        for item in self._books(count):
            loan = self._lend(item, next(self.turns), 20)
            if loan:
                circulation.extend(loan, by=None, now=self._at(loan.due_on))

    def held(self, count: int, days_ago: range) -> None:
        """Trap a returned copy where it is to be collected."""
        for item in self._books(count):
            ago = self.dice.choice(days_ago)
            self._reserve_and_return(item, pickup=item.home_library, days_ago=ago)

    def travelling(self, count: int) -> None:
        """Trap a returned copy for a patron of another library."""
        for item in self._books(count):
            pickup = self.dice.choice([library for library in self.libraries if library != item.home_library])
            self._reserve_and_return(item, pickup=pickup, days_ago=self.dice.randrange(0, 2))

    def expired(self, count: int) -> None:
        """Leave holds uncollected until their deadline passed."""
        for item in self._books(count):
            self._reserve_and_return(item, pickup=item.home_library, days_ago=16)
        list(holds.expire(now=self.now - timedelta(days=1)))

    def sequences(self) -> None:
        """Reserve two series in order of arrival (順番予約)."""
        volumes: dict[int, list[Title]] = {}
        for item in self.free:
            if item.title.series_id and item.title.volume_order and item.title.material_type.code == "book":
                volumes.setdefault(item.title.series_id, []).append(item.title)
        series = [sorted(set(titles), key=lambda title: title.volume_order or 0) for titles in volumes.values()]
        long_enough = [titles for titles in series if len(titles) >= 2]
        for titles, patron in zip(long_enough[:2], self.patrons, strict=False):
            self._reserve(patron, *titles[:3], days_ago=2, as_sequence=True)

    def cancelled(self) -> None:
        """Cancel within and at the edge of what 「取消済予約一覧」 shows, by both sides."""
        for number, item in enumerate(self._books(6)):
            ago = (1, 3, 9, 17, 25, 29)[number]
            patron = next(self.turns)
            for reservation in self._reserve(patron, item.title, days_ago=ago + 2):
                by_library = number % 3 == 2
                queue.cancel(
                    reservation,
                    closed_by=Reservation.ClosedBy.LIBRARY if by_library else Reservation.ClosedBy.PATRON,
                    by=self._staff() if by_library else patron.user,
                    reason="所蔵している資料が見つかりませんでした" if by_library else "",
                    now=self._days_ago(ago),
                )

    def on_the_shelf_and_wanted(self, count: int) -> None:
        """Leave reservations of titles in stock: they make today's pull list."""
        for item in self._books(count):
            self._reserve(next(self.turns), item.title, days_ago=0)

    def read_by(self, reader: Patron, count: int) -> None:
        """Let a patron who keeps a reading log bring books back, one every three weeks or so."""
        reading_log.answer(reader, keep=True, on=self._today - timedelta(days=30 * count))
        for number, item in enumerate(self._books(count), 1):
            out = 20 * number + self.dice.randrange(12)
            self._lend(item, reader, out)
            self._take_back(item, item.home_library, out - self.dice.randrange(5, 14))

    def _reserve_and_return(self, item: Item, *, pickup: Library, days_ago: int) -> None:
        borrower, reader = next(self.turns), next(self.turns)
        self._lend(item, borrower, days_ago + 12)
        self._reserve(reader, item.title, days_ago=days_ago + 6, pickup=pickup)
        self._take_back(item, item.home_library, days_ago)

    def _lend(self, item: Item, patron: Patron, days_ago: int) -> Loan | None:
        circulation.check_out(item, patron, at=item.home_library, by=self._staff(), now=self._days_ago(days_ago))
        return Loan.objects.open().filter(item=item, patron=patron).first()

    def _take_back(self, item: Item, at: Library, days_ago: int) -> None:
        circulation.check_in(item, at=at, by=self._staff(), now=self._days_ago(days_ago))

    def _reserve(
        self,
        patron: Patron,
        *titles: Title,
        days_ago: int,
        pickup: Library | None = None,
        as_sequence: bool = False,
    ) -> list[Reservation]:
        method = patron.contact_method
        by_web = method in ContactMethod.on_web()
        wish = Wish(
            pickup or patron.pickup_library or self.libraries[0],
            method,
            WEB if by_web else COUNTER,
            as_sequence=as_sequence,
        )
        outcomes = queue.place(patron, titles, wish, now=self._days_ago(days_ago), by=patron.user)
        return [outcome.reservation for outcome in outcomes if outcome.reservation]

    def _books(self, count: int, open_on: date | None = None) -> list[Item]:
        """Take books with one copy off the pile of free copies."""
        fit = [item for item in self.free if item.title.material_type.code == "book"]
        if open_on:
            fit = [item for item in fit if self.open_days[item.home_library_id].hours(open_on)]
        return self._take(fit, count)

    def _take(self, fit: list[Item], count: int) -> list[Item]:
        taken = self.dice.sample(fit, min(count, len(fit)))
        gone = {item.title_id for item in taken}
        self.free = [item for item in self.free if item.title_id not in gone]
        return taken

    def _staff(self) -> User | None:
        return self.libraries[0].staff.first()

    @property
    def _today(self) -> date:
        return timezone.localdate(self.now)

    def _days_ago(self, days: int) -> datetime:
        return self._at(self._today - timedelta(days=days)) if days else self.now

    def _at(self, day: date) -> datetime:
        return datetime.combine(day, time(15, 30), tzinfo=timezone.get_current_timezone())
