"""Reservations, loans and the calendar, driven at random beside a plain model; after each step both agree.

Ordinarily 25 examples of 20 steps; ``PORTAL_DEEP=1``: 200 of 30.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from catalog.models import Library, LimitGroup
from loans import circulation, closures
from loans.answers import DeskOutcome
from loans.models import Loan
from opac.faces.face import WEB
from opac.management.commands.invariants import violations
from reservations import holds, queue
from reservations.limits import RefusedError
from reservations.models import Reservation
from reservations.sequences import make_sequence, release_sequence
from tests import build
from tests.build import NOON, TODAY
from tests.reservations.model import Copy, Held, Model
from tests.reservations.queue_setup import place
from tests.sure import sure

PATRONS, TITLES, LIBRARIES = 3, 4, 3
AUDIOVISUAL = {2, 3}  # of the titles
ISHIMA = 2  # of the libraries
LIMIT = 1

patrons, titles = st.integers(0, PATRONS - 1), st.integers(0, TITLES - 1)
libraries, copies = st.integers(0, LIBRARIES - 1), st.integers(0, TITLES + 1)
picks = st.integers(0, 30)


class LibraryMachine(RuleBasedStateMachine):
    """Three libraries, four titles (two of them CDs), six copies, three patrons."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        LimitGroup.objects.filter(material_types__code="cd").update(reservation_limit=LIMIT, loan_limit=None)
        self.now = NOON
        self.libraries = [build.library(name, hands_out_av=number != ISHIMA) for number, name in enumerate("ABC")]
        self.titles = [build.title(str(n), code="cd" if n in AUDIOVISUAL else "book") for n in range(TITLES)]
        self.patrons = [build.patron(password=None) for _ in range(PATRONS)]
        homes = [(number % TITLES, number % LIBRARIES) for number in range(TITLES + 2)]
        self.copies = [build.item(self.titles[title], self.libraries[home]) for title, home in homes]
        self.model = Model(
            today=TODAY,
            audiovisual=AUDIOVISUAL,
            limit=LIMIT,
            without_audiovisual=ISHIMA,
            copies={number: Copy(title, home, home) for number, (title, home) in enumerate(homes)},
            closed={number: set() for number in range(LIBRARIES)},
        )

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def row(self, one: Held) -> Reservation:
        return Reservation.objects.get(title=self.titles[one.title], queue_number=one.number)

    def at(self, number: int) -> Library:
        """Return a library as a request reads it: afresh, without the days it had before."""
        return Library.objects.get(pk=self.libraries[number].pk)

    def pick(self, number: int, *states: str) -> Held | None:
        found = [one for one in self.model.held if one.state in states]
        return found[number % len(found)] if found else None

    @rule(patron=patrons, title=titles, at=libraries)
    def reserve(self, patron: int, title: int, at: int) -> None:
        [outcome] = place(self.patrons[patron], self.titles[title], at=self.at(at), face=WEB, now=self.now)
        assert outcome.accepted == self.model.may_reserve(patron, title, at)
        if outcome.accepted:
            self.model.reserve(patron, title, at)
            before = [one for one in self.model.servable(title) if one.number < self.model.last_number[title]]
            assert outcome.place == 1 + len(before)

    def attempt(self, allowed: bool, verb, *arguments, **named) -> bool:
        """Call a verb that must be refused exactly when the model says so."""
        try:
            verb(*arguments, **named)
        except RefusedError:
            assert not allowed
        else:
            assert allowed
        return allowed

    @rule(number=picks)
    def cancel(self, number: int) -> None:
        one = self.pick(number, "waiting", "in_transit", "ready", "cancelled", "expired")
        if one and self.attempt(one.state == "waiting", queue.cancel, self.row(one), now=self.now, by=None):
            self.model.cancel(one)

    @rule(number=picks)
    def cancel_by_staff(self, number: int) -> None:
        if one := self.pick(number, "in_transit", "ready"):
            queue.cancel(self.row(one), now=self.now, by=None, closed_by="library", reason="申し出")
            one.state, one.copy = "cancelled", None

    @rule(number=picks)
    def take_back(self, number: int) -> None:
        if one := self.pick(number, "cancelled"):
            allowed = self.model.may_take_back(one)
            if self.attempt(allowed, queue.take_back, self.row(one), now=self.now, by=None, face=WEB):
                self.model.take_back(one)

    @rule(number=picks, at=libraries)
    def change(self, number: int, at: int) -> None:
        if one := self.pick(number, "waiting", "in_transit", "ready"):
            wish = {"pickup_library": self.at(at), "contact_method": "none", "face": WEB}
            if self.attempt(self.model.may_pick_up(one, at), queue.change, self.row(one), **wish):
                one.pickup = at

    @rule(number=picks, days=st.integers(1, 12))
    def pause(self, number: int, days: int) -> None:
        if one := self.pick(number, "waiting", "ready"):
            until = self.model.today + timedelta(days=days)
            if self.attempt(one.state == "waiting", queue.pause, self.row(one), until, now=self.now):
                one.sleeps_until = until

    @rule(number=picks)
    def resume(self, number: int) -> None:
        if one := self.pick(number, "waiting"):
            queue.resume(self.row(one))
            one.sleeps_until = None

    @rule(patron=patrons, order=st.permutations(range(TITLES)), length=st.integers(1, TITLES))
    def make_sequence(self, patron: int, order: list[int], length: int) -> None:
        chosen = [self.model.own(patron, title) for title in order[:length]]
        members = [one for one in chosen if one]
        rows = [self.row(one) for one in members]
        allowed = self.model.may_order(members)
        if self.attempt(allowed, make_sequence, self.patrons[patron], rows, face=WEB, now=self.now):
            self.model.order(members)

    @rule(number=picks)
    def release_sequence(self, number: int) -> None:
        one = self.pick(number, "waiting", "in_transit", "ready")
        if one and self.model.living(one.lane):
            release_sequence(sure(self.row(one).sequence), face=WEB)
            self.model.release(sure(one.lane))

    @rule(copy=copies, at=libraries)
    def check_in(self, copy: int, at: int) -> None:
        circulation.check_in(self.copies[copy], at=self.at(at), by=None, now=self.now)
        self.model.check_in(copy, at)

    @rule(copy=copies)
    def check_in_where_it_is_wanted(self, copy: int) -> None:
        """Bring a copy to where it was sent, so that examples reach the hold shelf."""
        known = self.model.copies[copy]
        self.check_in(copy, known.library if known.destination is None else known.destination)

    @rule(copy=copies, patron=patrons, at=libraries)
    def check_out(self, copy: int, patron: int, at: int) -> None:
        answer = circulation.check_out(self.copies[copy], self.patrons[patron], at=self.at(at), by=None, now=self.now)
        assert (answer.outcome is DeskOutcome.LENT) == self.model.may_check_out(copy, patron)
        if answer.outcome is DeskOutcome.LENT:
            self.model.check_out(copy, patron, at)

    @precondition(lambda self: self.model.lent)
    @rule(number=picks)
    def extend(self, number: int) -> None:
        copy = list(self.model.lent)[number % len(self.model.lent)]
        loan = Loan.objects.open().get(item=self.copies[copy])
        allowed = self.model.may_extend(copy)
        try:
            circulation.extend(loan, by=None, now=self.now)
        except circulation.NotExtendableError:
            assert not allowed
        else:
            assert allowed
            self.model.extend(copy)

    @rule()
    def expire(self) -> None:
        list(holds.expire(now=self.now))
        self.model.expire()

    @rule(days=st.sampled_from([1, 2, 7, 14]))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.model.today, self.model.clock = self.now.date(), self.model.clock + 1

    @rule(at=libraries, days=st.integers(1, 20))
    def close_a_day(self, at: int, days: int) -> None:
        day = self.model.today + timedelta(days=days)
        closures.close(self.at(at), {day: "臨時休館"}, now=self.now)
        self.model.close(at, day)

    @invariant()
    def both_agree_on_reservations(self) -> None:
        rows = Reservation.objects.order_by("title", "queue_number").values_list(
            "title", "queue_number", "patron", "state", "pickup_library", "item", "sleeps_until"
        )
        expected = [
            (
                self.titles[one.title].pk,
                one.number,
                self.patrons[one.patron].pk,
                one.state,
                self.libraries[one.pickup].pk,
                None if one.copy is None else self.copies[one.copy].pk,
                one.sleeps_until,
            )
            for one in sorted(self.model.held, key=lambda one: (one.title, one.number))
        ]
        assert list(rows) == expected
        shelf = Reservation.objects.filter(state="ready").values_list("title__title", "queue_number", "collect_by")
        ready = [(str(one.title), one.number, one.collect_by) for one in self.model.active(state="ready")]
        assert sorted(shelf) == sorted(ready)

    @invariant()
    def both_agree_on_copies_and_loans(self) -> None:
        names: dict[int | None, int] = {library.pk: number for number, library in enumerate(self.libraries)}
        for number, copy in self.model.copies.items():
            self.copies[number].refresh_from_db()
            real = self.copies[number]
            now = (real.status, names[real.library_id], names.get(real.destination_id))
            assert now == (copy.status, copy.library, copy.destination)
        loans = Loan.objects.open().values_list("item", "patron", "due_on")
        assert sorted(loans) == sorted(
            (self.copies[number].pk, self.patrons[lent.patron].pk, lent.due) for number, lent in self.model.lent.items()
        )

    @invariant()
    def no_promise_is_broken(self) -> None:
        assert violations() == {}


@pytest.mark.django_db
def test_the_library_does_what_the_model_says():
    run_state_machine_as_test(
        LibraryMachine, settings=settings(suppress_health_check=list(HealthCheck), print_blob=True)
    )
