"""Write the one row of rules for mails, with the defaults of the fields."""

from django.db import migrations


def write(apps, schema_editor=None) -> None:
    apps.get_model("notifications", "MailPolicy").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_reliable_mail")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
