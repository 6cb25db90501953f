"""What a library may change about accounts: how guessing is stopped, how long links and sessions live, the card."""

from django.db import models
from django.db.models import F, Q


class AccountPolicy(models.Model):
    """The one row of account rules; periods in seconds, minutes, hours or days as the names say."""

    class CheckDigit(models.TextChoices):
        """What stands between the number and the stop letter of the printed card's barcode."""

        NONE = "none", "なし"
        MODULUS_16 = "mod16", "モジュラス16"
        SEVEN_DR = "7dr", "7DR（7チェックDR）"
        LUHN = "luhn", "モジュラス10・ウェイト2"

    class Letter(models.TextChoices):
        """Start and stop letters of NW-7."""

        A = "A", "A"
        B = "B", "B"
        C = "C", "C"
        D = "D", "D"

    free_tries = models.PositiveSmallIntegerField(
        "待たずに試せる回数", default=5, help_text="同じ番号で続けて間違えられる回数。次からは待ち時間が倍に増えます。"
    )
    first_delay_seconds = models.PositiveSmallIntegerField("最初の待ち時間（秒）", default=10)
    tries_before_lock = models.PositiveSmallIntegerField("停止までの回数", default=10)
    lock_minutes = models.PositiveSmallIntegerField("停止する時間（分）", default=30)
    network_tries = models.PositiveSmallIntegerField("接続元ごとの失敗の上限", default=30)
    global_tries = models.PositiveIntegerField("全体の失敗の上限", default=300)
    window_minutes = models.PositiveSmallIntegerField("接続元と全体を数える時間（分）", default=10)
    initial_password_days = models.PositiveSmallIntegerField(
        "初期パスワードを家から使える日数",
        null=True,
        blank=True,
        help_text="空欄は期限なし。過ぎると館内でだけ使えます。",
    )
    reset_link_minutes = models.PositiveSmallIntegerField("再設定リンクの有効時間（分）", default=30)
    address_link_hours = models.PositiveSmallIntegerField("アドレス確認リンクの有効時間（時間）", default=24)
    idle_minutes = models.PositiveSmallIntegerField("操作がないときにログアウトする時間（分）", default=60)
    session_hours = models.PositiveSmallIntegerField("ログインが続く最長の時間（時間）", default=12)
    mail_requests_kept_days = models.PositiveSmallIntegerField("アカウントのメールの記録を残す日数", default=30)
    look_ups_kept_days = models.PositiveSmallIntegerField("利用者情報を見た記録を残す日数", default=365)
    staff_log_kept_days = models.PositiveSmallIntegerField("管理画面の操作の記録を残す日数", default=365)
    tries_kept_days = models.PositiveSmallIntegerField(
        "ログインの失敗を忘れるまでの日数",
        default=1,
        help_text="同じ番号の失敗は、この日数のあいだ試されないと数えなおします。",
    )
    card_start = models.CharField("バーコードの開始文字", max_length=1, choices=Letter.choices, default=Letter.A)
    card_stop = models.CharField("バーコードの終了文字", max_length=1, choices=Letter.choices, default=Letter.A)
    card_check_digit = models.CharField(
        "バーコードのチェックデジット", max_length=10, choices=CheckDigit.choices, default=CheckDigit.NONE
    )

    class Meta:
        verbose_name = verbose_name_plural = "アカウントの決まり"
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="there_is_one_account_policy"),
            models.CheckConstraint(
                condition=Q(free_tries__gte=1, tries_before_lock__gte=F("free_tries")), name="a_lock_follows_free_tries"
            ),
            models.CheckConstraint(
                condition=Q(lock_minutes__gte=1, window_minutes__gte=1, network_tries__gte=1, global_tries__gte=1),
                name="guessing_is_counted_and_locks_end",
            ),
            models.CheckConstraint(
                condition=Q(
                    reset_link_minutes__gte=1, address_link_hours__gte=1, idle_minutes__gte=1, session_hours__gte=1
                ),
                name="links_and_sessions_live_a_while",
            ),
            models.CheckConstraint(
                condition=Q(
                    mail_requests_kept_days__gte=2,
                    look_ups_kept_days__gte=30,
                    staff_log_kept_days__gte=30,
                    tries_kept_days__gte=1,
                ),
                name="records_are_kept_a_while",
            ),
        )

    def __str__(self) -> str:
        return "アカウントの決まり"

    @classmethod
    def current(cls) -> "AccountPolicy":
        """Return the row; a migration wrote it, and the constraint keeps it alone."""
        return cls.objects.get(pk=1)
