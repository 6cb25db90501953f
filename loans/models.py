"""A loan: which copy is out, until when, and to whom until it comes back (promises 1, 7 and 10).

ContactAttempt is what the counter noted when it told somebody that a reservation is ready (SPEC D5).
"""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from catalog.models import Item, Library, MaterialType
from patrons.models import ContactMethod, Patron
from reservations.models import Reservation, State

# How staff's telling went: what a contact method ends with, and what leaves the reservation on the list.
CONTACT_RESULTS = ContactMethod.ends() | {"no_answer": "出なかった", "wrong_number": "番号が違う"}


class LoanQuerySet(models.QuerySet["Loan"]):
    def open(self) -> "LoanQuerySet":
        """Narrow to loans whose copy has not come back."""
        return self.filter(returned_at=None)

    def of(self, patron: Patron) -> "LoanQuerySet":
        return self.open().filter(patron=patron)

    def with_awaited(self) -> "LoanQuerySet":
        """Add ``awaited``: whether somebody else's reservation of the title waits, sleeping ones included.

        Pausing ones and later volumes count too (decision 21).
        """
        waiting = Reservation.objects.filter(title=OuterRef("item__title"), state=State.WAITING)
        return self.annotate(awaited=Exists(waiting.exclude(patron=OuterRef("patron"))))

    def for_my_page(self, patron: Patron) -> "LoanQuerySet":
        """Return the patron's loans with what their page shows, the earliest due first."""
        return self.of(patron).with_awaited().select_related("item__title__material_type", "material_type", "library")


class Loan(models.Model):
    """One copy with one patron; ``patron`` is emptied on return in the same transaction.

    What stays for statistics is the age band, the library, the class and the day. ``audiovisual`` repeats what the
    material type says, kept true by a composite foreign key.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="loans", verbose_name="資料")
    patron = models.ForeignKey(
        Patron, models.PROTECT, null=True, blank=True, related_name="loans", verbose_name="利用者"
    )
    library = models.ForeignKey(Library, models.PROTECT, related_name="loans", verbose_name="貸出館")
    material_type = models.ForeignKey(MaterialType, models.PROTECT, related_name="+", verbose_name="資料種別")
    audiovisual = models.BooleanField("視聴覚資料")
    age_band = models.CharField("年齢層", max_length=10, blank=True)
    checked_out_at = models.DateTimeField("貸出日時")
    due_on = models.DateField("貸出期限")
    extended_at = models.DateTimeField("延長日時", null=True, blank=True)
    returned_at = models.DateTimeField("返却日時", null=True, blank=True)
    return_library = models.ForeignKey(
        Library, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="返却館"
    )

    override_reason = models.CharField(
        "予約があっても貸した理由", max_length=200, blank=True, help_text="職員が書きます。利用者のことは書きません。"
    )

    awaited: bool  # added by ``with_awaited``

    objects = LoanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "貸出"
        ordering = ("due_on", "id")
        permissions = (("work_at_the_desk", "カウンターで働く"),)
        constraints = (
            models.UniqueConstraint(fields=("item",), condition=Q(returned_at=None), name="one_open_loan_per_item"),
            models.CheckConstraint(
                condition=Q(returned_at=None, patron__isnull=False) | Q(returned_at__isnull=False, patron=None),
                name="a_returned_loan_forgets_its_patron",
            ),
            models.CheckConstraint(
                condition=Q(returned_at=None, return_library=None)
                | Q(returned_at__isnull=False, return_library__isnull=False),
                name="returned_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(extended_at=None) | Q(audiovisual=False), name="audiovisual_loans_are_never_extended"
            ),
        )
        indexes = (
            models.Index(fields=("patron", "due_on"), condition=Q(returned_at=None), name="loan_open_of_patron"),
            models.Index(fields=("due_on",), condition=Q(returned_at=None), name="loan_open_by_due_day"),
        )

    def __str__(self) -> str:
        return f"貸出 {self.pk}"


class ContactAttempt(models.Model):
    """One call, ring or FAX about a ready reservation, and how it went; deleted with the reservation."""

    reservation = models.ForeignKey(Reservation, models.CASCADE, related_name="contact_attempts", verbose_name="予約")
    at = models.DateTimeField("日時")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="操作者"
    )
    result = models.CharField("結果", max_length=20, choices=CONTACT_RESULTS)

    class Meta:
        verbose_name = verbose_name_plural = "連絡の記録"
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(condition=Q(result__in=tuple(CONTACT_RESULTS)), name="contact_result_is_known"),
        )

    def __str__(self) -> str:
        return f"連絡 {self.pk}"
