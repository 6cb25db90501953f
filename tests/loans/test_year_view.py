"""The year view: it shows what a closing would move and moves it only when confirmed."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from catalog.models import ClosedDay, ExtraOpening, OpeningHours
from loans.models import Loan
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return build.library("中央図書館")


@pytest.fixture
def manager(here) -> Client:
    client = Client()
    client.force_login(build.staff(library=here))
    return client


@pytest.fixture
def due():
    """A day soon that lies in this year or the next, and its form values."""
    return timezone.localdate() + timedelta(days=6)


def ask(client: Client, library, day, **more):
    asked = {"library": library.pk, "year": day.year, "days": [day.isoformat()], "deed": "close", "reason": "館内整理"}
    return client.post("/admin/calendar/", asked | more, follow=True).content.decode()


def test_a_closing_is_shown_first_and_done_when_confirmed(here, manager, due):
    loan = build.loan(build.item(build.title(), here), build.patron(), due_on=due)
    shown = ask(manager, here, due)
    assert ("後ろにずれる期限" in shown, "1件" in shown, ClosedDay.objects.count()) == (True, True, 0)
    done = ask(manager, here, due, confirmed="1")
    loan.refresh_from_db()
    assert ("期限を1件、後ろにずらしました" in done, loan.due_on) == (True, due + timedelta(days=1))


def test_a_weekday_becomes_a_weekly_closing(here, manager, due):
    build.loan(build.item(build.title(), here), build.patron(), due_on=due + timedelta(days=7))
    assert "1件" in ask(manager, here, due, deed="weekday")
    ask(manager, here, due, deed="weekday", confirmed="1")
    assert not OpeningHours.objects.filter(library=here, weekday=due.weekday()).exists()
    assert Loan.objects.get().due_on == due + timedelta(days=8)


def test_an_extra_opening_needs_hours_in_order(here, manager, due):
    wrong = ask(manager, here, due, deed="open", opens="18:00", closes="10:00")
    assert ("開館は閉館より前" in wrong, ExtraOpening.objects.count()) == (True, 0)
    ask(manager, here, due, deed="open", opens="10:00", closes="17:00", confirmed="1")
    assert ExtraOpening.objects.get().date == due


@pytest.mark.parametrize(
    "wrong", [{"days": []}, {"days": ["2020-01-01"]}, {"deed": "x"}, {"reason": ""}, {"year": "x"}]
)
def test_a_form_that_lacks_something_changes_nothing(here, manager, due, wrong):
    assert "カレンダー" in ask(manager, here, due, **{"confirmed": "1"} | wrong) or wrong == {"year": "x"}
    assert ClosedDay.objects.count() == (1 if wrong == {"year": "x"} and due.year == timezone.localdate().year else 0)


def test_staff_of_one_library_see_their_own_year_only(here, due):
    there = build.library("幸町図書館")
    user = build.staff("manager2", library=here, is_superuser=False)
    user.user_permissions.add(Permission.objects.get(codename="add_closedday"))
    client = Client()
    client.force_login(user)
    ask(client, there, due, confirmed="1")
    assert ClosedDay.objects.get().library == here


def test_who_may_not_close_days_is_refused(here):
    client = Client()
    client.force_login(build.staff("counter2", library=here, is_superuser=False))
    assert client.get("/admin/calendar/").status_code == 403
