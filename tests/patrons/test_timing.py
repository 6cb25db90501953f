"""The time of a refused login does not tell whether a card exists (SPEC P7); a planted difference would be seen.

Tries are made in pairs, a known card and an unknown one, now this first, now that, so that a busy machine troubles both
alike. Were the two alike in time, the known one would be the slower in about half of the pairs; the sign test says how
often chance alone gives a count as far from half as the one that was found.
"""

from collections.abc import Callable
from math import comb
from time import perf_counter

import pytest

from patrons.account import sign_in as module
from patrons.account.sign_in import sign_in
from patrons.models import AccountPolicy
from patrons.protection.origin import Origin
from tests import build

PAIRS = 40
CHANCE = 1e-4  # a difference that chance gives more seldom than this is taken for one


def seconds(card_number: str) -> float:
    begin = perf_counter()
    assert sign_in(card_number, "wrong", Origin("192.0.2.1"), now=build.NOON) is None
    return perf_counter() - begin


def probability(known: str, unknown: str, measure: Callable[[str], float] = seconds) -> float:
    """Return how probable a count of slower known cards is that lies as far from half, if there is no difference."""
    slower = 0
    for number in range(PAIRS):
        pair = (known, unknown) if number % 2 else (unknown, known)
        taken = {card: measure(card) for card in pair}
        slower += taken[known] > taken[unknown]
    far = max(slower, PAIRS - slower)
    return min(1.0, 2 * sum(comb(PAIRS, count) for count in range(far, PAIRS + 1)) / 2**PAIRS)


@pytest.fixture(autouse=True)
def cards(db):
    AccountPolicy.objects.update(free_tries=1000, tries_before_lock=1000, network_tries=1000, global_tries=1000)
    build.patron(card_number="01234567")
    build.patron(card_number="01234568", password=None)
    closed = build.patron(card_number="01234569")
    closed.user.is_active = False
    closed.user.save()
    seconds("01234567")
    seconds("99999999")


@pytest.mark.parametrize("known", ["01234567", "01234568", "01234569"], ids=["own", "initial", "closed"])
def test_known_and_unknown_cards_take_the_same_time(known):
    assert probability(known, "99999999") > CHANCE


def test_a_hash_left_out_for_unknown_cards_would_be_seen(monkeypatch):
    real = module._fits
    monkeypatch.setattr(module, "_fits", lambda user, *args, **facts: bool(user) and real(user, *args, **facts))
    assert probability("01234567", "99999999") < CHANCE


def test_some_milliseconds_more_would_be_seen():
    """The method finds a difference much smaller than a hash; the times are made up, so no machine is too busy."""
    times = iter(range(10_000))
    assert probability("1", "2", lambda card: (next(times) * 7 % 5) + (6 if card == "1" else 0)) < CHANCE
    assert probability("1", "2", lambda card: next(times) * 7919 % 101) > CHANCE
