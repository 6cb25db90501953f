"""The roles of the staff follow ``opac.staff.roles`` at every ``migrate``."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from opac.staff import roles

pytestmark = pytest.mark.django_db


def held(role: str) -> set[str]:
    """Return what a role may do, as ``room.permission``."""
    rows = Group.objects.get(name=role).permissions.values_list("content_type__app_label", "codename")
    return {f"{room}.{codename}" for room, codename in rows}


def meant(rights: roles.Rights) -> set[str]:
    """Return what stands in the code, written as ``held`` does."""
    return {
        f"{room}.{action}" if "_" in action else f"{room}.{action}_{model}"
        for room, models in rights.items()
        for model, actions in models.items()
        for action in actions
    }


def test_every_role_is_there_after_migrate_with_all_that_the_code_gives_it():
    assert {role: held(role) for role in roles.ROLES} == {role: meant(rights) for role, rights in roles.ROLES.items()}


def test_a_changed_role_holds_from_the_next_migrate_on(monkeypatch):
    monkeypatch.setitem(roles.ROLES, "counter", {"catalog": {"title": ("view", "change")}})
    monkeypatch.setitem(roles.ROLES, "volunteer", {"loans": {"loan": ("work_at_the_desk",)}})
    call_command("migrate", verbosity=0)
    assert held("counter") == {"catalog.view_title", "catalog.change_title"}
    assert held("volunteer") == {"loans.work_at_the_desk"}


def test_what_somebody_added_or_took_away_by_hand_is_put_right():
    counter = Group.objects.get(name="counter")
    counter.permissions.set([Permission.objects.get(codename="delete_patron")])
    call_command("migrate", verbosity=0)
    assert held("counter") == meant(roles.COUNTER)


def test_members_keep_their_role(django_user_model):
    somebody = django_user_model.objects.create(username="desk", name="係", is_staff=True)
    somebody.groups.add(Group.objects.get(name="counter"))
    call_command("migrate", verbosity=0)
    assert django_user_model.objects.get(username="desk").has_perm("loans.work_at_the_desk")
