"""Call the model of 順番予約 ``VolumeOrder``; its table keeps its name, so that earlier code runs beside.

Django renames content types and permissions for a bare ``RenameModel`` only, so it is written here.
"""

from django.db import migrations


def rename(old, new):
    """Return the step that gives what Django keeps about a model the model's new name."""

    def step(apps, schema_editor):
        kinds = apps.get_model("contenttypes", "ContentType").objects.filter(app_label="reservations")
        kind = kinds.filter(model=old).first()
        if kind is None or kinds.filter(model=new).exists():
            return
        kind.model = new
        kind.save(update_fields=("model",))
        for permission in apps.get_model("auth", "Permission").objects.filter(content_type=kind):
            permission.codename = permission.codename.replace(f"_{old}", f"_{new}")
            permission.name = permission.name.replace(f" {old}", f" {new}")
            permission.save(update_fields=("codename", "name"))

    return step


class Migration(migrations.Migration):
    dependencies = [
        ("reservations", "0002_true_copies"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Sequence", "VolumeOrder"),
                migrations.AlterModelTable("VolumeOrder", "reservations_sequence"),
            ]
        ),
        migrations.RunPython(rename("sequence", "volumeorder"), rename("volumeorder", "sequence")),
    ]
