"""Series stand in 五十音順, as titles do: a key of their own, derived from the reading."""

from django.db import migrations

import catalog.fields
from catalog.japanese.sort_keys import sort_key

CHUNK = 1000


def fill(apps, schema_editor):
    Series = apps.get_model("catalog", "Series")
    found = []
    for series in Series.objects.only("name", "reading").iterator(CHUNK):
        series.name_key = sort_key(series.reading or series.name)
        found.append(series)
        if len(found) == CHUNK:
            _write(schema_editor, found)
            found = []
    _write(schema_editor, found)


def _write(schema_editor, found):
    """Write by hand: a derived column computes itself from methods that a historical model lacks."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalog_series series SET name_key = new.name_key"
            " FROM unnest(%s::bigint[], %s::text[]) AS new (id, name_key) WHERE series.id = new.id",
            [[series.pk for series in found], [series.name_key for series in found]],
        )


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0012_deleted_titles'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='series',
            options={'ordering': ('name_key', 'id'), 'verbose_name': 'シリーズ・雑誌', 'verbose_name_plural': 'シリーズ・雑誌'},
        ),
        migrations.AddField(
            model_name='series',
            name='name_key',
            field=catalog.fields.DerivedTextField(compute='name_sort_key', db_collation='C', db_index=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
