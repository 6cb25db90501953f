"""The library in plain Python: what the rules say, without a database, to compare the real one with.

Written from docs/, not from the code under test. Patrons, titles, copies and libraries are names; a
``Copy`` of a title has its number there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.sure import sure

LOAN_DAYS, EXTENSION_DAYS, GRACE_DAYS, SHELF_DAYS = 14, 14, 13, 7
ACTIVE = ("waiting", "in_transit", "ready")
DAY = timedelta(days=1)


@dataclass
class Held:
    """A reservation."""

    patron: int
    title: int
    number: int
    pickup: int
    state: str = "waiting"
    sleeps_until: date | None = None
    copy: int | None = None
    collect_by: date | None = None
    lane: int | None = None
    position: int = 0
    cancelled_at: int | None = None  # the step of the clock


@dataclass
class Copy:
    title: int
    home: int
    library: int
    status: str = "available"
    destination: int | None = None


@dataclass
class Lent:
    patron: int
    library: int
    due: date
    extended: bool = False


@dataclass
class Model:
    """Everything there is; ``audiovisual`` titles share ``limit`` and are not handed out at ``without_audiovisual``."""

    today: date
    audiovisual: set[int]
    limit: int
    without_audiovisual: int
    copies: dict[int, Copy]
    closed: dict[int, set[date]]
    held: list[Held] = field(default_factory=list)
    lent: dict[int, Lent] = field(default_factory=dict)
    last_number: dict[int, int] = field(default_factory=dict)
    clock: int = 0
    lanes: int = 0

    # what is

    def active(self, **wanted: int | str) -> Iterator[Held]:
        for one in self.held:
            if one.state in ACTIVE and all(getattr(one, name) == value for name, value in wanted.items()):
                yield one

    def own(self, patron: int, title: int) -> Held | None:
        return next(self.active(patron=patron, title=title), None)

    def borrowed(self, patron: int, title: int) -> bool:
        return any(lent.patron == patron and self.copies[copy].title == title for copy, lent in self.lent.items())

    def behind_earlier_volume(self, one: Held) -> bool:
        return one.lane is not None and any(
            other.lane == one.lane and other.position < one.position and other.state in ("waiting", "in_transit")
            for other in self.held
        )

    def servable(self, title: int) -> list[Held]:
        """Return who could be served today, first come first."""
        able = [
            one
            for one in self.active(title=title, state="waiting")
            if not (one.sleeps_until and self.today < one.sleeps_until) and not self.behind_earlier_volume(one)
        ]
        return sorted(able, key=lambda one: one.number)

    def trapped(self, copy: int) -> Held | None:
        return next(self.active(copy=copy), None)

    def living(self, lane: int | None) -> bool:
        return lane is not None and sum(1 for _ in self.active(lane=lane)) > 1

    def open_day(self, library: int, start: date, count: int = 0) -> date:
        """Return ``start`` or the next open day after it; with ``count`` the count-th open day after it."""
        day = start + DAY if count else start
        while True:
            if day not in self.closed[library]:
                count -= 1
                if count <= 0:
                    return day
            day += DAY

    # what a patron does

    def may_reserve(self, patron: int, title: int, pickup: int) -> bool:
        if self.own(patron, title) or self.borrowed(patron, title):
            return False
        if title not in self.audiovisual:
            return True
        counted = sum(one.title in self.audiovisual for one in self.active(patron=patron))
        return counted < self.limit and pickup != self.without_audiovisual

    def reserve(self, patron: int, title: int, pickup: int) -> None:
        self.last_number[title] = self.last_number.get(title, 0) + 1
        self.held.append(Held(patron, title, self.last_number[title], pickup))

    def cancel(self, one: Held) -> None:
        one.state, one.cancelled_at = "cancelled", self.clock

    def may_take_back(self, one: Held) -> bool:
        return one.cancelled_at == self.clock and self.may_reserve(one.patron, one.title, one.pickup)

    def take_back(self, one: Held) -> None:
        one.state, one.cancelled_at = "waiting", None

    def may_pick_up(self, one: Held, pickup: int) -> bool:
        fits = one.title not in self.audiovisual or pickup != self.without_audiovisual
        return one.state == "waiting" and fits

    def may_order(self, members: list[Held]) -> bool:
        return len(members) > 1 and not any(one.state != "waiting" or self.living(one.lane) for one in members)

    def order(self, members: list[Held]) -> None:
        self.lanes += 1
        for position, one in enumerate(members, 1):
            one.lane, one.position = self.lanes, position

    def release(self, lane: int) -> None:
        for one in self.held:
            if one.lane == lane:
                one.lane, one.position = None, 0

    # what the counter does

    def check_in(self, number: int, at: int) -> None:
        copy = self.copies[number]
        if lent := self.lent.pop(number, None):
            back = (lent.patron, copy.title, "fulfilled")
            self.held = [one for one in self.held if (one.patron, one.title, one.state) != back]
        one = self.trapped(number)
        if one and one.state == "in_transit":
            self._come_for(one, number, at)
            return
        if one and one.pickup == at:
            return
        if one:
            one.state, one.copy, one.collect_by = "waiting", None, None
        if able := self.servable(copy.title):
            able[0].copy = number
            self._come_for(able[0], number, at)
        elif copy.home == at:
            copy.status, copy.library, copy.destination = "available", at, None
        else:
            copy.status, copy.library, copy.destination = "in_transit", at, copy.home

    def _come_for(self, one: Held, number: int, at: int) -> None:
        """Put the copy on the shelf of its reader, or send it there."""
        copy = self.copies[number]
        copy.library = at
        if one.pickup == at:
            one.state, one.collect_by = "ready", self.open_day(at, self.today, SHELF_DAYS)
            copy.status, copy.destination = "on_hold_shelf", None
        else:
            one.state = "in_transit"
            copy.status, copy.destination = "in_transit", one.pickup

    def may_check_out(self, number: int, patron: int) -> bool:
        if number in self.lent:
            return False
        trapped, title = self.trapped(number), self.copies[number].title
        if trapped:
            return trapped.patron == patron
        own = self.own(patron, title)
        before = [one for one in self.servable(title) if one.patron != patron and not (own and own.number < one.number)]
        return not before

    def check_out(self, number: int, patron: int, at: int) -> None:
        copy = self.copies[number]
        if own := self.own(patron, copy.title):
            own.state, own.copy = "fulfilled", None
        copy.status, copy.library, copy.destination = "on_loan", at, None
        self.lent[number] = Lent(patron, at, self.open_day(at, self.today + timedelta(days=LOAN_DAYS)))

    def may_extend(self, number: int) -> bool:
        lent, title = self.lent[number], self.copies[number].title
        awaited = any(one.patron != lent.patron for one in self.active(title=title, state="waiting"))
        late = self.today > lent.due + timedelta(days=GRACE_DAYS)
        return not (title in self.audiovisual or lent.extended or awaited or self.today < lent.due or late)

    def extend(self, number: int) -> None:
        lent = self.lent[number]
        lent.due, lent.extended = self.open_day(lent.library, lent.due + timedelta(days=EXTENSION_DAYS)), True

    def expire(self) -> None:
        for one in self.active(state="ready"):
            if sure(one.collect_by) < self.today:
                one.state, one.copy = "expired", None

    def close(self, library: int, day: date) -> None:
        """Close a day to come and move what was promised for it."""
        self.closed[library].add(day)
        for one in self.active(state="ready", pickup=library):
            if one.collect_by == day:
                one.collect_by = self.open_day(library, day)
        for lent in self.lent.values():
            if lent.library == library and lent.due == day:
                lent.due = self.open_day(library, day)
