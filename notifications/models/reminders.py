"""Which reminders a patron chose; «ready» and «cancelled» are no reminders and always go."""

from django.db import models

from notifications.models.mail import Kind
from patrons.models import Patron


class Reminders(models.Model):
    """A patron's choice, a column a kind with a switch; who has no row has the defaults of the fields."""

    patron = models.OneToOneField(Patron, models.CASCADE, related_name="reminders", verbose_name="利用者")
    last_day = models.BooleanField(
        "取置期限の前日", default=True, help_text="準備ができた資料をまだお受け取りでないときにお知らせします。"
    )
    due_soon = models.BooleanField("貸出期限の前", default=False)
    overdue = models.BooleanField("貸出期限を過ぎたとき", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "期限のお知らせ"

    def __str__(self) -> str:
        return f"期限のお知らせ {self.pk}"

    @classmethod
    def of(cls, patron: Patron) -> "Reminders":
        """Return the patron's row, or one with the defaults that is not saved yet."""
        return cls.objects.filter(patron=patron).first() or cls(patron=patron)

    @property
    def chosen(self) -> dict[Kind, bool]:
        """Return for each kind that has a column whether the patron wants it."""
        columns = {field.name for field in self._meta.fields}
        return {kind: getattr(self, kind) for kind in Kind if kind in columns}
