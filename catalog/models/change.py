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
    def watermark(cls) -> int:
        """Return the number below which every transaction has ended.

        Rows with a lower number are all visible now and for ever; a sequence would not tell, since a lower number
        may be committed after a higher one.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            return cursor.fetchone()[0]

    @classmethod
    def titles_between(cls, since: int, until: int) -> list[int]:
        """Return the ids of titles changed by transactions from ``since`` to below ``until``."""
        changed = cls.objects.filter(transaction__gte=since, transaction__lt=until)
        return list(changed.order_by("title_id").values_list("title_id", flat=True).distinct())
