"""One copy of a title (Item): where it belongs, where it is, what may be done with it.

``catalog.copies`` alone changes ``status``, ``library``, ``destination`` and drops ``hold_number``.
"""

import re

from django.db import models
from django.db.models import OuterRef, Q
from django.utils.translation import gettext_lazy as _

from catalog.fields import DerivedTextField
from catalog.japanese.sort_keys import sort_key
from catalog.models.library import Library

SERVABLE = Q(lendable=True) & ~Q(status__in=("withdrawn", "missing"))
"""Which copies can serve a reservation, now or when they are back: not 禁帯出, not 除籍, not 調査中."""
WHOLE_NUMBER = re.compile(r"(?<![.0-9])[0-9]+")


class ItemQuerySet(models.QuerySet["Item"]):
    def not_withdrawn(self) -> "ItemQuerySet":
        return self.exclude(status=Item.Status.WITHDRAWN)

    def servable(self) -> "ItemQuerySet":
        """Narrow to copies that can serve a reservation, now or when they are back."""
        return self.filter(SERVABLE)

    def for_title_page(self) -> "ItemQuerySet":
        return self.not_withdrawn().select_related("home_library", "library", "destination")


class Item(models.Model):
    """One copy (所蔵), known by the barcode on it (資料番号)."""

    class Status(models.TextChoices):
        """Where the copy is; the words patrons and staff read."""

        AVAILABLE = "available", _("在庫")
        ON_LOAN = "on_loan", _("貸出中")
        IN_TRANSIT = "in_transit", _("配送中")
        ON_HOLD_SHELF = "on_hold_shelf", _("取置")
        IN_PROCESSING = "in_processing", _("整理中")
        MISSING = "missing", _("調査中")
        WITHDRAWN = "withdrawn", _("除籍")

    title = models.ForeignKey("catalog.Title", models.PROTECT, related_name="items", verbose_name="書誌")
    barcode = models.CharField("資料番号", max_length=30, unique=True)
    home_library = models.ForeignKey(Library, models.PROTECT, related_name="home_items", verbose_name="所蔵館")
    library = models.ForeignKey(
        Library, models.PROTECT, related_name="items_here", verbose_name="現在の館", help_text="配送中は送り出した館。"
    )
    destination = models.ForeignKey(
        Library,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="items_coming",
        verbose_name="配送先",
        help_text="配送中だけ。",
    )
    location = models.CharField("配架場所", max_length=60, blank=True)
    call_number = models.CharField("請求記号", max_length=60, blank=True)
    status = models.CharField("状態", max_length=20, choices=Status.choices, default=Status.AVAILABLE)
    hold_number = models.PositiveSmallIntegerField(
        "取置番号", null=True, blank=True, editable=False, help_text="取置の棚での番号。名前の代わりに伝票に書きます。"
    )
    lendable = models.BooleanField("貸出できる", default=True, help_text="外すと禁帯出です。")
    interlibrary = models.BooleanField("他館からの借用資料", default=False, help_text="延長できません。")
    acquired_on = models.DateField("受入日")

    call_number_key = DerivedTextField(compute="call_number_sort_key", db_collation="C")

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "所蔵"
        ordering = ("home_library", "call_number_key", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(status="in_transit", destination__isnull=False)
                | (~Q(status="in_transit") & Q(destination=None)),
                name="in_transit_means_a_destination",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=(
                        "available",
                        "on_loan",
                        "in_transit",
                        "on_hold_shelf",
                        "in_processing",
                        "missing",
                        "withdrawn",
                    )
                ),
                name="item_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(hold_number=None) | Q(status="on_hold_shelf"), name="a_hold_number_means_the_hold_shelf"
            ),
            models.CheckConstraint(condition=Q(barcode__regex=r"^[0-9A-Z]+$"), name="barcode_is_digits_and_capitals"),
            models.UniqueConstraint(
                fields=("library", "hold_number"),
                condition=Q(status="on_hold_shelf"),
                name="one_copy_per_number_on_the_hold_shelf",
            ),
        )
        indexes = (
            models.Index(fields=("library", "status", "call_number_key"), name="item_shelf_order"),
            models.Index(fields=("acquired_on",), name="item_acquired"),
        )

    def __str__(self) -> str:
        return self.barcode

    def call_number_sort_key(self) -> str:
        """Pad whole numbers so that text order is shelf order: 91/ア, 913.36/ム, 913.6/ム, 1013/ア.

        Digits behind a point stay as they are, since a class number is a decimal fraction.
        """
        return sort_key(WHOLE_NUMBER.sub(lambda digits: digits[0].zfill(6), self.call_number))


def servable_copies() -> ItemQuerySet:
    """Return, for an outer row with a ``title``, the copies that can serve it, now or when they are back."""
    return Item.objects.servable().filter(title=OuterRef("title"))
