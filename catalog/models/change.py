"""The change log that the search index follows."""

from django.db import connection, models


class TitleChange(models.Model):
    """One title whose search document changed, and in which transaction.

    Triggers write it (see the migration), so that nothing that changes a record, a copy or a series can forget to,
    bulk statements included. ``title_id`` is no foreign key: a deleted title leaves its change behind.
    """

    title_id = models.BigIntegerField("書誌")
    transaction = models.BigIntegerField("トランザクション", db_index=True)
    changed_at = models.DateTimeField("日時")

    class Meta:
        verbose_name = verbose_name_plural = "検索索引への変更"

    def __str__(self) -> str:
        return f"{self.title_id} {self.transaction}"

    @classmethod
    def watermark(cls) -> str:
        """Return PostgreSQL's snapshot of now: which transactions have ended, as text (``xmin:xmax:running``).

        A sequence would not tell, since a lower number may be committed after a higher one; and waiting for the
        oldest running transaction would let anybody's long query hold the index back.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_snapshot()::text")
            return cursor.fetchone()[0]

    @classmethod
    def titles_between(cls, since: str, until: str) -> list[int]:
        """Return the ids of titles changed by transactions that ended after the watermark ``since``, by ``until``."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT title_id FROM catalog_titlechange"
                " WHERE transaction >= pg_snapshot_xmin(%(since)s::pg_snapshot)::text::bigint"
                " AND NOT pg_visible_in_snapshot(transaction::text::xid8, %(since)s::pg_snapshot)"
                " AND pg_visible_in_snapshot(transaction::text::xid8, %(until)s::pg_snapshot)"
                " ORDER BY title_id",
                {"since": since, "until": until},
            )
            return [row[0] for row in cursor]

    @classmethod
    def knows(cls, watermark: str) -> bool:
        """Tell whether a watermark is of this database's past; an index of another database is no use here."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_snapshot_xmax(%s::pg_snapshot) <= pg_snapshot_xmax(pg_current_snapshot())", [watermark]
            )
            return cursor.fetchone()[0]


class DeletedTitle(models.Model):
    """A record that is no more, kept for harvesters (OAI-PMH), who are told of it for ever; a trigger writes it."""

    title_id = models.BigIntegerField("書誌", primary_key=True)
    changed_at = models.DateTimeField("削除日時", db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "削除された書誌"

    def __str__(self) -> str:
        return str(self.title_id)
