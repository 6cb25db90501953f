"""MARC in: the records as they came, the rules that map them, and what each import did (SPEC D8)."""

import re
from typing import Protocol

from django.core.validators import RegexValidator
from django.db import models

from catalog.models.library import Library
from catalog.models.policy import MaterialType

LETTERS = RegexValidator(r"^[a-z0-9]*$", "半角の英小文字と数字で書いてください。")


class RecordSigns(Protocol):
    """What in a record tells the kind of material (``catalog.marc.meaning.signs.Signs``)."""

    @property
    def record_type(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def physical(self) -> tuple[str, ...]: ...
    @property
    def words(self) -> str: ...


class MarcRecord(models.Model):
    """The record a title came from, byte by byte, so that better rules can be applied to it later.

    It is known by its number and the agency that gave it (003), since two agencies may give the same number.
    """

    class Form(models.TextChoices):
        """How the bytes are to be read."""

        ISO2709 = "iso2709", "MARC（ISO 2709）"
        MARCXML = "marcxml", "MARCXML"

    title = models.OneToOneField("catalog.Title", models.CASCADE, related_name="marc_record", verbose_name="書誌")
    agency = models.CharField("作成機関", max_length=60, blank=True)
    number = models.CharField("書誌番号", max_length=60)
    form = models.CharField("形式", max_length=10, choices=Form.choices)
    encoding = models.CharField("文字コードの指定", max_length=20, blank=True)
    digest = models.CharField("指紋", max_length=64, help_text="内容のSHA-256。同じなら書き直しません。")
    data = models.BinaryField("記録")
    taken_at = models.DateTimeField("取込日時")

    class Meta:
        verbose_name = verbose_name_plural = "元の書誌記録"
        constraints = (
            models.UniqueConstraint(fields=("agency", "number"), name="one_marc_record_per_agency_and_number"),
        )
        indexes = (models.Index(fields=("number",), name="marc_record_number"),)

    def __str__(self) -> str:
        return f"({self.agency}){self.number}" if self.agency else self.number


class MaterialRule(models.Model):
    """What makes a record a CD or a magazine; the first rule by position whose every filled field applies counts."""

    position = models.PositiveSmallIntegerField("順番", default=0)
    record_types = models.CharField(
        "リーダ06（種別）", max_length=20, blank=True, validators=[LETTERS], help_text="このうちの一字。空欄は何でも。"
    )
    levels = models.CharField(
        "リーダ07（書誌レベル）", max_length=20, blank=True, validators=[LETTERS], help_text="同上。雑誌は s です。"
    )
    physical = models.CharField(
        "007の始まり", max_length=20, blank=True, help_text="例：vd は映像ディスク。「.」はどの字でもよい所です。"
    )
    words = models.CharField(
        "形態のことば", max_length=100, blank=True, help_text="245 $h と300にあることば。「、」で区切ったどれか一つ。"
    )
    material_type = models.ForeignKey(MaterialType, models.CASCADE, related_name="+", verbose_name="資料種別")

    class Meta:
        verbose_name = verbose_name_plural = "資料種別の決め方（MARC）"
        ordering = ("position", "id")

    def __str__(self) -> str:
        return f"{self.position} {self.material_type}"

    def applies_to(self, signs: RecordSigns) -> bool:
        """Tell whether every field that is filled in applies; a ``.`` in ``physical`` stands for any letter."""
        begins = re.compile(re.escape(self.physical).replace(r"\.", "."), re.DOTALL)
        return (
            (not self.record_types or (signs.record_type in self.record_types and signs.record_type != ""))
            and (not self.levels or (signs.level in self.levels and signs.level != ""))
            and (not self.physical or any(map(begins.match, signs.physical)))
            and (not self.words or any(word in signs.words for word in self.words.split("、")))
        )


class HoldingsRule(models.Model):
    """In which field a vendor writes the copies, and which subfield holds what."""

    tag = models.CharField("項目", max_length=3, default="852", validators=[RegexValidator(r"^[0-9]{3}$")])
    barcode = models.CharField("資料番号", max_length=4, default="p", validators=[LETTERS])
    library = models.CharField("館", max_length=4, default="b", blank=True, validators=[LETTERS])
    location = models.CharField("配架場所", max_length=4, default="c", blank=True, validators=[LETTERS])
    call_number = models.CharField(
        "請求記号", max_length=8, default="khim", blank=True, validators=[LETTERS], help_text="この順につなぎます。"
    )
    joined_with = models.CharField("請求記号のつなぎ", max_length=3, default="/", blank=True)
    default_library = models.ForeignKey(
        Library, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="館が書かれていないとき"
    )

    class Meta:
        verbose_name = verbose_name_plural = "所蔵の読み方（MARC）"
        ordering = ("tag", "id")

    def __str__(self) -> str:
        return self.tag


class LibraryCode(models.Model):
    """A code by which a vendor's records name one of our libraries."""

    code = models.CharField("記録にある記号", max_length=60, unique=True)
    library = models.ForeignKey(Library, models.CASCADE, related_name="marc_codes", verbose_name="館")

    class Meta:
        verbose_name = verbose_name_plural = "館の記号（MARC）"
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} → {self.library}"
