"""Remember when a record last changed, for harvesters (OAI-PMH); kept by a trigger, so that no way of writing forgets."""

import django.db.models.functions.datetime
from django.db import migrations, models

MAKE = """
    CREATE FUNCTION catalog_title_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN NEW.changed_at = now(); RETURN NEW; END $$;
    CREATE TRIGGER catalog_title_change_is_noted BEFORE UPDATE ON catalog_title FOR EACH ROW
    WHEN (to_jsonb(OLD) - 'last_queue_number' - 'changed_at' <> to_jsonb(NEW) - 'last_queue_number' - 'changed_at')
    EXECUTE FUNCTION catalog_title_note_change();
"""
TAKE_AWAY = "DROP TRIGGER catalog_title_change_is_noted ON catalog_title; DROP FUNCTION catalog_title_note_change();"


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0010_policy_help'),
    ]

    operations = [
        migrations.AddField(
            model_name='title',
            name='changed_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), db_index=True, editable=False, verbose_name='更新日時'),
        ),
        migrations.RunSQL(MAKE, TAKE_AWAY),
    ]
