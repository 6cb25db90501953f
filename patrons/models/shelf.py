"""「My 本棚」: a patron's named shelves and what stands on them, in the patron's own order (SPEC M9)."""

from django.db import models
from django.db.models import Deferrable, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from patrons.models.patron import Patron

LONGEST_NAME = 40
MOST_PAGES = 20_000


class Mark(models.TextChoices):
    """How far a patron is with a title, in the patron's words."""

    WANT = "want", _("読みたい")
    READING = "reading", _("読んでいる")
    READ = "read", _("読んだ")


class Shelf(models.Model):
    """One shelf of a patron, known to nobody else."""

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="shelves", verbose_name="利用者")
    name = models.CharField("本棚の名前", max_length=LONGEST_NAME)
    created_at = models.DateTimeField("作成")

    class Meta:
        verbose_name = verbose_name_plural = "My 本棚"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("patron", "name"), name="a_patron_has_a_shelf_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="a_shelf_has_a_name"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("patrons:shelf", args=(self.pk,))


class ShelfEntryQuerySet(models.QuerySet["ShelfEntry"]):
    def standing(self) -> "ShelfEntryQuerySet":
        """Narrow to what stands on a shelf; the rest was taken out a moment ago and can still be put back."""
        return self.filter(removed_at=None)

    def of(self, patron: Patron) -> "ShelfEntryQuerySet":
        return self.filter(shelf__patron=patron)


class ShelfEntry(models.Model):
    """A title on a shelf, with what the patron says of it.

    ``name`` and ``creator`` are kept beside the title, so that the entry still says what it was when the library has
    given the title up (``title`` is then empty), and so that a book the library never had can stand here, too.
    ``read_on`` is the day in Asia/Tokyo, empty when the patron no longer knows it. ``removed_at`` keeps the place of
    an entry that was taken out, until it can no longer be put back.
    """

    shelf = models.ForeignKey(Shelf, models.CASCADE, related_name="entries", verbose_name="本棚")
    title = models.ForeignKey(
        "catalog.Title", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="書誌"
    )
    name = models.CharField("書名", max_length=600)
    creator = models.CharField("著者", max_length=500, blank=True)
    position = models.PositiveIntegerField("順番")
    mark = models.CharField("しるし", max_length=10, choices=Mark.choices, default=Mark.WANT)
    read_on = models.DateField("読んだ日", null=True, blank=True)
    pages = models.PositiveIntegerField("ページ数", null=True, blank=True)
    note = models.TextField("メモ", max_length=1000, blank=True)
    added_at = models.DateTimeField("追加日時")
    removed_at = models.DateTimeField("取り出し日時", null=True, blank=True, editable=False)

    objects = ShelfEntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "本棚の資料"
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(
                fields=("shelf", "title"), condition=Q(removed_at=None), name="a_title_is_once_on_a_shelf"
            ),
            models.UniqueConstraint(
                fields=("shelf", "position"), deferrable=Deferrable.DEFERRED, name="one_entry_per_place_on_a_shelf"
            ),
            models.CheckConstraint(condition=Q(mark__in=Mark.values), name="shelf_mark_is_known"),
            models.CheckConstraint(
                condition=Q(read_on=None) | Q(mark=Mark.READ), name="only_what_was_read_has_a_reading_day"
            ),
            models.CheckConstraint(
                condition=Q(pages=None) | Q(pages__gte=1, pages__lte=MOST_PAGES), name="shelf_pages_are_believable"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_shelf_entry_says_what_it_is"),
        )
        indexes = (
            models.Index(fields=("shelf", "read_on"), condition=~Q(read_on=None), name="shelf_entry_read"),
            models.Index(fields=("removed_at",), condition=~Q(removed_at=None), name="shelf_entry_removed"),
        )

    def __str__(self) -> str:
        return str(self.title) if self.title_id else self.name

    @property
    def by(self) -> str:
        """Return who made it, as lists show it."""
        return (self.title.creator if self.title else self.creator).replace("; ", "、")
