"""The counter's lists: what to fetch, what stands on the hold shelf, whom to tell."""

from datetime import timedelta

import pytest

from catalog.models import Item
from loans import circulation
from loans.lists import contacts, hold_shelf, pull
from loans.models import ContactAttempt
from reservations import queue
from reservations.models import Reservation, State
from tests import build
from tests.build import NOON, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return build.library("中央図書館")


@pytest.fixture
def there():
    return build.library("幸町図書館")


@pytest.fixture
def counter(here):
    return build.staff(library=here)


def barcodes(items: list[Item]) -> list[str]:
    return [item.barcode for item in items]


def awaited(library, name="坊っちゃん", pickup=None, **fields) -> Item:
    title = build.title(name)
    build.reservation(title, build.patron(), pickup or library)
    return build.item(title, library, **fields)


def test_the_list_stands_in_shelf_order(here):
    fiction = [awaited(here, call_number=number) for number in ("913.6/ム", "913.6/ア", "91/カ")]
    upstairs = awaited(here, call_number="007/ア", location="2階")
    assert barcodes(pull.pull_list(here, on=TODAY)) == barcodes([fiction[2], fiction[1], fiction[0], upstairs])


def test_one_reservation_asks_for_one_copy_and_for_the_nearest(here, there):
    title = build.title()
    build.reservation(title, build.patron(), there)
    build.item(title, here)
    near = build.item(title, there)
    assert (pull.pull_list(here, on=TODAY), barcodes(pull.pull_list(there, on=TODAY))) == ([], [near.barcode])


def test_copies_that_cannot_serve_are_not_fetched(here):
    awaited(here, status="missing")
    awaited(here, lendable=False)
    title = build.title()
    build.reservation(title, build.patron(), here, sleeps_until=TODAY + timedelta(days=3))
    build.item(title, here)
    build.item(build.title(), here)
    assert pull.pull_list(here, on=TODAY) == []


def test_a_copy_not_found_is_searched_for_and_the_next_one_is_tried(here, counter):
    first = awaited(here, call_number="913/ア")
    second = build.item(first.title, here, call_number="913/ア")
    assert barcodes(pull.pull_list(here, on=TODAY)) == [first.barcode]
    pull.not_found(first, by=counter, now=NOON)
    first.refresh_from_db()
    assert (first.get_status_display(), barcodes(pull.pull_list(here, on=TODAY))) == ("調査中", [second.barcode])
    assert circulation.check_in(second, at=here, by=counter, now=NOON).headline == "取置　1番の棚へ"
    assert pull.pull_list(here, on=TODAY) == []


def test_a_copy_that_was_handled_meanwhile_is_not_missing(here, counter):
    item = awaited(here)
    circulation.check_in(item, at=here, by=counter, now=NOON)
    assert pull.not_found(item, by=counter, now=NOON).headline == "いまは取置です"


def test_a_cancelled_copy_is_cleared_and_serves_the_next(here, counter):
    item = awaited(here)
    second = build.reservation(item.title, build.patron(), here)
    circulation.check_in(item, at=here, by=counter, now=NOON)
    first = Reservation.objects.get(state=State.READY)
    queue.cancel(first, now=NOON, by=counter, closed_by="library", reason="申し出")
    places = hold_shelf.on_hold_shelf(here)
    assert [place.item for place in hold_shelf.to_clear(places)] == [item]
    assert circulation.check_in(item, at=here, by=counter, now=NOON).headline == "取置　1番の棚へ"
    second.refresh_from_db()
    assert (second.state, hold_shelf.to_clear(hold_shelf.on_hold_shelf(here))) == (State.READY, [])


def ready(here, counter, method: str, **fields) -> Reservation:
    patron = build.patron(telephone="086-000-0000", fax="086-000-0001", email="a@example.jp")
    title = build.title(method)
    made = build.reservation(title, patron, here, contact_method=method, made_at="counter")
    circulation.check_in(build.item(title, here), at=here, by=counter, now=NOON)
    Reservation.objects.filter(pk=made.pk).update(**fields)
    return made


def test_the_contact_list_holds_calls_rings_faxes_and_mails_that_failed(here, counter):
    listed = [ready(here, counter, method) for method in ("telephone", "missed_call", "fax")]
    ready(here, counter, "email")
    ready(here, counter, "none")
    ready(here, counter, "telephone", contacted_at=NOON)
    listed.append(ready(here, counter, "email", contact_failed_at=NOON))
    assert contacts.to_contact(here) == listed


def test_no_answer_stays_on_the_list_and_told_leaves_it(here, counter):
    row = ready(here, counter, "telephone")
    contacts.note(row, "no_answer", by=counter, now=NOON)
    assert contacts.to_contact(here) == [row]
    contacts.note(row, "told", by=counter, now=NOON)
    assert (contacts.to_contact(here), ContactAttempt.objects.count()) == ([], 2)


def test_a_result_for_what_is_no_longer_ready_is_not_written(here, counter):
    row = ready(here, counter, "telephone")
    queue.cancel(row, now=NOON, by=counter, closed_by="library", reason="申し出")
    assert contacts.note(row, "told", by=counter, now=NOON) is False
    assert ContactAttempt.objects.count() == 0
