"""A number of the hold shelf belongs to a copy that stands there: what older code left standing elsewhere goes first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0016_rules_are_data")]

    operations = [
        migrations.RunSQL(
            "UPDATE catalog_item SET hold_number = NULL WHERE hold_number IS NOT NULL AND status <> 'on_hold_shelf'",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(("hold_number", None), ("status", "on_hold_shelf"), _connector="OR"),
                name="a_hold_number_means_the_hold_shelf",
            ),
        ),
    ]
