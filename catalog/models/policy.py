"""The rules a library may change: what a material type allows, how many of a group, how long things take."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from catalog.languages.table import current


class NamedInLanguages(models.Model):
    """A row with a Japanese ``name`` that staff type, and what other languages call it: ``names``, by their codes."""

    name: models.CharField
    names = models.JSONField("ほかの言語での名称", default=dict, db_default={}, blank=True)

    class Meta:
        abstract = True

    @property
    def label(self) -> str:
        """The name in the language of the page; the Japanese one where that language has none."""
        return self.names.get(current().code) or self.name


class LimitGroup(NamedInLanguages):
    """Material types that share one limit, such as DVD and ビデオ together (SPEC R3, decision 11)."""

    name = models.CharField("名称", max_length=40, unique=True, help_text="利用者に見える言葉です。例：DVD・ビデオ")
    reservation_limit = models.PositiveSmallIntegerField(
        "予約の上限", null=True, blank=True, help_text="有効な予約（予約中・配送中・取置）の点数。空欄は制限なし。"
    )
    loan_limit = models.PositiveSmallIntegerField("貸出の上限", null=True, blank=True, help_text="空欄は制限なし。")

    class Meta:
        verbose_name = verbose_name_plural = "点数制限"
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class MaterialType(NamedInLanguages):
    """資料種別: its rules, how it looks, and how other systems name it.

    Every rule reads only this row, never a label or a class number.
    """

    class Cover(models.TextChoices):
        """How a cover is drawn where there is no picture of it."""

        BOOK = "book", "本"
        CHILDREN = "children", "こどもの本"
        MAGAZINE = "magazine", "雑誌"
        DISC = "disc", "円盤"
        VIDEO = "video", "映像"

    class Icon(models.TextChoices):
        """The sign in a cover's corner, by its name in the sprite."""

        BOOK = "book", "本"
        CHILDREN = "children", "こども"
        MAGAZINE = "magazine", "雑誌"
        DISC = "disc", "円盤"
        FILM = "film", "フィルム"

    class LabelNumber(models.TextChoices):
        """Which of the numbers on a copy's label counts."""

        AS_WIDE = "as_wide", "範囲と同じけた数の、最初の番号"
        FIRST = "first", "最初の番号"
        LAST = "last", "最後の番号"
        BEHIND = "behind", "決めた文字のすぐ後の番号"

    code = models.SlugField("記号", max_length=20, unique=True)
    name = models.CharField("名称", max_length=40)
    audiovisual = models.BooleanField(
        "視聴覚資料", default=False, help_text="延長できません。渡せない館では受け取れません（図書館の設定）。"
    )
    reservable = models.BooleanField("予約できる", default=True)
    extendable = models.BooleanField("延長できる", default=True, help_text="視聴覚資料では外してください。")
    loan_days = models.PositiveSmallIntegerField(
        "貸出日数", default=14, help_text="期限が休館日になるときは、次の開館日まで延びます。"
    )
    limit_group = models.ForeignKey(
        LimitGroup, models.PROTECT, null=True, blank=True, related_name="material_types", verbose_name="点数制限"
    )
    refines = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="refinements",
        verbose_name="もとの種別",
        help_text="朗読CDはCDのうち、請求記号の番号が次の範囲にあるものです。",
    )
    label_first = models.PositiveSmallIntegerField("請求記号の番号（から）", null=True, blank=True)
    label_last = models.PositiveSmallIntegerField("請求記号の番号（まで）", null=True, blank=True)
    label_number = models.CharField(
        "請求記号のどの番号か",
        max_length=10,
        choices=LabelNumber,
        default=LabelNumber.AS_WIDE,
        db_default=LabelNumber.AS_WIDE,
        help_text="「CD2 709」では、同じけた数の最初の番号は709、最初の番号は2。全角と半角は区別しません。",
    )
    label_prefix = models.CharField(
        "番号の前の文字",
        max_length=20,
        blank=True,
        default="",
        db_default="",
        help_text="「決めた文字のすぐ後の番号」のときだけ入れます。例：CD、R-",
    )
    position = models.PositiveSmallIntegerField("並び順", default=0)
    periodical = models.BooleanField(
        "逐次刊行物", default=False, db_default=False, help_text="号ごとに登録し、新しい号から並べます。"
    )
    cover = models.CharField("表紙の絵", max_length=10, choices=Cover, default=Cover.BOOK, db_default=Cover.BOOK)
    icon = models.CharField("しるし", max_length=10, choices=Icon, default=Icon.BOOK, db_default=Icon.BOOK)
    schema_type = models.CharField(
        "schema.org の種類",
        max_length=30,
        default="CreativeWork",
        db_default="CreativeWork",
        validators=[RegexValidator(r"^[A-Z][A-Za-z]+$", "大文字で始まる英字です。例：Book")],
        help_text="検索サイトに伝える種類です。例：Book、MusicAlbum、Movie、Audiobook、PublicationIssue",
    )
    marc_leader = models.CharField(
        "MARCのリーダ06–07",
        max_length=2,
        default="am",
        db_default="am",
        validators=[RegexValidator(r"^[a-z]{2}$", "小文字の英字2字です。例：am")],
        help_text="書き出すMARCの種別と書誌レベル。例：am（図書）、as（雑誌）、jm（音楽）、gm（映像）",
    )
    marc_physical = models.CharField(
        "MARCの007の始まり",
        max_length=2,
        blank=True,
        default="",
        db_default="",
        validators=[RegexValidator(r"^[a-z]{2}$", "小文字の英字2字です。例：sd")],
        help_text="例：sd（録音ディスク）、vd（映像ディスク）、vf（ビデオカセット）。図書は空欄。",
    )

    class Meta:
        verbose_name = verbose_name_plural = "資料種別"
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("id", "audiovisual"), name="material_type_and_whether_audiovisual"),
            models.CheckConstraint(
                condition=~Q(audiovisual=True, extendable=True),
                name="audiovisual_material_is_never_extended",
                violation_error_message="視聴覚資料は延長できません。「延長できる」を外してください。",
            ),
            models.CheckConstraint(
                condition=Q(refines=None, label_first=None, label_last=None)
                | Q(refines__isnull=False, label_first__isnull=False, label_last__gte=F("label_first")),
                name="a_refinement_has_a_label_range",
                violation_error_message="「もとの種別」と請求記号の番号の範囲は、両方入れるか、両方空けてください。",
            ),
            models.CheckConstraint(
                condition=~Q(label_number="behind") | Q(label_prefix__regex=r"\S"),
                name="a_number_behind_letters_says_which",
                violation_error_message="「番号の前の文字」を入れてください。",
            ),
            models.CheckConstraint(condition=Q(loan_days__gte=1), name="a_loan_lasts_a_day_at_least"),
        )

    def __str__(self) -> str:
        return self.name

    def has_on_label(self, number: int) -> bool:
        """Tell whether a number on a copy's label makes it of this type; only a type that refines another says so."""
        if self.label_first is None or self.label_last is None:
            return False
        return self.label_first <= number <= self.label_last


