"""Write the roles of the staff as groups."""

from django.db import migrations

from opac.staff.roles import write_roles


def write(apps, schema_editor):
    write_roles(apps)


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("catalog", "0005_terminals"),
        ("patrons", "0004_safety"),
        ("reservations", "0002_true_copies"),
        ("loans", "0004_desk"),
        ("notifications", "0001_initial"),
    ]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
