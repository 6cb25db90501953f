"""「読書チャレンジ」: a goal that a patron set, for a time (SPEC M10). Progress is counted, never stored."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

LONGEST_NAME = 60
MOST_GOAL = 1_000_000


class Challenge(models.Model):
    """A goal in books or pages, from ``first`` to ``last``, both days included (Asia/Tokyo)."""

    class Unit(models.TextChoices):
        """What is counted."""

        BOOKS = "books", _("冊数")
        PAGES = "pages", _("ページ数")

    patron = models.ForeignKey("patrons.Patron", models.CASCADE, related_name="challenges", verbose_name="利用者")
    name = models.CharField("チャレンジの名前", max_length=LONGEST_NAME)
    unit = models.CharField("数えるもの", max_length=10, choices=Unit.choices, default=Unit.BOOKS)
    goal = models.PositiveIntegerField("目標")
    first = models.DateField("始まりの日")
    last = models.DateField("終わりの日")
    created_at = models.DateTimeField("作成")

    class Meta:
        verbose_name = verbose_name_plural = "読書チャレンジ"
        ordering = ("-last", "-id")
        constraints = (
            models.UniqueConstraint(fields=("patron", "name", "first", "last"), name="a_patron_sets_a_challenge_once"),
            models.CheckConstraint(condition=~Q(name=""), name="a_challenge_has_a_name"),
            models.CheckConstraint(condition=Q(unit__in=("books", "pages")), name="challenge_unit_is_known"),
            models.CheckConstraint(condition=Q(goal__gte=1, goal__lte=MOST_GOAL), name="a_challenge_has_a_goal"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="a_challenge_ends_after_it_begins"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("patrons:challenge", args=(self.pk,))

    def over(self, on: date) -> bool:
        return self.last < on

    def ahead(self, on: date) -> bool:
        return on < self.first
