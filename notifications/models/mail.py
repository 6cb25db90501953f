"""What a patron is to be told (Notice) and the mail that tells it (Mail).

A Mail groups a patron's notices of one kind and owns Message-ID, Date and text from the moment it is claimed, so that
whatever dies in between, a second delivery carries the same Message-ID (promise 12).
"""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patrons.models import MailRequest, Patron


class Kind(models.TextChoices):
    """Why a mail is written, and what a notice of the kind is about; all else of a kind is in ``notifications.kinds``.

    A notice is about a reservation or about a day; what somebody asked for about their account is no notice.
    """

    about: str

    ACCOUNT = "account", _("アカウント")
    READY = "ready", "reservation", _("予約資料の準備完了")
    CANCELLED = "cancelled", "reservation", _("図書館による予約の取消")
    LAST_DAY = "last_day", "reservation", _("取置期限の前日")
    DUE_SOON = "due_soon", "day", _("貸出期限の前")
    OVERDUE = "overdue", "day", _("延滞")
    ARRIVALS = "arrivals", "day", _("新着資料お知らせメール")

    def __new__(cls, value: str, about: str = "") -> "Kind":
        member = str.__new__(cls, value)
        member._value_ = value
        member.about = about
        return member


OF_A_RESERVATION, OF_A_DAY = (tuple(kind for kind in Kind if kind.about == about) for about in ("reservation", "day"))

LEASE = timedelta(minutes=10)
RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 480, 640))  # 24 hours in all


class MailQuerySet(models.QuerySet["Mail"]):
    def pending(self) -> "MailQuerySet":
        """Narrow to mails that still have to leave."""
        return self.filter(state=Mail.State.PENDING)

    def free(self, now: datetime) -> "MailQuerySet":
        """Narrow to pending mails that no run is working on and whose time has come.

        A time further ahead than any lease or retry reaches was written while the clock was wrong: it has come.
        """
        unleased = Q(leased_until=None) | Q(leased_until__lte=now) | Q(leased_until__gt=now + 2 * LEASE)
        due = Q(next_attempt_at__lte=now) | Q(next_attempt_at__gt=now + max(RETRIES))
        return self.pending().filter(unleased, due)


class Mail(models.Model):
    """One mail to one patron. The text is emptied when the mail is closed: no titles are kept."""

    class State(models.TextChoices):
        """``closed`` is a mail that was never needed again: something in it was void when it was to be retried."""

        PENDING = "pending", _("送信待ち")
        SENT = "sent", _("送信済")
        FAILED = "failed", _("不達")
        CLOSED = "closed", _("取りやめ")

    kind = models.CharField("種類", max_length=20, choices=Kind.choices)
    patron = models.ForeignKey(Patron, models.CASCADE, related_name="mails", verbose_name="利用者")
    request = models.OneToOneField(
        MailRequest, models.CASCADE, null=True, blank=True, related_name="mail", verbose_name="アカウントのメール"
    )
    address = models.EmailField("あて先")
    message_id = models.CharField("Message-ID", max_length=120, unique=True)
    date = models.DateTimeField("日付")
    subject = models.CharField("件名", max_length=200)
    body = models.TextField("本文", blank=True)
    unsubscribe = models.CharField("配信停止のリンク", max_length=300, blank=True)
    state = models.CharField("状態", max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField("送信回数", default=0)
    next_attempt_at = models.DateTimeField("次の送信")
    leased_until = models.DateTimeField("処理中", null=True, blank=True)
    last_error = models.CharField("最後のエラー", max_length=200, blank=True)
    closed_at = models.DateTimeField("終了", null=True, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "メール"
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="pending", closed_at=None) | (~Q(state="pending") & Q(closed_at__isnull=False)),
                name="a_mail_is_pending_or_closed",
            ),
            models.CheckConstraint(condition=Q(state="pending") | Q(body=""), name="a_closed_mail_keeps_no_text"),
            models.CheckConstraint(
                condition=Q(kind="account", request__isnull=False) | (~Q(kind="account") & Q(request=None)),
                name="an_account_mail_was_requested",
            ),
        )
        indexes = (models.Index(fields=("next_attempt_at",), condition=Q(state="pending"), name="mail_pending"),)

    def __str__(self) -> str:
        return f"メール {self.pk}"


class Notice(models.Model):
    """One thing to tell, once: of a reservation in one episode, or of a day.

    A notice about loans names a day and never a copy, so that nothing links patron and title after a return
    (promise 10); one about a reservation is deleted with it. ``found`` holds the new titles of a digest until it has
    been sent: a list of [alert, how many, ids of the first].
    """

    class State(models.TextChoices):
        """``void`` is a notice whose reason ended before it was told."""

        PENDING = "pending", "未送信"
        SENT = "sent", "送信済"
        FAILED = "failed", "不達"
        VOID = "void", "不要になった"

    kind = models.CharField("種類", max_length=20, choices=Kind.choices)
    patron = models.ForeignKey(Patron, models.CASCADE, related_name="notices", verbose_name="利用者")
    reservation = models.ForeignKey(
        "reservations.Reservation", models.CASCADE, null=True, blank=True, related_name="notices", verbose_name="予約"
    )
    episode = models.DateTimeField(
        "きっかけ", null=True, blank=True, help_text="準備や取消の日時。同じ予約でも準備のたびに一通です。"
    )
    day = models.DateField("日", null=True, blank=True, help_text="貸出期限、または配信の日。")
    found = models.JSONField("見つかった資料", null=True, blank=True, editable=False)
    mail = models.ForeignKey(
        Mail, models.SET_NULL, null=True, blank=True, related_name="notices", verbose_name="メール"
    )
    state = models.CharField("状態", max_length=10, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField("作成")

    class Meta:
        verbose_name = verbose_name_plural = "お知らせ"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "reservation", "episode"), name="one_notice_per_reservation_and_episode"
            ),
            models.UniqueConstraint(fields=("kind", "patron", "day"), name="one_notice_per_patron_and_day"),
            models.CheckConstraint(
                condition=Q(kind__in=OF_A_RESERVATION, reservation__isnull=False, episode__isnull=False, day=None)
                | Q(kind__in=OF_A_DAY, reservation=None, episode=None, day__isnull=False),
                name="a_notice_is_of_a_reservation_or_a_day",
            ),
            models.CheckConstraint(condition=Q(state="pending") | Q(found=None), name="a_told_notice_keeps_no_titles"),
        )
        indexes = (models.Index(fields=("kind", "patron"), condition=Q(state="pending"), name="notice_pending"),)

    def __str__(self) -> str:
        return f"お知らせ {self.pk}"
