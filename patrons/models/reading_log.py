"""The reading log a patron asked for: sealed rows that only the portal, with its secret, can open (SPEC V1, M11)."""

import uuid

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact

SALT_BYTES = 16
SEALED_BYTES = 540  # nonce 12, text 512, tag 16: every row looks alike


class ReadingLog(models.Model):
    """A log that is switched on; the patron's salt goes with it when it is switched off, and so do its rows."""

    patron = models.OneToOneField("patrons.Patron", models.CASCADE, related_name="reading_log", verbose_name="利用者")
    salt = models.BinaryField("ソルト", max_length=SALT_BYTES)

    class Meta:
        verbose_name = verbose_name_plural = "読書の記録"
        constraints = (
            models.CheckConstraint(condition=Exact(Length("salt"), SALT_BYTES), name="a_reading_log_has_its_salt"),
        )

    def __str__(self) -> str:
        return f"読書の記録 {self.pk}"


class SealedRead(models.Model):
    """One title that came back, sealed: which title and on which day stand in ``sealed`` only.

    The key is random, so that it tells no order. ``fresh`` is a row that has not been mixed with the others of its
    day yet (``patrons.reading.reading_log.mix``).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    log = models.ForeignKey(ReadingLog, models.CASCADE, related_name="rows", verbose_name="読書の記録")
    version = models.PositiveSmallIntegerField("秘密の版")
    sealed = models.BinaryField("封をした内容", max_length=SEALED_BYTES)
    fresh = models.BooleanField("まだ混ぜていない", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "封をした記録"
        constraints = (
            models.CheckConstraint(condition=Exact(Length("sealed"), SEALED_BYTES), name="sealed_reads_look_alike"),
        )
        indexes = (models.Index(fields=("id",), condition=models.Q(fresh=True), name="sealed_read_fresh"),)

    def __str__(self) -> str:
        return f"封をした記録 {self.pk}"
