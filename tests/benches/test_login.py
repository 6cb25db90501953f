"""``bench_login`` measures every kind of login and leaves nothing behind."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from patrons.models import Patron, TryCounter, User


@pytest.mark.django_db
def test_bench_of_logins_reports_every_kind_and_changes_nothing() -> None:
    out = StringIO()
    call_command("bench_login", "--tries", "3", stdout=out)
    *lines, last = out.getvalue().splitlines()
    assert len(lines) == 7
    assert list(json.loads(last)) == ["tries", "unknown_differs_ms", "control_differs_ms", "kinds"]
    assert [model.objects.count() for model in (Patron, User, TryCounter)] == [0, 0, 0]
