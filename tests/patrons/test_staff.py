"""Staff: roles, look-ups that are recorded, putting a patron back (SPEC D9, P6)."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from opac.staff.roles import ROLES
from patrons.models import LookUp, User
from tests import build

pytestmark = pytest.mark.django_db


def member(role: str) -> User:
    made = User.objects.create_user(f"{role}-1", "staff-pass-1", is_staff=True)
    made.groups.add(Group.objects.get(name=role))
    return made


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        ("counter", ["loans.work_at_the_desk", "patrons.change_patron"], ["catalog.change_title", "patrons.view_user"]),
        ("cataloguing", ["catalog.change_title"], ["patrons.view_patron", "loans.work_at_the_desk"]),
        ("manager", ["catalog.change_policy", "patrons.view_lookup"], ["patrons.delete_user", "loans.change_loan"]),
    ],
)
def test_roles_are_groups(role, may, may_not):
    someone = member(role)
    assert [name for name in may + may_not if someone.has_perm(name)] == may


def test_every_permission_of_a_role_is_one_that_django_knows():
    from django.apps import apps

    for rooms in ROLES.values():
        for room, models in rooms.items():
            for model, actions in models.items():
                meta = apps.get_model(room, model)._meta
                known = {*meta.default_permissions, *(name for name, _ in meta.permissions)}
                assert set(actions) <= known, (room, model)


def test_opening_a_patron_leaves_a_row_with_ids_only(client):
    patron, clerk = build.patron("岡山 花子"), member("counter")
    client.force_login(clerk)
    assert client.get(reverse("admin:patrons_patron_change", args=(patron.pk,))).status_code == 200
    seen = LookUp.objects.values_list("by", "patron", "page")
    assert list(seen) == [(clerk.pk, patron.pk, "admin:patrons_patron_change")]
    assert str(LookUp.objects.get()) == f"{clerk.pk} → {patron.pk}"


def test_cataloguers_see_no_patron_and_leave_no_row(client):
    patron = build.patron()
    client.force_login(member("cataloguing"))
    assert client.get(reverse("admin:patrons_patron_change", args=(patron.pk,))).status_code == 403
    assert LookUp.objects.count() == 0


def test_clerk_puts_a_patron_back_to_the_initial_password(client):
    patron = build.patron()
    client.force_login(member("counter"))
    client.post(
        reverse("admin:patrons_patron_changelist"), {"action": "put_back", "_selected_action": [patron.pk]}, follow=True
    )
    patron.refresh_from_db()
    assert (patron.own_password_set_at, patron.put_back_on is not None) == (None, True)
    assert not patron.user.has_usable_password()


def test_manager_makes_no_superuser_and_does_not_see_one(client):
    boss = build.staff("boss")
    someone = member("manager")
    client.force_login(someone)
    assert client.get(reverse("admin:patrons_user_change", args=(boss.pk,))).status_code == 302
    page = reverse("admin:patrons_user_change", args=(someone.pk,))
    typed = {"username": someone.username, "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    client.post(page, typed)
    someone.refresh_from_db()
    assert someone.is_superuser is False


def test_staff_login_is_throttled_like_everybodys(client):
    build.staff("boss", "staff-pass-1")
    page = reverse("admin:login")
    for _ in range(5):
        client.post(page, {"username": "boss", "password": "wrong"})
    assert client.post(page, {"username": "boss", "password": "staff-pass-1"}).status_code == 200
