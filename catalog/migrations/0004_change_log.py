"""Log every change of what the search index holds, in the transaction that makes it."""

from django.db import migrations, models


# Statement triggers with transition tables: one insert for a bulk load of ten thousand rows.
LOG = "INSERT INTO catalog_titlechange (title_id, transaction, changed_at)"
VALUES = "pg_current_xact_id()::text::bigint, now()"
# What a reservation counts on the title's row is not in the index.
TITLE_UPDATED = f"""
    {LOG} SELECT changed.id, {VALUES} FROM changed JOIN before USING (id)
    WHERE to_jsonb(changed) - 'last_queue_number' <> to_jsonb(before) - 'last_queue_number'
"""
ITEM_UPDATED = f"""
    {LOG} SELECT DISTINCT both_sides.title_id, {VALUES}
    FROM (SELECT title_id FROM changed UNION SELECT title_id FROM before) both_sides
"""
SERIES_UPDATED = f"""
    {LOG} SELECT title.id, {VALUES} FROM catalog_title title JOIN changed ON changed.id = title.series_id
"""
TRIGGERS = (
    # table, event, what it sees, what it logs
    ("title", "INSERT", "NEW TABLE AS changed", f"{LOG} SELECT id, {VALUES} FROM changed"),
    ("title", "UPDATE", "OLD TABLE AS before NEW TABLE AS changed", TITLE_UPDATED),
    ("title", "DELETE", "OLD TABLE AS changed", f"{LOG} SELECT id, {VALUES} FROM changed"),
    ("item", "INSERT", "NEW TABLE AS changed", f"{LOG} SELECT DISTINCT title_id, {VALUES} FROM changed"),
    ("item", "UPDATE", "OLD TABLE AS before NEW TABLE AS changed", ITEM_UPDATED),
    ("item", "DELETE", "OLD TABLE AS changed", f"{LOG} SELECT DISTINCT title_id, {VALUES} FROM changed"),
    ("series", "UPDATE", "NEW TABLE AS changed", SERIES_UPDATED),
)


def triggers():
    """Yield for each trigger the statements that make it and take it away."""
    for table, event, sees, logs in TRIGGERS:
        name = f"catalog_{table}_{event.lower()}_is_logged"
        yield (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {logs}; RETURN NULL; END $$;"
            f"CREATE TRIGGER {name} AFTER {event} ON catalog_{table} REFERENCING {sees}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {name}();",
            f"DROP TRIGGER {name} ON catalog_{table}; DROP FUNCTION {name}();",
        )


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0003_hold_numbers'),
    ]

    operations = [
        migrations.CreateModel(
            name='TitleChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title_id', models.BigIntegerField(verbose_name='書誌')),
                ('transaction', models.BigIntegerField(db_index=True, verbose_name='トランザクション')),
                ('changed_at', models.DateTimeField(verbose_name='日時')),
            ],
            options={
                'verbose_name': '検索索引への変更',
                'verbose_name_plural': '検索索引への変更',
            },
        ),
    ] + [migrations.RunSQL(make, take_away) for make, take_away in triggers()]
