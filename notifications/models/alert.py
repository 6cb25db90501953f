"""「新着資料お知らせメール」: what a patron wants to hear of, and what has been announced already (SPEC M8)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import Library, MaterialType, Title
from catalog.search.query import LONGEST, Query
from patrons.models import Patron

MOST = 20  # conditions of one patron


class Alert(models.Model):
    """One saved condition; everything that is given must fit a new title."""

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="alerts", verbose_name="利用者")
    keyword = models.CharField("キーワード", max_length=LONGEST, blank=True)
    author = models.CharField("著者", max_length=LONGEST, blank=True)
    ndc = models.CharField("分類", max_length=10, blank=True)
    material_type = models.ForeignKey(
        MaterialType, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="資料種別"
    )
    library = models.ForeignKey(Library, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="所蔵館")
    active = models.BooleanField("お知らせする", default=True)
    created_at = models.DateTimeField("登録")

    class Meta:
        verbose_name = verbose_name_plural = "新着資料お知らせメールの条件"
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(keyword="", author="", ndc="", material_type=None, library=None),
                name="an_alert_has_a_condition",
            ),
            models.UniqueConstraint(
                fields=("patron", "keyword", "author", "ndc", "material_type", "library"),
                nulls_distinct=False,
                name="a_patron_has_a_condition_once",
            ),
            models.CheckConstraint(
                condition=Q(ndc="") | Q(ndc__regex=r"^[0-9]{1,3}(\.[0-9]{1,6})?$"), name="alert_ndc_is_a_class"
            ),
        )
        indexes = (models.Index(fields=("patron",), condition=Q(active=True), name="alert_active"),)

    def __str__(self) -> str:
        return f"条件 {self.pk}"

    @property
    def words(self) -> list[str]:
        """Return the condition in words, part by part."""
        parts = (
            (_("キーワード"), self.keyword),
            (_("著者"), self.author),
            (_("分類"), self.ndc),
            (_("資料種別"), self.material_type.label if self.material_type else ""),
            (_("所蔵館"), self.library.short_name if self.library else ""),
        )
        return [_("%(name)s：%(value)s") % {"name": name, "value": value} for name, value in parts if value]

    @property
    def query(self) -> Query:
        """Return the search that finds what this condition fits, the newest first."""
        filters = {
            "ndc": self.ndc,
            "type": self.material_type.code if self.material_type else "",
            "library": self.library.code if self.library else "",
        }
        return Query(
            rows=Query.of(self.keyword).rows + Query.of(self.author, "creator").rows,
            filters={name: (value,) for name, value in filters.items() if value},
            sort="newest",
        )

    @property
    def search_path(self) -> str:
        """Return the address of that search, without the site."""
        return reverse("catalog:search") + self.query.address()


class AnnouncementDay(models.Model):
    """A day on which new titles were looked through; a week has one."""

    day = models.DateField("日", unique=True)
    titles = models.PositiveIntegerField("新着資料", default=0)
    digests = models.PositiveIntegerField("お知らせ", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "新着資料の配信"
        ordering = ("-day",)

    def __str__(self) -> str:
        return f"{self.day}"


class Announced(models.Model):
    """A title that has been looked through, as new anywhere or to one library. Names no patron."""

    title = models.ForeignKey(Title, models.CASCADE, related_name="+", verbose_name="書誌")
    library = models.ForeignKey(
        Library,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="所蔵館",
        help_text="空欄は、どの館でも。",
    )
    day = models.DateField("日", db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "配信した資料"
        constraints = (
            models.UniqueConstraint(
                fields=("title", "library"), nulls_distinct=False, name="a_title_is_looked_through_once_a_library"
            ),
        )

    def __str__(self) -> str:
        return f"{self.title_id}"
