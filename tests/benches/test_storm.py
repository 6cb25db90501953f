"""``bench_reserve`` measures a real storm, loses and doubles nothing, and leaves nothing behind."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from patrons.models import Patron
from reservations.models import Reservation

PROMISED = {"patrons": 12, "accepted": 12, "lost": 0, "doubled": 0, "out_of_order": 0}
MEASURED = {"p50_ms", "p95_ms", "max_ms", "per_s", "insert_per_s"}


@pytest.mark.django_db(transaction=True)
def test_a_storm_over_http_keeps_every_promise() -> None:
    told = StringIO()
    call_command("bench_reserve", patrons=12, stdout=told)
    numbers = json.loads(told.getvalue())
    assert {name: numbers[name] for name in PROMISED} == PROMISED
    assert set(numbers) == set(PROMISED) | MEASURED
    assert (Reservation.objects.count(), Patron.objects.count()) == (0, 0)
