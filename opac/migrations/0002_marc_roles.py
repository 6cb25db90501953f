"""Let cataloguers and managers bring MARC in."""

from django.db import migrations

from opac.staff.roles import write_roles


def write(apps, schema_editor):
    write_roles(apps)


class Migration(migrations.Migration):
    dependencies = [("opac", "0001_roles"), ("catalog", "0009_upload_path")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
