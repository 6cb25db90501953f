"""What the account holds about a patron, and how it is erased (SPEC M11)."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from opac.management.commands.invariants import violations
from patrons.models import LoginSession, LookUp, MailRequest, Passkey, Patron, TryCounter, User
from patrons.people import look_ups
from patrons.privacy import erase, held_about, purge
from tests import build

pytestmark = pytest.mark.django_db


def test_everything_held_is_shown(client):
    library = build.library("幸町図書館")
    patron = build.patron("岡山 花子", email="hanako@example.jp", pickup_library=library)
    client.post(reverse("patrons:login"), {"card_number": patron.card_number, "password": "abcd1234"})
    client.get(reverse("opac:my"))
    look_ups.record(patron, by=build.staff(), page="admin:desk", now=build.NOON)
    held = held_about(patron)
    facts = held["利用者情報"][0]
    assert (facts["氏名"], facts["いつもの受取館"], facts["いつもの連絡方法"]) == ("岡山 花子", "幸町図書館", "不要")
    assert len(held["ログイン中の端末"]) == 1
    look = {"日": build.TODAY, "担当": "管理者", "画面": "カウンターの画面", "回数": 1}
    assert held["職員が利用者情報を見た記録"] == [look]


def test_every_column_of_a_patron_is_shown_or_says_why_not():
    from patrons.people.held import SHOWN

    columns = {field.name for field in Patron._meta.concrete_fields}
    assert columns - set(SHOWN) == {"id", "user"}


def test_erasing_leaves_nothing(client):
    patron = build.patron(email="hanako@example.jp")
    client.force_login(patron.user)
    client.get(reverse("opac:my"))
    client.post(reverse("patrons:forgotten"), {"card_number": patron.card_number})
    look_ups.record(patron, by=build.staff(), page="admin:desk", now=build.NOON)
    erase(patron)
    left = [model.objects.count() for model in (Patron, LoginSession, LookUp, MailRequest)]
    assert left == [0, 0, 0, 0]
    assert not User.objects.filter(username=patron.card_number).exists()
    assert client.get(reverse("opac:my")).status_code == 302


def test_broken_promises_are_found():
    fine, broken = build.patron(), build.patron()
    build.patron(password=None)
    assert violations() == {}
    passkey = Passkey.objects.create(
        patron=broken, name="x", credential_id=b"x", credential=b"x", created_at=build.NOON
    )
    assert violations() == {}
    Patron.objects.filter(pk=broken.pk).update(own_password_set_at=None)
    User.objects.filter(pk=fine.user_id).update(is_superuser=True)
    assert violations() == {
        "a patron has an own password exactly when the gate is open": [broken.pk],
        "a patron without an own password has no passkey": [passkey.pk],
        "a patron's login gives no access to the staff's site": [fine.pk],
    }


def test_purge_forgets_what_is_over_and_keeps_the_rest():
    patron, clerk = build.patron(), build.staff()
    for days in (400, 31, 1):
        at = build.NOON - timedelta(days=days)
        MailRequest.objects.create(kind="locked", patron=patron, address="hanako@example.jp", created_at=at)
        LoginSession.objects.create(session_key=f"s{days}", session_data="", expire_date=at, user=patron.user)
        look_ups.record(patron, by=clerk, page="admin:desk", now=at)
        TryCounter.objects.create(key=f"k{days}", counted_from=at, last_at=at)
    LoginSession.objects.create(session_key="open", expire_date=build.NOON, session_data="", user=patron.user)
    gone = {"account mails": 2, "ended sessions": 3, "look-ups": 1, "staff log": 0} | {
        "titles taken out of shelves": 0,
        "counters of tries": 2,
    }
    assert purge(on=build.TODAY) == gone
    assert set(purge(on=build.TODAY).values()) == {0}
    kept = [model.objects.count() for model in (MailRequest, LoginSession, LookUp, TryCounter)]
    assert kept == [1, 1, 2, 1]


def test_purge_command_asks_every_room():
    out = StringIO()
    call_command("purge", stdout=out)
    assert out.getvalue().startswith("forgotten: 0 (notices 0, mails 0, announced titles 0, times of loans 0,")
    assert "花子" not in out.getvalue()