class Policy(models.Model):
    """The one row of house rules: periods in days or minutes, and the names patrons read.

    A new installation has no name, address and sender yet (``unfilled``); no mail leaves without a sender.
    """

    organisation_name = models.CharField("図書館の名前", max_length=60, default="")
    home_url = models.URLField("ホームページ", default="")
    mail_from = models.EmailField("差出人アドレス", default="")
    hold_open_days = models.PositiveSmallIntegerField(
        "取置期間（開館日数）", default=7, help_text="準備ができた日の翌日から数えた、受取館の開館日の数。"
    )
    extension_days = models.PositiveSmallIntegerField(
        "延長の日数", default=14, help_text="もとの貸出期限から数えます。休館日になるときは、次の開館日まで延びます。"
    )
    extension_grace_days = models.PositiveSmallIntegerField(
        "延長できる期間（貸出期限からの日数）", default=13, help_text="貸出期限の当日を0日目と数えます。"
    )
    cancelled_shown_days = models.PositiveSmallIntegerField(
        "取消済予約一覧に表示する日数", default=30, help_text="過ぎると、取り消した予約の記録も消えます。"
    )
    take_back_minutes = models.PositiveSmallIntegerField(
        "取消をもとに戻せる時間（分）", default=10, help_text="利用者が自分で取り消した予約だけです。"
    )

    year_end_from = models.PositiveSmallIntegerField(
        "年末の休館（12月の何日から）", default=29, help_text="年ごとの休館日を作るときに使います。"
    )
    new_year_until = models.PositiveSmallIntegerField("年始の休館（1月の何日まで）", default=3)

    class Meta:
        verbose_name = verbose_name_plural = "図書館の決まり"
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="there_is_one_policy"),
            models.CheckConstraint(
                condition=Q(year_end_from__range=(1, 32), new_year_until__lte=31), name="the_year_turns_in_winter"
            ),
        )

    def __str__(self) -> str:
        return "図書館の決まり"

    @classmethod
    def current(cls) -> "Policy":
        """Return the row; the first migration wrote it, and the constraint keeps it alone."""
        return cls.objects.get(pk=1)

    def unfilled(self) -> list[str]:
        """Return, in the admin's words, which names and addresses nobody has filled in yet."""
        words = {field.name: str(field.verbose_name) for field in self._meta.fields}
        return [words[name] for name in ("organisation_name", "home_url", "mail_from") if not getattr(self, name)]
