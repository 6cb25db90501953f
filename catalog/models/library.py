"""A library, its weekly hours, the days it is closed and the days it opens all the same."""

from ipaddress import ip_network

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


def validate_networks(text: str) -> None:
    """Refuse text that is not a list of networks such as 192.0.2.0/24, separated by spaces."""
    for network in text.split():
        try:
            ip_network(network)
        except ValueError as error:
            raise ValidationError(
                "「%(network)s」はアドレス範囲ではありません。", params={"network": network}
            ) from error


class LibraryQuerySet(models.QuerySet["Library"]):
    def handing_out(self, *, audiovisual: bool) -> "LibraryQuerySet":
        """Narrow to the libraries where such material can be collected (SPEC R4)."""
        return self.filter(hands_out_av=True) if audiovisual else self


class Library(models.Model):
    """One 館: copies live here, reservations are collected here (受取館)."""

    code = models.SlugField("記号", max_length=20, unique=True)
    name = models.CharField("名称", max_length=60)
    short_name = models.CharField("略称", max_length=30, help_text="一覧や伝票に出る名前です。例：幸町図書館")
    telephone = models.CharField("電話番号", max_length=30)
    telephone_is_sample = models.BooleanField("電話番号は見本", default=False)
    fax = models.CharField("FAX番号", max_length=30, blank=True)
    postal_code = models.CharField("郵便番号", max_length=8, blank=True)
    address = models.CharField("住所", max_length=120, blank=True)
    hands_out_av = models.BooleanField(
        "CD・DVD・ビデオを渡せる", default=True, help_text="外すと、この館はCD・DVD・ビデオの受取館に選べません。"
    )
    closed_on_holidays = models.BooleanField(
        "祝日は休館", default=True, help_text="外すと、定期休館日に当たる祝日も開館します。"
    )
    closed_second_sunday = models.BooleanField("第2日曜は休館", default=False)
    terminal_networks = models.CharField(
        "検索機のアドレス範囲",
        max_length=200,
        blank=True,
        validators=[validate_networks],
        help_text="例：192.0.2.0/24。空白で区切って並べます。空欄なら、登録した検索機をどこからでも認めます。",
    )
    position = models.PositiveSmallIntegerField("並び順", default=0)

    objects = LibraryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "図書館"
        ordering = ("position", "id")
        constraints = (
            # Lets a reservation refer to (library, hands_out_av), see reservations: promise 5 as a foreign key.
            models.UniqueConstraint(fields=("id", "hands_out_av"), name="library_and_whether_it_hands_out_av"),
        )

    def __str__(self) -> str:
        return self.short_name


class OpeningHours(models.Model):
    """The hours of one weekday; a weekday without a row is the weekly closing day (定期休館日)."""

    class Weekday(models.IntegerChoices):
        """Days as ``date.weekday()`` counts them."""

        MONDAY = 0, _("月曜")
        TUESDAY = 1, _("火曜")
        WEDNESDAY = 2, _("水曜")
        THURSDAY = 3, _("木曜")
        FRIDAY = 4, _("金曜")
        SATURDAY = 5, _("土曜")
        SUNDAY = 6, _("日曜")

    library = models.ForeignKey(Library, models.CASCADE, related_name="opening_hours", verbose_name="館")
    weekday = models.PositiveSmallIntegerField("曜日", choices=Weekday.choices)
    opens = models.TimeField("開館")
    closes = models.TimeField("閉館")

    class Meta:
        verbose_name = verbose_name_plural = "開館時間"
        ordering = ("library", "weekday")
        constraints = (
            models.UniqueConstraint(fields=("library", "weekday"), name="one_row_of_hours_per_weekday"),
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="opens_before_it_closes"),
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="weekday_is_0_to_6"),
        )

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class ClosedDay(models.Model):
    """One day on which a library is closed (休館日) although its weekly hours say open."""

    library = models.ForeignKey(Library, models.CASCADE, related_name="closed_days", verbose_name="館")
    date = models.DateField("日付")
    reason = models.CharField("理由", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "休館日"
        ordering = ("date", "library")
        constraints = (models.UniqueConstraint(fields=("library", "date"), name="one_closing_per_library_and_day"),)

    def __str__(self) -> str:
        return f"{self.library} {self.date} {self.reason}"


class ExtraOpening(models.Model):
    """One day on which a library opens although it would be closed (臨時開館); it wins over a ClosedDay."""

    library = models.ForeignKey(Library, models.CASCADE, related_name="extra_openings", verbose_name="館")
    date = models.DateField("日付")
    opens = models.TimeField("開館")
    closes = models.TimeField("閉館")
    reason = models.CharField("理由", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "臨時開館日"
        ordering = ("date", "library")
        constraints = (
            models.UniqueConstraint(fields=("library", "date"), name="one_extra_opening_per_library_and_day"),
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="extra_opening_opens_before_it_closes"),
        )

    def __str__(self) -> str:
        return f"{self.library} {self.date}"
