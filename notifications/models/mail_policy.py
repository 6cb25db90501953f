"""What a library may change about its mails: when reminders and digests go, how long they are."""

from datetime import time

from django.db import models
from django.db.models import F, Q

from catalog.models import OpeningHours


class MailPolicy(models.Model):
    """The one row of rules for mails; days are counted in calendar days."""

    morning = models.TimeField(
        "期限や新着のお知らせを送り始める時刻",
        default=time(8),
        help_text="準備完了のメールは時刻によらずすぐに送ります。",
    )
    due_soon_days = models.PositiveSmallIntegerField("貸出期限の何日前に知らせるか", default=3)
    overdue_every_days = models.PositiveSmallIntegerField("延滞を何日ごとに知らせるか", default=7)
    overdue_until_days = models.PositiveSmallIntegerField("延滞を何日目まで知らせるか", default=60)
    arrivals_weekday = models.PositiveSmallIntegerField(
        "新着資料お知らせメールの曜日", choices=OpeningHours.Weekday.choices, default=OpeningHours.Weekday.FRIDAY
    )
    arrivals_days = models.PositiveSmallIntegerField(
        "新着とみなす日数", default=35, help_text="受入日がこの日数以内で、まだ知らせていない資料を新着とします。"
    )
    arrivals_shown = models.PositiveSmallIntegerField("一つの条件で載せる資料の数", default=20)
    kept_days = models.PositiveSmallIntegerField("送信の記録を残す日数", default=14)
    announced_kept_days = models.PositiveSmallIntegerField(
        "知らせた新着資料を覚えておく日数",
        default=400,
        help_text="新着とみなす日数より長くします。利用者の記録ではありません。",
    )

    class Meta:
        verbose_name = verbose_name_plural = "メールの決まり"
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="there_is_one_mail_policy"),
            models.CheckConstraint(
                condition=Q(due_soon_days__gte=1, overdue_every_days__gte=1, arrivals_days__gte=7, kept_days__gte=7),
                name="mail_periods_are_sensible",
            ),
            models.CheckConstraint(
                condition=Q(announced_kept_days__gt=F("arrivals_days")),
                name="announced_titles_are_remembered",
            ),
            models.CheckConstraint(
                condition=Q(arrivals_weekday__range=(0, 6), arrivals_shown__range=(1, 100)),
                name="a_digest_has_its_day_and_length",
            ),
        )

    def __str__(self) -> str:
        return "メールの決まり"

    @classmethod
    def current(cls) -> "MailPolicy":
        """Return the row; a migration wrote it, and the constraint keeps it alone."""
        return cls.objects.get(pk=1)
