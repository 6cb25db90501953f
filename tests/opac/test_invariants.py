"""``manage.py invariants`` finds what a constraint cannot forbid."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests import build

pytestmark = pytest.mark.django_db


def run() -> str:
    out = StringIO()
    call_command("invariants", stdout=out)
    return out.getvalue()


def test_nothing_is_broken_at_first():
    build.item(build.title(), build.library())
    assert run() == "violations: 0\n"


def test_a_planted_violation_is_named_and_fails_the_command():
    item = build.item(build.title(), build.library(), status="on_loan")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("invariants", stdout=out)
    assert out.getvalue().splitlines()[-1] == "violations: 1"
    assert str(item.pk) in out.getvalue()
