"""Every case of ``docs/check-in.md``, played: the page is the expectation."""

from datetime import timedelta
from pathlib import Path

import pytest

from catalog.models import Item
from loans import circulation
from loans.models import Loan
from reservations.models import Reservation, State
from tests import build
from tests.build import NOON, TODAY
from tests.sure import sure

PAGE = Path(__file__).resolve().parents[2] / "docs" / "check-in.md"
ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in PAGE.read_text().splitlines()
    if line.startswith("| ") and not line.startswith("| Copy")
]
STATUSES = {
    "在庫": "available",
    "貸出中": "available",
    "返送の途中": "in_transit",
    "予約の配送の途中": "in_transit",
    "取置の片づけ": "on_hold_shelf",
    "予約の取置": "on_hold_shelf",
    "調査中": "missing",
    "整理中": "in_processing",
    "除籍": "withdrawn",
}
READY = {"state": State.READY, "ready_at": NOON, "collect_by": TODAY + timedelta(days=7)}

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "・".join(row[:3]))
def test_every_row_of_the_page(row):
    copy, reservation_at, home, words, copy_is, reservation_is = row
    here, elsewhere, far = (build.library(name) for name in ("中央図書館", "幸町図書館", "伊島図書館"))
    counter, title = build.staff(library=here), build.title()
    item = standing(copy, build.item(title, here if home == "この館" else far), here, elsewhere)
    held = waiting(copy, title, item, {"この館": here, "ほかの館": elsewhere}.get(reservation_at))
    later = held and build.reservation(title, build.patron(), here)

    answers = [circulation.check_in(item, at=here, by=counter, now=NOON) for scan in (1, 2)]

    item.refresh_from_db()
    assert [answer.headline for answer in answers] == [words, words]
    assert item.get_status_display() == copy_is
    if held:
        assert Reservation.objects.get(pk=held.pk).get_state_display() == reservation_is
        assert Reservation.objects.get(pk=sure(later).pk).state == State.WAITING
    assert not Loan.objects.open().exists()


def standing(copy: str, item: Item, here, elsewhere) -> Item:
    """Bring the copy into the state of the row; a travelling copy comes from a third place."""
    if copy == "貸出中":
        build.loan(item, build.patron())
        return item
    status = STATUSES[copy]
    destination = item.home_library if status == "in_transit" else None
    Item.objects.filter(pk=item.pk).update(status=status, library=here, destination=destination)
    item.refresh_from_db()
    return item


def waiting(copy: str, title, item: Item, pickup) -> Reservation | None:
    """Place the reservation of the row; when the copy is trapped for it, it holds the copy."""
    if pickup is None:
        return None
    trapped = {}
    if copy == "予約の配送の途中":
        trapped = {"state": State.IN_TRANSIT, "item": item}
        Item.objects.filter(pk=item.pk).update(destination=pickup)
    if copy == "予約の取置":
        trapped = READY | {"item": item}
        Item.objects.filter(pk=item.pk).update(library=pickup)
    return build.reservation(title, build.patron(), pickup, **trapped)
