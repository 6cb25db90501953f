"""Once wrote the roles of the staff as groups, which every ``migrate`` does now (``opac.staff.roles``)."""

from django.db import migrations


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

    operations = []
