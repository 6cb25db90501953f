"""The model of 順番予約 was renamed; what Django keeps about it goes along."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

rename = import_module("reservations.migrations.0003_volume_order").rename


def kept() -> tuple[set[str], set[str]]:
    models = ContentType.objects.filter(app_label="reservations").values_list("model", flat=True)
    permissions = Permission.objects.filter(content_type__app_label="reservations")
    return set(models), set(permissions.values_list("codename", flat=True))


@pytest.mark.django_db
def test_content_type_and_permissions_are_renamed_there_and_back():
    new_models, new_codenames = kept()
    assert ("volumeorder" in new_models, "add_volumeorder" in new_codenames) == (True, True)
    rename("volumeorder", "sequence")(apps, None)
    old_models, old_codenames = kept()
    assert (new_models - old_models, old_models - new_models) == ({"volumeorder"}, {"sequence"})
    assert old_codenames - new_codenames == {f"{verb}_sequence" for verb in ("add", "change", "delete", "view")}
    rename("sequence", "volumeorder")(apps, None)
    assert kept() == (new_models, new_codenames)


@pytest.mark.django_db
def test_nothing_is_renamed_where_nothing_is_kept():
    before = kept()
    rename("sequence", "volumeorder")(apps, None)
    assert kept() == before
