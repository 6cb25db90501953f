"""Registering 館内利用者検索機: the code, the secret, the network, the end."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from catalog import terminals
from catalog.models import Terminal
from catalog.models.library import validate_networks
from tests import build
from tests.build import NOON
from tests.sure import sure

pytestmark = pytest.mark.django_db


@pytest.fixture
def terminal() -> Terminal:
    return Terminal.objects.create(library=build.library(), name="1階 入口")


def enrolled(terminal: Terminal) -> Terminal:
    return sure(terminals.enrol(terminals.issue_code(terminal, now=NOON), now=NOON))


def test_a_code_makes_a_device_a_terminal_once(terminal: Terminal) -> None:
    code = terminals.issue_code(terminal, now=NOON)
    first = sure(terminals.enrol(code, now=NOON))
    assert (first, len(code), len(first.secret) > 40) == (terminal, 12, True)
    assert terminals.enrol(code, now=NOON) is None


def test_a_code_is_understood_in_full_width_and_with_hyphens(terminal: Terminal) -> None:
    code = terminals.issue_code(terminal, now=NOON)
    wide = "－".join(
        code[start : start + 4].translate(str.maketrans("0123456789", "０１２３４５６７８９")) for start in (0, 4, 8)
    )
    assert terminals.enrol(wide, now=NOON) == terminal


def test_a_code_lives_fifteen_minutes(terminal: Terminal) -> None:
    code = terminals.issue_code(terminal, now=NOON)
    assert terminals.enrol(code, now=NOON + timedelta(minutes=15)) is None
    assert terminals.enrol(code, now=NOON + timedelta(minutes=14, seconds=59)) == terminal


@pytest.mark.parametrize("code", ["", "000000000000", "x", "0" * 5000, "\0"])
def test_other_codes_are_refused(terminal: Terminal, code: str) -> None:
    terminals.issue_code(terminal, now=NOON)
    assert terminals.enrol(code, now=NOON) is None


def test_a_new_enrolment_ends_the_earlier_device(terminal: Terminal) -> None:
    old = enrolled(terminal).secret
    new = enrolled(terminal).secret
    assert terminals.recognise(terminal.pk, old, address="192.0.2.1") is None
    assert terminals.recognise(terminal.pk, new, address="192.0.2.1") == terminal


def test_revoking_ends_a_terminal_at_once(terminal: Terminal) -> None:
    secret = enrolled(terminal).secret
    terminal.refresh_from_db()
    terminals.revoke(terminal, now=NOON)
    assert terminals.recognise(terminal.pk, secret, address="192.0.2.1") is None
    assert terminals.recognise(terminal.pk, "", address="192.0.2.1") is None


@pytest.mark.parametrize(
    ("networks", "address", "taken"),
    [
        ("", "203.0.113.9", True),
        ("192.0.2.0/24", "192.0.2.77", True),
        ("192.0.2.0/24", "203.0.113.9", False),
        ("192.0.2.0/24 2001:db8::/32", "2001:db8::5", True),
        ("192.0.2.0/24", "unknown", False),
    ],
)
def test_a_secret_counts_only_in_its_librarys_network(
    terminal: Terminal, networks: str, address: str, taken: bool
) -> None:
    terminal.library.terminal_networks = networks
    terminal.library.save()
    secret = enrolled(terminal).secret
    assert bool(terminals.recognise(terminal.pk, secret, address=address)) == taken


def test_networks_are_checked_when_typed() -> None:
    validate_networks("192.0.2.0/24 2001:db8::/32")
    with pytest.raises(ValidationError):
        validate_networks("192.0.2.0/24 library")


def test_the_database_keeps_no_secret_of_a_revoked_terminal(terminal: Terminal) -> None:
    enrolled(terminal)
    with pytest.raises(IntegrityError, match="revoked_terminal_holds_no_secret"), transaction.atomic():
        Terminal.objects.filter(pk=terminal.pk).update(revoked_at=NOON)


def test_the_keys_begin_at_the_right_unless_the_row_says_left(terminal: Terminal) -> None:
    assert terminal.key_order == Terminal.KeyOrder.RIGHT_TO_LEFT
    with pytest.raises(IntegrityError, match="terminal_key_order_is_known"), transaction.atomic():
        Terminal.objects.update(key_order="up")
