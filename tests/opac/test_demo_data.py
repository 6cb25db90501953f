"""The sample library is whole: every state is there, no promise is broken, a second run changes nothing."""

from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from catalog.models import ClosedDay, Item, Library, Title
from loans.models import Loan
from opac.management.commands.invariants import violations
from patrons.models import Patron, User
from reservations.models import ACTIVE, Reservation, VolumeOrder
from tests import build

pytestmark = pytest.mark.django_db


def write() -> str:
    out = StringIO()
    call_command("demo_data", stdout=out)
    return out.getvalue()


def test_the_sample_library_is_whole_and_written_once():
    assert "01234567" in write()
    assert_the_planner_knows_the_rows()
    first = census()
    assert violations() == {}
    assert (Library.objects.count(), Patron.objects.count()) == (10, 60)
    assert Title.objects.exclude(title__startswith="〔見本〕").count() >= 400
    assert Item.objects.count() >= 1000
    assert set(Item.objects.values_list("status", flat=True)) == set(Item.Status.values)
    assert ClosedDay.objects.filter(date=date(timezone.localdate().year, 11, 3)).exists()
    assert_guide_patron_has_never_logged_in()
    assert_circulation_is_in_a_believable_middle()
    assert set(User.objects.filter(is_staff=True).values_list("groups__name", flat=True)) == {
        "counter",
        "cataloguing",
        "manager",
    }
    write()
    assert census() == first


def assert_the_planner_knows_the_rows() -> None:
    """Else it plans for the tables as it last saw them: after tests that took their rows back, empty."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(reltuples) FROM pg_class WHERE relname IN ('catalog_title', 'catalog_item')")
        assert cursor.fetchone()[0] >= 400


def assert_guide_patron_has_never_logged_in() -> None:
    patron = Patron.objects.get(card_number="01234567")
    assert (patron.birth_date, patron.initial_password, patron.own_password_set_at) == (
        date(2020, 9, 10),
        "45670910",
        None,
    )


def assert_circulation_is_in_a_believable_middle() -> None:
    today = timezone.localdate()
    states = Counter(Reservation.objects.values_list("state", flat=True))
    assert min(states[state] for state in ("waiting", "in_transit", "ready", "cancelled", "expired")) >= 3
    queues = Title.objects.annotate(length=Count("reservations", filter=Q(reservations__state="waiting")))
    assert max(queues.values_list("length", flat=True)) == 30
    loans = Loan.objects.open()
    assert loans.filter(due_on__lt=today).count() >= 5
    assert loans.filter(extended_at__isnull=False).exists()
    lanes = VolumeOrder.objects.annotate(volumes=Count("members", filter=Q(members__state__in=ACTIVE)))
    assert lanes.filter(volumes__gte=2).exists()


def census() -> list[int]:
    return [model.objects.count() for model in (Title, Item, Patron, User, Reservation, Loan)]


def test_a_database_with_a_library_of_its_own_is_left_alone():
    build.library()
    with pytest.raises(CommandError, match="wants an empty one"):
        write()
    assert (Library.objects.count(), Patron.objects.count()) == (1, 0)
