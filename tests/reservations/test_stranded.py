"""「渡せる資料がない予約」: found, cancelled with a reason, moved to another edition; nobody loses a place."""

from datetime import timedelta

import pytest

from catalog.models import Item
from opac.management.commands.invariants import violations
from reservations import queue, stranded
from reservations.limits import COUNTER, RefusedError
from reservations.models import Reservation, State
from reservations.sequences import make_sequence
from tests import build
from tests.build import NOON
from tests.reservations.queue_setup import in_state, scan, states

pytestmark = pytest.mark.django_db
Status = Item.Status


@pytest.fixture
def here():
    return build.library()


@pytest.fixture
def staff():
    return build.staff()


def queue_of(title, here, *hours: int) -> list[Reservation]:
    """Let new patrons reserve a title, each so many hours after NOON."""
    return [build.reservation(title, build.patron(), here, placed_at=NOON + timedelta(hours=hour)) for hour in hours]


def in_order(title) -> list[int]:
    """Return who waits for a title, in the order of its queue."""
    rows = Reservation.objects.filter(title=title, state=State.WAITING).order_by("queue_number")
    return list(rows.values_list("patron_id", flat=True))


def test_copies_that_come_back_can_serve_and_others_cannot(here):
    serving = []
    for status in Status.values:
        for lendable in (True, False):
            title = build.title(f"{status} {lendable}")
            destination = here if status == Status.IN_TRANSIT else None
            build.item(title, here, status=status, lendable=lendable, destination=destination)
            build.reservation(title, build.patron(), here)
            if not Reservation.objects.filter(title=title).stranded():
                serving.append((status, lendable))
    back = ("available", "on_loan", "in_transit", "on_hold_shelf", "in_processing")
    assert serving == [(status, True) for status in back]


def test_what_waits_where_a_new_reservation_would_be_refused_is_stranded(here):
    """The list and the rules of a new reservation speak of the same copies."""
    for status, lendable in (("available", True), ("missing", True), ("withdrawn", True), ("available", False)):
        title = build.title()
        build.item(title, here, status=status, lendable=lendable)
        refused = bool(queue.judge(build.patron(), [title])[title.pk])
        build.reservation(title, build.patron(), here)
        assert Reservation.objects.filter(title=title).stranded().exists() == refused


def test_the_list_names_titles_with_the_longest_wait_first(here):
    there = build.library("幸町図書館")
    late, early, served = build.title("あと"), build.title("さき"), build.title("ある")
    build.item(served, here)
    build.item(early, here, status=Status.WITHDRAWN)
    queue_of(late, here, 5)
    queue_of(early, there, 1, 2)
    queue_of(served, here, 0)
    assert [(row.title, vars(row)["people"]) for row in stranded.titles()] == [("さき", 2), ("あと", 1)]
    assert [(row.title, vars(row)["people"]) for row in stranded.titles(here)] == [("あと", 1)]


def test_what_is_ready_or_travels_is_not_stranded(here):
    for state in (State.READY, State.IN_TRANSIT):
        in_state(state, at=here)
        Item.objects.update(lendable=False)
    assert list(stranded.titles()) == []


def test_library_cancels_a_queue_in_one_step_and_says_why(here, staff):
    title = build.title()
    rows = queue_of(title, here, 0, 1)
    assert stranded.cancel(title, at=None, count=2, reason="汚れて読めなくなったため", by=staff, now=NOON) == 2
    ended = Reservation.objects.filter(pk__in=[row.pk for row in rows])
    assert set(ended.values_list("state", "closed_by", "close_reason")) == {
        ("cancelled", "library", "汚れて読めなくなったため")
    }
    assert violations() == {}


def test_only_the_reservations_of_one_library_are_cancelled(here, staff):
    there, title = build.library("幸町図書館"), build.title()
    mine, other = queue_of(title, here, 0) + queue_of(title, there, 1)
    assert stranded.cancel(title, at=there, count=1, reason="除籍", by=staff, now=NOON) == 1
    assert states([mine, other]) == ["waiting", "cancelled"]


def test_nothing_is_cancelled_that_changed_after_it_was_seen(here, staff):
    title = build.title()
    rows = queue_of(title, here, 0, 1)
    with pytest.raises(RefusedError, match="確認のあとに"):
        stranded.cancel(title, at=None, count=3, reason="除籍", by=staff, now=NOON)
    build.item(title, here)
    with pytest.raises(RefusedError, match="渡せる資料がある"):
        stranded.cancel(title, at=None, count=2, reason="除籍", by=staff, now=NOON)
    assert states(rows) == ["waiting", "waiting"]


def moved(old, new, staff, *, at=None) -> stranded.Moved:
    count = stranded.waiting_for(old, at).count()
    return stranded.move_queue(old, new, at=at, count=count, by=staff, now=NOON)


def test_queue_moves_to_an_empty_one_in_its_order_and_is_served(here, staff):
    old, new = build.title("初版"), build.title("改訂版")
    copy = build.item(new, here)
    rows = queue_of(old, here, 3, 1, 2)
    done = moved(old, new, staff)
    assert [row.pk for row in done.moved] == [row.pk for row in rows]
    assert in_order(new) == [row.patron_id for row in rows]
    assert scan(copy, here) == rows[0]
    assert violations() == {}


