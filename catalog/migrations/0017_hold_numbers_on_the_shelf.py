"""A number of the hold shelf belongs to a copy that stands there: what older code left standing elsewhere goes first.

Code from before ``catalog.copies`` goes on running until every process is restarted, and leaves numbers on copies that
go from the shelf. The trigger drops them, so that none of its moves meets the constraint.
"""

from django.db import migrations, models

DROP_NUMBER = """
CREATE FUNCTION catalog_item_number_leaves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.hold_number := NULL; RETURN NEW; END $$;
CREATE TRIGGER catalog_item_number_leaves BEFORE INSERT OR UPDATE ON catalog_item FOR EACH ROW
WHEN (NEW.hold_number IS NOT NULL AND NEW.status <> 'on_hold_shelf') EXECUTE FUNCTION catalog_item_number_leaves();
"""
KEEP_NUMBER = """
DROP TRIGGER catalog_item_number_leaves ON catalog_item;
DROP FUNCTION catalog_item_number_leaves();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0016_rules_are_data")]

    operations = [
        migrations.RunSQL(DROP_NUMBER, KEEP_NUMBER),
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
