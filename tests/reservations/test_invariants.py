"""The questions to the database find what they should, and nothing on a sound library."""

import pytest

from opac.management.commands.invariants import violations
from reservations.models import Reservation, State
from tests import build
from tests.build import NOON
from tests.reservations.queue_setup import in_state, placed, scan

pytestmark = pytest.mark.django_db


def test_a_sound_library_breaks_no_promise():
    here = build.library()
    copy = build.item(build.title(), here)
    placed(build.patron(), copy.title, at=here)
    placed(build.patron(), copy.title, at=here)
    scan(copy, here)
    assert violations() == {}


def test_planted_rows_are_found():
    ready = in_state(State.READY)
    wrong_copy = build.item(build.title(), ready.pickup_library)
    Reservation.objects.filter(pk=ready.pk).update(item=wrong_copy, queue_number=99)
    borrower = in_state(State.WAITING)
    build.loan(build.item(borrower.title, borrower.pickup_library), borrower.patron, checked_out_at=NOON)
    assert violations() == {
        "a trapped copy is of the reserved title": [ready.pk],
        "what is ready stands on the hold shelf of its library": [ready.pk],
        "no number of a queue was drawn twice or never": [ready.pk],
        "nobody on loan waits for the same title": [borrower.pk],
    }


def test_reservation_that_no_copy_can_serve_is_missed_on_the_list(monkeypatch):
    waits = in_state(State.WAITING)
    assert violations() == {}
    monkeypatch.setattr(Reservation.objects, "stranded", Reservation.objects.none)
    assert violations() == {"a reservation that no copy can serve is on the list of these": [waits.pk]}
