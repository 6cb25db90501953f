"""A language is one that a patron chose."""

from django.db import migrations


def leave_the_language_open(apps, schema_editor=None):
    """Until now nobody could choose a language: the old default says nothing about the patron."""
    apps.get_model("patrons", "Patron").objects.filter(language="ja").update(language="")


class Migration(migrations.Migration):
    dependencies = [("patrons", "0006_passkeys_and_reading")]

    operations = [migrations.RunPython(leave_the_language_open, migrations.RunPython.noop)]
