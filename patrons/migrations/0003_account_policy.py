"""Write the rules for accounts as a row that a library may change."""

from django.db import migrations


def write(apps, schema_editor=None):
    """Write the row when it is missing."""
    apps.get_model("patrons", "AccountPolicy").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("patrons", "0002_account_rules")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