def test_two_queues_stand_in_the_order_of_their_days(here, staff):
    old, new = build.title("初版"), build.title("改訂版")
    build.item(new, here)
    there, coming = queue_of(new, here, 0, 2, 4), queue_of(old, here, 1, 3)
    moved(old, new, staff)
    wanted = [there[0], coming[0], there[1], coming[1], there[2]]
    assert in_order(new) == [row.patron_id for row in wanted]
    assert violations() == {}
    later = build.reservation(type(new).objects.get(pk=new.pk), build.patron(), here)
    assert in_order(new)[-1] == later.patron_id


def test_one_that_was_just_cancelled_is_taken_back_at_its_old_place(here, staff):
    old, new = build.title("初版"), build.title("改訂版")
    build.item(new, here)
    first, second, third = queue_of(new, here, 0, 2, 4)
    queue.cancel(second, now=NOON, by=second.patron.user)
    [coming] = queue_of(old, here, 1)
    moved(old, new, staff)
    queue.take_back(second, now=NOON, by=second.patron.user, face=COUNTER)
    assert in_order(new) == [row.patron_id for row in (first, coming, second, third)]


@pytest.mark.parametrize(("own_hour", "places"), [(0, [0, 1]), (3, [0, 1]), (9, [0, 1])])
def test_patron_with_both_keeps_one_at_the_earlier_place(here, staff, own_hour, places):
    old, new = build.title("初版"), build.title("改訂版")
    build.item(new, here)
    both = build.patron()
    row = build.reservation(old, both, here, placed_at=NOON + timedelta(hours=2))
    own = build.reservation(new, both, here, placed_at=NOON + timedelta(hours=own_hour))
    [other] = queue_of(old, here, 5)
    done = moved(old, new, staff)
    assert ([one.pk for one in done.joined], [one.pk for one in done.moved]) == ([row.pk], [other.pk])
    assert in_order(new) == [both.pk, other.patron_id]
    assert states([row, own]) == ["cancelled", "waiting"]
    assert Reservation.objects.get(pk=row.pk).close_reason == stranded.JOINED
    assert violations() == {}


def test_volume_that_joins_another_reservation_stays_in_its_order(here, staff):
    old, new, lower = build.title("上 初版"), build.title("上 改訂版"), build.title("下")
    build.item(new, here)
    patron = build.patron()
    rows = [build.reservation(title, patron, here) for title in (old, lower)]
    own = build.reservation(new, patron, here)
    order = make_sequence(patron, rows, face=COUNTER, now=NOON)
    moved(old, new, staff)
    own.refresh_from_db()
    assert (own.sequence_id, own.sequence_position) == (order.pk, 1)
    assert not Reservation.objects.eligible(NOON.date()).filter(title=lower).exists()


def test_what_a_rule_forbids_stays_and_is_told(here, staff):
    ishima = build.library("伊島図書館", hands_out_av=False)
    old, new = build.title("本"), build.title("CD", code="cd")
    build.item(new, here)
    copy = build.item(new, here)
    stays, goes = queue_of(old, ishima, 0) + queue_of(old, here, 1)
    borrower = build.patron()
    build.loan(copy, borrower)
    has_it = build.reservation(old, borrower, here)
    done = moved(old, new, staff)
    assert [row.pk for row in done.moved] == [goes.pk]
    assert [(row.pk, [one.rule for one in found]) for row, found in done.stayed] == [
        (stays.pk, ["audiovisual_pickup"]),
        (has_it.pk, ["on_loan"]),
    ]
    assert violations() == {}


def test_limit_of_a_group_counts_each_reservation_once(here, staff):
    old, new = build.title("CD 1", code="cd"), build.title("CD 2", code="cd")
    build.item(new, here)
    patron = build.patron()
    for number in range(9):
        build.reservation(build.title(f"ほか {number}", code="cd"), patron, here)
    full = build.reservation(old, patron, here)
    assert [row.pk for row in moved(old, new, staff).moved] == [full.pk]


def test_edition_without_a_copy_takes_nobody(here, staff):
    old, new = build.title("初版"), build.title("改訂版")
    build.item(new, here, lendable=False)
    rows = queue_of(old, here, 0)
    with pytest.raises(RefusedError, match="禁帯出"):
        moved(old, new, staff)
    with pytest.raises(RefusedError, match="同じ書誌"):
        moved(old, old, staff)
    assert Reservation.objects.get(pk=rows[0].pk).title_id == old.pk


def test_list_is_what_the_database_says(here):
    title = build.title()
    [row] = queue_of(title, here, 0)
    assert violations() == {}
    assert [one.pk for one in stranded.waiting_for(title)] == [row.pk]


@pytest.mark.parametrize("ending", ["cancelled", "ready", "moved away"])
def test_next_volume_is_released_when_the_one_before_is_ready_or_has_ended(here, staff, ending):
    upper, lower = build.title("上"), build.title("下")
    patron = build.patron()
    rows = [build.reservation(title, patron, here) for title in (upper, lower)]
    make_sequence(patron, rows, face=COUNTER, now=NOON)
    today = Reservation.objects.eligible(NOON.date())
    assert not today.filter(title=lower).exists()
    if ending == "ready":
        scan(build.item(upper, here), here)
    elif ending == "cancelled":
        stranded.cancel(upper, at=None, count=1, reason="除籍", by=staff, now=NOON)
    else:
        new = build.title("上 改訂版")
        copy = build.item(new, here)
        moved(upper, new, staff)
        assert not today.filter(title=lower).exists()
        assert scan(copy, here) == rows[0]
    assert today.filter(title=lower).exists()
