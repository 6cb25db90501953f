"""The catalogue: a bibliographic record (Title) and its series; the copies of it are in ``item``."""

from collections.abc import Sequence
from itertools import zip_longest

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.derived import DERIVED, MARKS
from catalog.fields import DerivedTextField
from catalog.japanese.sort_keys import sort_key
from catalog.japanese.volumes import UNNUMBERED
from catalog.models.item import Item
from catalog.models.library import Library
from catalog.models.policy import MaterialType

# ISO 639-2 → BCP 47, for the languages that are searched for
LANGUAGE_TAGS = {"jpn": "ja", "eng": "en", "chi": "zh", "kor": "ko", "vie": "vi", "fre": "fr", "ger": "de", "spa": "es"}
LANGUAGE_TAGS |= {"por": "pt", "ita": "it", "rus": "ru", "tgl": "tl", "nep": "ne", "ind": "id", "tha": "th"}


class Series(models.Model):
    """What volumes or issues belong to: a novel in three volumes, a series, a magazine."""

    name = models.CharField("名称", max_length=200)
    reading = models.CharField("ヨミ", max_length=300, blank=True)

    name_key = DerivedTextField(compute="name_sort_key", db_collation="C", db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "シリーズ・雑誌"
        ordering = ("name_key", "id")
        constraints = (models.UniqueConstraint(fields=("name", "reading"), name="one_series_per_name_and_reading"),)

    def __str__(self) -> str:
        return self.name

    def name_sort_key(self) -> str:
        return sort_key(self.reading or self.name)


class TitleQuerySet(models.QuerySet["Title"]):
    def with_waiting(self) -> "TitleQuerySet":
        """Add ``waiting``: how many reservations stand in the queue, sleeping ones included."""
        return self.annotate(waiting=Count("reservations", filter=Q(reservations__state="waiting")))

    def with_copies(self) -> "TitleQuerySet":
        """Add ``copies`` (not withdrawn) and ``available`` (on the shelf and free to lend)."""
        held = Item.objects.not_withdrawn().filter(title=OuterRef("pk"))
        free = held.filter(status=Item.Status.AVAILABLE, lendable=True)
        return self.annotate(copies=_count(held), available=_count(free))

    def with_isbn(self, number: str) -> "TitleQuerySet":
        """Narrow to titles known by this ISBN (thirteen digits), or else to those that have it among others."""
        if not number:
            return self.none()
        own = self.filter(isbn=number)
        return own if own.exists() else self.filter(folded__contains=f"\n{MARKS['isbn']}{number}\n")

    def as_listed(self, ids: Sequence[int]) -> "list[Title]":
        """Return these titles in the order given, with all that a list of results shows, in two queries.

        Every title has ``copies_listed``: those that are not withdrawn, with their home library.
        """
        copies = Item.objects.not_withdrawn().select_related("home_library").order_by("home_library__position", "id")
        titles = self.filter(pk__in=ids).select_related("material_type", "series").with_waiting()
        # The plugin of mypy takes the annotation below for a field that the prefetch would hide.
        listed = titles.prefetch_related(Prefetch("items", copies, to_attr="copies_listed"))  # type: ignore[no-redef]
        by_id = {title.pk: title for title in listed}
        return [by_id[pk] for pk in ids if pk in by_id]


def _count(items: models.QuerySet) -> Coalesce:
    return Coalesce(Subquery(items.order_by().values("title").annotate(n=Count("*")).values("n")), 0)


class Title(models.Model):
    """A bibliographic record (書誌); an issue of a magazine is one too.

    Names are joined with ``"; "`` in ``creator``, ``creator_reading``, ``other_titles`` and ``subjects``, and numbers
    in ``other_isbns`` (of the set, of the other binding); readings are katakana with spaces between words.
    ``last_queue_number`` is the counter reservations draw from under this row's lock.
    """

    material_type = models.ForeignKey(MaterialType, models.PROTECT, related_name="titles", verbose_name="資料種別")
    control_number = models.CharField("書誌番号", max_length=60, unique=True, null=True, blank=True)
    title = models.CharField("書名", max_length=500)
    title_reading = models.CharField("書名ヨミ", max_length=800, blank=True)
    subtitle = models.CharField("副書名", max_length=500, blank=True)
    other_titles = models.TextField(
        "別書名", blank=True, help_text="「; 」で区切ります。ローマ字の書名もここに書きます。"
    )
    volume = models.CharField("巻次", max_length=60, blank=True)
    volume_order = models.PositiveIntegerField(
        "巻の順", null=True, blank=True, help_text="空欄なら、巻次またはシリーズの中の番号の順に並びます。"
    )
    series = models.ForeignKey(
        Series, models.SET_NULL, null=True, blank=True, related_name="titles", verbose_name="シリーズ・雑誌"
    )
    series_volume = models.CharField(
        "シリーズの中の番号", max_length=60, blank=True, default="", db_default="", help_text="例：新赤版1280、あ-22-2"
    )
    creator = models.CharField("著者", max_length=500, blank=True)
    creator_reading = models.CharField("著者ヨミ", max_length=800, blank=True)
    publisher = models.CharField("出版者", max_length=200, blank=True)
    year = models.PositiveSmallIntegerField("出版年", null=True, blank=True)
    isbn = models.CharField("ISBN", max_length=13, blank=True, db_index=True, help_text="13桁、ハイフンなし。")
    other_isbns = models.TextField(
        "ほかの ISBN", blank=True, help_text="セットや装丁違いのもの。13桁、ハイフンなし、「; 」で区切ります。"
    )
    ndc = models.CharField("分類", max_length=20, blank=True, db_index=True)
    language = models.CharField("言語", max_length=3, default="jpn")
    subjects = models.TextField("件名", blank=True)
    added_on = models.DateField("受入日", db_index=True)
    changed_at = models.DateTimeField("更新日時", db_default=Now(), editable=False, db_index=True)  # a trigger keeps it
    last_queue_number = models.PositiveIntegerField("最後の受付順", default=0, editable=False)

    folded = DerivedTextField(compute="fold_text")
    title_key = DerivedTextField(compute="title_sort_key", db_collation="C", db_index=True)
    creator_key = DerivedTextField(compute="creator_sort_key", db_collation="C", db_index=True)
    volume_key = DerivedTextField(compute="volume_sort_key", db_collation="C", db_default=UNNUMBERED)

    objects = TitleQuerySet.as_manager()

    # What the methods of the query set add to a row.
    waiting: int
    copies_listed: "list[Item]"

    class Meta:
        verbose_name = verbose_name_plural = "書誌"
        ordering = ("title_key", "volume_key", "id")
        constraints = (
            # Lets a reservation refer to (title, material type), so that its limits follow the record.
            models.UniqueConstraint(fields=("id", "material_type"), name="title_and_its_material_type"),
            models.CheckConstraint(
                condition=Q(isbn="") | Q(isbn__regex=r"^97[89][0-9]{10}$"),
                name="isbn_is_thirteen_digits",
                violation_error_message="ISBNは978か979で始まる13桁の数字です。ハイフンなしで入れてください。",
            ),
            models.CheckConstraint(
                condition=Q(other_isbns="") | Q(other_isbns__regex=r"^97[89][0-9]{10}(; 97[89][0-9]{10})*$"),
                name="other_isbns_are_thirteen_digits",
                violation_error_message="ほかのISBNは13桁の数字です。ハイフンなしで入れ、「; 」で区切ってください。",
            ),
        )
        indexes = (
            GinIndex(fields=("folded",), opclasses=("gin_trgm_ops",), name="title_folded_trigrams"),
            models.Index(fields=("series", "volume_key"), name="title_series_by_volume"),
        )

    def __str__(self) -> str:
        return f"{self.title} {self.volume}".rstrip()

    def get_absolute_url(self) -> str:
        return reverse("catalog:title", args=(self.pk,))

    @property
    def language_tag(self) -> str:
        """Return the language as browsers name it (BCP 47), "" where the record's code says none of them."""
        return LANGUAGE_TAGS.get(self.language, "")

    @property
    def creators(self) -> list[str]:
        """Return the names, one by one, as the record lists them."""
        return [name for name in self.creator.split("; ") if name]

    @property
    def creators_with_readings(self) -> list[tuple[str, str]]:
        """Return each name with its reading, "" where the record has none."""
        return [*zip_longest(self.creators, self.creator_reading.split("; "), fillvalue="")]

    @property
    def available_at(self) -> "list[Library]":
        """Return the libraries where a copy stands free on the shelf; for a title ``as_listed``."""
        free = (copy for copy in self.copies_listed if copy.status == Item.Status.AVAILABLE and copy.lendable)
        return list(dict.fromkeys(copy.home_library for copy in free))

    @property
    def imprint(self) -> str:
        """Return publisher and year as a list shows them."""
        return "・".join(filter(None, (self.publisher, _("%(year)s年") % {"year": self.year} if self.year else "")))

    @property
    def other_title_list(self) -> list[str]:
        return [name for name in self.other_titles.split("; ") if name]

    @property
    def isbns(self) -> list[str]:
        """Return all its ISBN, the one it is known by first."""
        return [number for number in (self.isbn, *self.other_isbns.split("; ")) if number]

    @property
    def subject_list(self) -> list[str]:
        return [subject for subject in self.subjects.split("; ") if subject]

    def volumes_before(self) -> "TitleQuerySet":
        """Return the volumes of the series before this one, the nearest first; empty without a series."""
        here = Q(title_key__lt=self.title_key) | Q(title_key=self.title_key, pk__lt=self.pk)
        earlier = Q(volume_key__lt=self.volume_key) | Q(volume_key=self.volume_key) & here
        return self._series().filter(earlier).order_by("-volume_key", "-title_key", "-id")

    def volumes_after(self) -> "TitleQuerySet":
        """Return the volumes of the series after this one in order; those without a number stand last."""
        here = Q(title_key__gt=self.title_key) | Q(title_key=self.title_key, pk__gt=self.pk)
        later = Q(volume_key__gt=self.volume_key) | Q(volume_key=self.volume_key) & here
        return self._series().filter(later).order_by("volume_key", "title_key", "id")

    def volumes_around(self, most: int) -> "tuple[list[Title], bool]":
        """Return the volumes next to this one, in order and as even as can be, and whether there are more."""
        before, after = (list(side[: most + 1]) for side in (self.volumes_before(), self.volumes_after()))
        shown_before = before[: max(most // 2, most - len(after))]
        shown = [*reversed(shown_before), *after[: most - len(shown_before)]]
        return shown, len(before) + len(after) > len(shown)

    def _series(self) -> "TitleQuerySet":
        series = Title.objects.select_related("material_type").filter(series=self.series_id)
        return series if self.series_id else series.none()

    @property
    def series_name(self) -> str:
        return self.series.name if self.series else ""

    @property
    def series_reading(self) -> str:
        return self.series.reading if self.series else ""

    def derive(self) -> bool:
        """Set the columns that follow from the others, writing nothing; tell whether they were others before."""
        stale = {name: value for name, follow in DERIVED.items() if (value := follow(self)) != getattr(self, name)}
        for name, value in stale.items():
            setattr(self, name, value)
        return bool(stale)

    def fold_text(self) -> str:
        return DERIVED["folded"](self)

    def title_sort_key(self) -> str:
        return DERIVED["title_key"](self)

    def creator_sort_key(self) -> str:
        return DERIVED["creator_key"](self)

    def volume_sort_key(self) -> str:
        return DERIVED["volume_key"](self)
