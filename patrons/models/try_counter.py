"""How often a password was tried: the rows that stop guessing (SPEC P7)."""

from django.db import models


class TryCounter(models.Model):
    """Tries that were not right, counted for one card, device, network or everybody; ``key`` is a keyed hash.

    A row stands for numbers that exist and for numbers that do not, and names nobody.
    """

    key = models.CharField("鍵", max_length=64, primary_key=True)
    failures = models.PositiveIntegerField("失敗", default=0)
    counted_from = models.DateTimeField("数え始め")
    last_at = models.DateTimeField("最後の失敗")
    shut_until = models.DateTimeField("停止", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "ログインの失敗"
        indexes = (models.Index(fields=("last_at",), name="try_counter_age"),)

    def __str__(self) -> str:
        return self.key[:8]
