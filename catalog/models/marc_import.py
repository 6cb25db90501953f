"""One file's way into the catalogue: how far it is, what it did, and which records were not taken and why."""

from datetime import datetime
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

LINES_KEPT = 10_000  # per run; a report file has them all


def upload_path(run: "ImportRun", name: str) -> str:
    """Return where an uploaded file is stored: under a name of ours, whatever the sender called it."""
    return f"marc/{uuid4().hex}"


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def uploads_to_do(self) -> "ImportRunQuerySet":
        """Narrow to uploaded files that wait or were interrupted, oldest first."""
        return self.filter(state__in=(ImportRun.State.WAITING, ImportRun.State.RUNNING)).exclude(file="").order_by("pk")

    def interrupted(self, fingerprint: str, encoding: str) -> "ImportRun | None":
        """Return the unfinished run of the same file, read in the same way."""
        same = self.filter(state=ImportRun.State.RUNNING, fingerprint=fingerprint, encoding=encoding, file="")
        return same.order_by("-pk").first()


class ImportRun(models.Model):
    """One import of one file. ``records`` is how many are behind it, so that it can go on after an interruption."""

    class State(models.TextChoices):
        """How far a run is; the words staff read."""

        WAITING = "waiting", "待っています"
        RUNNING = "running", "取込中"
        DONE = "done", "終わりました"
        FAILED = "failed", "取り込めません"

    name = models.CharField("ファイル名", max_length=200)
    file = models.FileField("ファイル", upload_to=upload_path, max_length=200, blank=True)
    fingerprint = models.CharField("指紋", max_length=64, blank=True)
    encoding = models.CharField("文字コードの指定", max_length=20, blank=True)
    state = models.CharField("状態", max_length=10, choices=State.choices, default=State.WAITING)
    bytes_total = models.BigIntegerField("大きさ", default=0)
    bytes_done = models.BigIntegerField("済んだ大きさ", default=0)
    records = models.PositiveIntegerField("読んだ記録", default=0)
    created = models.PositiveIntegerField("新しい書誌", default=0)
    changed = models.PositiveIntegerField("直した書誌", default=0)
    unchanged = models.PositiveIntegerField("同じだった書誌", default=0)
    refused = models.PositiveIntegerField("取り込めなかった記録", default=0)
    noted = models.PositiveIntegerField("注意のある記録", default=0)
    error = models.CharField("取り込めない理由", max_length=300, blank=True)
    started_at = models.DateTimeField("開始", null=True, blank=True)
    finished_at = models.DateTimeField("終了", null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "MARCの取込"
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(records=F("created") + F("changed") + F("unchanged") + F("refused")),
                name="every_record_of_an_import_is_accounted_for",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def percent(self) -> int:
        """Return how much of the file is done, 0 to 100."""
        if self.state == self.State.DONE:
            return 100
        return min(99, 100 * self.bytes_done // self.bytes_total) if self.bytes_total else 0

    @property
    def unfinished(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)

    def start(self, now: datetime) -> None:
        """Say that it runs; the caller saves, since a dry run has no row."""
        self.state, self.started_at = self.State.RUNNING, self.started_at or now

    def finish(self, now: datetime, *, error: str = "") -> None:
        """Say how it ended; the caller saves."""
        self.state = self.State.FAILED if error else self.State.DONE
        self.error, self.finished_at = error[:300], now


class ImportLine(models.Model):
    """One record of an import that was refused, or taken with something to look at."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="lines", verbose_name="取込")
    number = models.PositiveIntegerField("何件目")
    offset = models.BigIntegerField("位置（バイト）")
    control_number = models.CharField("書誌番号", max_length=60, blank=True)
    refused = models.BooleanField("取り込めなかった")
    reason = models.CharField("理由", max_length=500)

    class Meta:
        verbose_name = verbose_name_plural = "取込の報告"
        ordering = ("run", "number", "id")

    def __str__(self) -> str:
        return f"{self.number}: {self.reason}"
