"""Fill the keys of the volumes that are here, in batches, so that nobody waits for a title for long.

一〇 was read as 1 until now: such a number is put right, too.
"""

import re

from django.db import migrations, models

from catalog.japanese.fold import kanji_number
from catalog.japanese.volumes import volume_key, volume_number

BATCH = 2000
WRITE = """
    UPDATE catalog_title title SET volume_key = new.volume_key, volume_order = new.volume_order
    FROM unnest(%s::bigint[], %s::text[], %s::int[]) AS new (id, volume_key, volume_order) WHERE title.id = new.id
"""
AS_READ_BEFORE = re.compile("[0-9]+|[一二三四五六七八九十百]+")


def fill(apps, schema_editor):
    Title = apps.get_model("catalog", "Title")
    numbered = Title.objects.exclude(volume="", volume_order=None).order_by("pk")
    last = 0
    while batch := list(numbered.filter(pk__gt=last).values_list("pk", "volume", "volume_order")[:BATCH]):
        last = batch[-1][0]
        rows = []
        for pk, volume, order in batch:
            before = AS_READ_BEFORE.search(volume) if "〇" in volume else None
            if before and not before[0].isdigit() and kanji_number(before[0]) == order:
                order = volume_number(volume)
            rows.append((pk, volume_key(volume, order), order))
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(WRITE, [list(column) for column in zip(*rows, strict=True)])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("catalog", "0018_volumes_in_order")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name='title', name='title_series_in_order'),
        migrations.AddIndex(
            model_name='title',
            index=models.Index(fields=['series', 'volume_key'], name='title_series_by_volume'),
        ),
    ]
