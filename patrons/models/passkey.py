"""A passkey: what a patron's device proves itself with in place of card number and password (SPEC P8)."""

from django.db import models
from django.db.models import Q


class Passkey(models.Model):
    """The public half of a key that never leaves the patron's device.

    ``user_handle`` is what the device knows the patron by: random, the same for all passkeys of a patron.
    ``credential`` is the authenticator's own record of id and public key, as the fido2 library packs it.
    ``sign_count`` is the device's counter at its last use, 0 for ever on devices that keep none.
    """

    patron = models.ForeignKey("patrons.Patron", models.CASCADE, related_name="passkeys", verbose_name="利用者")
    name = models.CharField("名前", max_length=40)
    credential_id = models.BinaryField("識別子", max_length=1023, unique=True)
    credential = models.BinaryField("公開鍵")
    user_handle = models.BinaryField("利用者の識別子", max_length=64)
    sign_count = models.PositiveBigIntegerField("使用回数", default=0)
    created_at = models.DateTimeField("登録")
    last_used_at = models.DateTimeField("最後の使用", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "パスキー"
        ordering = ("created_at", "id")
        constraints = (models.CheckConstraint(condition=~Q(name=""), name="passkey_has_a_name"),)

    def __str__(self) -> str:
        return f"{self.patron_id}: {self.pk}"
