"""The invariants of loans: silent on good rows, each one loud on a planted row that a constraint cannot refuse."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from catalog.models import ClosedDay, Item
from loans import circulation, privacy
from loans.invariants import QUERIES
from loans.models import Loan
from reservations.models import Reservation
from tests import build
from tests.sure import sure

pytestmark = pytest.mark.django_db


def broken() -> set[str]:
    with connection.cursor() as cursor:
        found = set()
        for sentence, sql in QUERIES.items():
            cursor.execute(sql)
            if cursor.fetchall():
                found.add(sentence)
        return found


@pytest.fixture
def lent():
    """A reserved copy lent today by the desk, and one that waits on the hold shelf."""
    here, now = build.library(), timezone.now()
    title, patron = build.title(), build.patron()
    item = build.item(title, here)
    build.reservation(title, patron, here)
    circulation.check_in(item, at=here, by=None, now=now)
    circulation.check_out(item, patron, at=here, by=None, now=now)
    other = build.title("こころ")
    build.reservation(other, build.patron(), here)
    circulation.check_in(build.item(other, here), at=here, by=None, now=now)
    return Loan.objects.get()


def test_the_desk_breaks_none(lent):
    assert broken() == set()
    circulation.check_in(lent.item, at=lent.library, by=None, now=timezone.now())
    assert broken() == set()


def test_each_one_finds_a_planted_row(lent):
    Item.objects.filter(pk=lent.item_id).update(status="available", interlibrary=True)
    Loan.objects.filter(pk=lent.pk).update(extended_at=timezone.now() + timedelta(days=30))
    ClosedDay.objects.create(library=lent.library, date=lent.due_on, reason="停電")
    ready = Reservation.objects.get(state="ready")
    ClosedDay.objects.create(library=lent.library, date=sure(ready.collect_by), reason="停電")
    Reservation.objects.filter(pk=ready.pk).update(item=lent.item)
    Item.objects.filter(pk=sure(ready.item_id)).update(status="on_loan", hold_number=None)
    Reservation.objects.filter(state="fulfilled").update(patron=ready.patron)
    refused_by_constraints = {"a copy is lent to one patron at a time", "a returned loan knows no patron"}
    assert set(QUERIES) - broken() == refused_by_constraints


def test_a_patron_with_a_loan_is_not_erased(lent):
    patron = lent.patron
    assert [row["資料番号"] for row in privacy.held_about(patron)["借りている資料"]] == [lent.item.barcode]
    with pytest.raises(privacy.StillOnLoanError):
        privacy.erase(patron)
    circulation.check_in(lent.item, at=lent.library, by=None, now=timezone.now())
    privacy.erase(patron)
    assert privacy.held_about(patron) == {"借りている資料": []}
