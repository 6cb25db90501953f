"""「順番予約」: volumes arrive in their order, and every place stays what it was."""

import pytest

from catalog.models import Title
from opac.faces.face import WEB
from reservations import queue
from reservations.limits import RefusedError
from reservations.models import Reservation, State
from reservations.sequences import live, make_sequence, release_sequence
from tests import build
from tests.build import NOON, TODAY
from tests.reservations.queue_setup import arrive, in_state, placed, scan
from tests.sure import sure

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return build.library()


@pytest.fixture
def volumes(here) -> list[Title]:
    titles = [build.title("細雪", volume=volume) for volume in ("上", "中", "下")]
    for title in titles:
        build.item(title, here)
    return titles


@pytest.fixture
def patron():
    return build.patron()


def order(patron, volumes, here) -> list[Reservation]:
    return [placed(patron, title, at=here) for title in volumes]


def make(patron, reservations):
    return make_sequence(patron, reservations, face=WEB, now=NOON)


def refused(patron, reservations) -> list[str]:
    with pytest.raises(RefusedError) as caught:
        make(patron, reservations)
    return [refusal.rule for refusal in caught.value.refusals]


def gates(patron) -> list[tuple[str, bool]]:
    rows = patron.reservations.active().with_volume_state().order_by("sequence_position", "pk")
    return [(row.title.volume, row.behind_earlier_volume) for row in rows]


def test_a_later_volume_sleeps_until_the_one_before_is_ready(patron, volumes, here):
    upper, middle, lower = order(patron, volumes, here)
    make(patron, [upper, middle, lower])
    second_copy = middle.title.items.get()
    assert gates(patron) == [("上", False), ("中", True), ("下", True)]
    assert scan(second_copy, here) is None
    scan(upper.title.items.get(), here)
    assert gates(patron) == [("上", False), ("中", False), ("下", True)]
    assert scan(second_copy, here) == middle


def test_a_volume_on_its_way_does_not_yet_release_the_next(patron, volumes, here):
    there = build.library("幸町図書館")
    upper, middle = placed(patron, volumes[0], at=there), placed(patron, volumes[1], at=there)
    make(patron, [upper, middle])
    copy = upper.title.items.get()
    assert sure(scan(copy, here)).state == State.IN_TRANSIT
    assert scan(middle.title.items.get(), here) is None
    arrive(copy, there)
    assert scan(middle.title.items.get(), here) == middle


def test_a_cancelled_volume_releases_the_next(patron, volumes, here):
    upper, middle, lower = order(patron, volumes, here)
    make(patron, [upper, middle, lower])
    queue.cancel(upper, now=NOON, by=None)
    assert gates(patron) == [("中", False), ("下", True)]


def test_releasing_gives_each_its_original_place(patron, volumes, here):
    stranger = build.patron()
    reservations = order(patron, volumes, here)
    behind = order(stranger, volumes, here)
    lane = make(patron, reservations)
    skipping = Reservation.objects.with_place(TODAY).in_bulk([row.pk for row in behind])
    assert [skipping[row.pk].place for row in behind] == [2, 1, 1]
    release_sequence(lane, face=WEB)
    restored = Reservation.objects.with_place(TODAY).in_bulk([row.pk for row in [*reservations, *behind]])
    assert [restored[row.pk].place for row in [*reservations, *behind]] == [1, 1, 1, 2, 2, 2]
    assert Reservation.objects.filter(sequence__isnull=False).count() == 0


def test_one_member_left_is_no_sequence(patron, volumes, here):
    upper, middle, lower = order(patron, volumes, here)
    make(patron, [upper, middle])
    queue.cancel(upper, now=NOON, by=None)
    assert list(live(patron)) == []
    make(patron, [lower, middle])
    assert gates(patron) == [("下", False), ("中", True)]


def test_a_volume_taken_back_stands_in_its_sequence_again(patron, volumes, here):
    upper, middle, _ = order(patron, volumes, here)
    make(patron, [upper, middle])
    queue.cancel(upper, now=NOON, by=None)
    queue.take_back(upper, now=NOON, by=None, face=WEB)
    assert dict(gates(patron))["中"]


def test_adding_a_volume_needs_a_release_first(patron, volumes, here):
    upper, middle, lower = order(patron, volumes, here)
    make(patron, [upper, middle])
    assert refused(patron, [upper, middle, lower]) == ["sequence_taken"]


def test_a_sequence_takes_only_what_waits_and_is_the_patrons_own(patron, volumes, here):
    own = placed(patron, volumes[0], at=here)
    other = placed(build.patron(), volumes[1], at=here)
    ready = in_state(State.READY, at=here, title=volumes[2], patron=patron)
    assert refused(patron, [own, other]) == ["sequence_too_short", "sequence_not_waiting"]
    assert refused(patron, [own, ready]) == ["sequence_not_waiting"]
    assert refused(patron, [own]) == ["sequence_too_short"]
