"""Who among the staff looked at which patron, and when (SPEC D9)."""

from django.db import models

from patrons.models.user import User


class LookUp(models.Model):
    """One look at a patron's record: ids only, and the name of the page."""

    by = models.ForeignKey(User, models.PROTECT, related_name="look_ups", verbose_name="職員")
    patron = models.ForeignKey("patrons.Patron", models.CASCADE, related_name="look_ups", verbose_name="利用者")
    at = models.DateTimeField("日時")
    page = models.CharField("画面", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "利用者情報を見た記録"
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("patron", "at"), name="look_up_of_patron"),)

    def __str__(self) -> str:
        return f"{self.by_id} → {self.patron_id}"
