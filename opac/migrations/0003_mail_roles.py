"""Let managers change the rules of mail and the days on which new titles are announced."""

from django.db import migrations

from opac.staff.roles import write_roles


def write(apps, schema_editor):
    write_roles(apps)


class Migration(migrations.Migration):
    dependencies = [("opac", "0002_marc_roles"), ("notifications", "0003_mail_policy")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
