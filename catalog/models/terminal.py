"""館内利用者検索機: a device in a library that staff have registered."""

from django.db import models
from django.db.models import Q

from catalog.models.library import Library


class TerminalQuerySet(models.QuerySet["Terminal"]):
    def enrolled(self) -> "TerminalQuerySet":
        """Narrow to the devices that hold a valid cookie."""
        return self.exclude(secret="")


class Terminal(models.Model):
    """One device; it is known by a signed cookie that carries ``secret``, which ends when staff revoke it.

    ``code_digest`` stands while a registration code waits to be typed on the device; the code itself is not kept.
    """

    class Kind(models.TextChoices):
        """With a keyboard, or with a touch panel and no keyboard; the words of the guide."""

        KEYBOARD = "keyboard", "館内利用者検索機"
        TOUCH = "touch", "館内利用者検索機（タッチパネル版）"

    class KeyOrder(models.TextChoices):
        """Where the あ column of the 五十音 keys stands; people know it at the right."""

        RIGHT_TO_LEFT = "right", "右から左（あ行が右）"
        LEFT_TO_RIGHT = "left", "左から右（あ行が左）"

    library = models.ForeignKey(Library, models.PROTECT, related_name="terminals", verbose_name="館")
    name = models.CharField("名前", max_length=60, help_text="置き場所など。例：1階 入口")
    kind = models.CharField("種類", max_length=10, choices=Kind.choices, default=Kind.KEYBOARD)
    key_order = models.CharField(
        "五十音キーの並び",
        max_length=5,
        choices=KeyOrder.choices,
        default=KeyOrder.RIGHT_TO_LEFT,
        help_text="タッチパネル版の画面のキーボード。次に開いたページから変わります。",
    )
    code_digest = models.CharField("登録コード", max_length=64, blank=True, editable=False)
    code_until = models.DateTimeField("登録コードの期限", null=True, blank=True, editable=False)
    secret = models.CharField("端末の鍵", max_length=64, blank=True, editable=False)
    enrolled_at = models.DateTimeField("登録した日時", null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField("取り消した日時", null=True, blank=True, editable=False)

    objects = TerminalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "館内利用者検索機"
        ordering = ("library", "name")
        constraints = (
            models.UniqueConstraint(fields=("library", "name"), name="one_terminal_per_library_and_name"),
            models.UniqueConstraint(fields=("secret",), condition=~Q(secret=""), name="one_terminal_per_secret"),
            models.UniqueConstraint(
                fields=("code_digest",), condition=~Q(code_digest=""), name="one_terminal_per_code"
            ),
            models.CheckConstraint(condition=Q(kind__in=("keyboard", "touch")), name="terminal_kind_is_known"),
            models.CheckConstraint(condition=Q(key_order__in=("right", "left")), name="terminal_key_order_is_known"),
            models.CheckConstraint(
                condition=Q(code_digest="", code_until=None) | (~Q(code_digest="") & Q(code_until__isnull=False)),
                name="registration_code_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(secret="") | Q(enrolled_at__isnull=False, revoked_at=None),
                name="revoked_terminal_holds_no_secret",
            ),
        )

    def __str__(self) -> str:
        return f"{self.library} {self.name}"
