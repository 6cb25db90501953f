"""Volumes stand by a key of what names them, and a title keeps the number that a series gives it as it was written.

Harvesters are not told of a key: it is no part of a record. Columns have defaults in the database, so that older code
goes on inserting.
"""

from django.db import migrations, models

import catalog.fields

NOTED = """
    DROP TRIGGER catalog_title_change_is_noted ON catalog_title;
    CREATE TRIGGER catalog_title_change_is_noted BEFORE UPDATE ON catalog_title FOR EACH ROW
    WHEN (to_jsonb(OLD) - '{{last_queue_number,changed_at{key}}}'::text[]
          <> to_jsonb(NEW) - '{{last_queue_number,changed_at{key}}}'::text[])
    EXECUTE FUNCTION catalog_title_note_change();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0017_hold_numbers_on_the_shelf")]

    operations = [
        migrations.AddField(
            model_name='title',
            name='series_volume',
            field=models.CharField(blank=True, db_default='', default='', help_text='例：新赤版1280、あ-22-2', max_length=60, verbose_name='シリーズの中の番号'),
        ),
        migrations.AddField(
            model_name='title',
            name='volume_key',
            field=catalog.fields.DerivedTextField(compute='volume_sort_key', db_collation='C', db_default='999 9'),
        ),
        migrations.AlterField(
            model_name='title',
            name='volume_order',
            field=models.PositiveIntegerField(blank=True, help_text='空欄なら、巻次またはシリーズの中の番号の順に並びます。', null=True, verbose_name='巻の順'),
        ),
        migrations.AlterModelOptions(
            name='title',
            options={'ordering': ('title_key', 'volume_key', 'id'), 'verbose_name': '書誌', 'verbose_name_plural': '書誌'},
        ),
        migrations.RunSQL(NOTED.format(key=",volume_key"), NOTED.format(key="")),
    ]
