"""An account mail that is to be sent, and the link in it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patrons.models.patron import Patron


class MailRequestQuerySet(models.QuerySet["MailRequest"]):
    def open_links(self, patron: Patron, kind: str) -> "MailRequestQuerySet":
        """Narrow to a patron's links of one kind that nobody has used and nothing has closed."""
        return self.filter(patron=patron, kind=kind, used_at=None)


class MailRequest(models.Model):
    """An account mail that ``send_notices`` is to send first (decision 2), written for unknown accounts too.

    ``patron`` is empty when the account is unknown: the row is dropped when its turn comes, so that asking takes
    as long for a stranger's number as for one's own. The link in the mail is signed from this row when it is sent.
    """

    class Kind(models.TextChoices):
        CONFIRM_ADDRESS = "confirm_address", _("メールアドレスの確認")
        ADDRESS_CHANGED = "address_changed", _("メールアドレス変更のお知らせ")
        RESET_PASSWORD = "reset_password", _("パスワードの再設定")
        LOCKED = "locked", _("ログイン停止のお知らせ")
        PASSKEY_ADDED = "passkey_added", _("パスキー登録のお知らせ")
        PASSKEY_REMOVED = "passkey_removed", _("パスキー削除のお知らせ")

    kind = models.CharField("種類", max_length=20, choices=Kind.choices)
    patron = models.ForeignKey(Patron, models.CASCADE, null=True, related_name="mail_requests", verbose_name="利用者")
    address = models.EmailField("あて先", blank=True)
    created_at = models.DateTimeField("作成")
    sent_at = models.DateTimeField("送信", null=True, blank=True)
    used_at = models.DateTimeField(
        "リンクの使用", null=True, blank=True, help_text="使われたか、ほかの変更で無効になった時"
    )

    objects = MailRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "アカウントのメール"
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    kind__in=(
                        "confirm_address",
                        "address_changed",
                        "reset_password",
                        "locked",
                        "passkey_added",
                        "passkey_removed",
                    )
                ),
                name="mail_request_kind_is_known",
            ),
        )
        indexes = (models.Index(fields=("id",), condition=Q(sent_at=None), name="mail_request_unsent"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def owner(self) -> Patron:
        """Return whose link is in the mail: only the rows of known accounts have one."""
        if self.patron is None:
            raise Patron.DoesNotExist
        return self.patron
