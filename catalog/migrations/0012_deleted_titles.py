"""Remember deleted records for harvesters; a trigger writes them, so that no way of deleting forgets to."""

from django.db import migrations, models

MAKE = """
    CREATE FUNCTION catalog_title_remember_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO catalog_deletedtitle (title_id, changed_at) SELECT id, now() FROM gone
        ON CONFLICT (title_id) DO UPDATE SET changed_at = EXCLUDED.changed_at;
        RETURN NULL;
    END $$;
    CREATE TRIGGER catalog_deleted_title_is_remembered AFTER DELETE ON catalog_title REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_title_remember_deleted();
"""
TAKE_AWAY = (
    "DROP TRIGGER catalog_deleted_title_is_remembered ON catalog_title; DROP FUNCTION catalog_title_remember_deleted();"
)


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0011_title_changed_at'),
    ]

    operations = [
        migrations.CreateModel(
            name='DeletedTitle',
            fields=[
                ('title_id', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='書誌')),
                ('changed_at', models.DateTimeField(db_index=True, verbose_name='削除日時')),
            ],
            options={
                'verbose_name': '削除された書誌',
                'verbose_name_plural': '削除された書誌',
            },
        ),
        migrations.RunSQL(MAKE, TAKE_AWAY),
    ]
