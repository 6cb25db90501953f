"""Who borrows: card, name, birthday, contact."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patrons.models.contact_method import ContactMethod


class TextSize(models.TextChoices):
    """How large the letters of the pages are for a patron."""

    STANDARD = "standard", _("標準")
    LARGE = "large", _("大")
    LARGEST = "largest", _("特大")


class PatronQuerySet(models.QuerySet["Patron"]):
    def with_card(self, card_number: str) -> "PatronQuerySet":
        return self.filter(card_number=card_number)


class Patron(models.Model):
    """A registered patron (利用者) and what was agreed at the counter: card, name, birthday, contact."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="patron", verbose_name="ログイン"
    )
    card_number = models.CharField(_("利用者カードの番号"), max_length=20, unique=True)
    name = models.CharField(_("氏名"), max_length=80)
    name_reading = models.CharField(_("フリガナ"), max_length=120, blank=True)
    birth_date = models.DateField(_("生年月日"))
    telephone = models.CharField(_("電話番号"), max_length=30, blank=True)
    fax = models.CharField(_("FAX番号"), max_length=30, blank=True)
    postal_code = models.CharField(_("郵便番号"), max_length=8, blank=True)
    address = models.CharField(_("住所"), max_length=200, blank=True)
    email = models.EmailField(_("メールアドレス"), blank=True, help_text="確認が済んだアドレスだけが入ります。")
    email_failing_since = models.DateTimeField(_("メールが届かない"), null=True, blank=True)
    pickup_library = models.ForeignKey(
        "catalog.Library",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="patrons",
        verbose_name=_("いつもの受取館"),
    )
    contact_method = models.CharField(
        _("いつもの連絡方法"), max_length=20, choices=ContactMethod.choices, default=ContactMethod.NONE
    )
    language = models.CharField(_("ことば"), max_length=10, blank=True, help_text="空欄は、ページのことばのまま。")
    text_size = models.CharField(_("文字の大きさ"), max_length=10, choices=TextSize.choices, default=TextSize.STANDARD)
    wide_spacing = models.BooleanField(_("文字と行の間を広くする"), default=False)
    furigana = models.BooleanField(_("ふりがなをつける"), default=False)
    own_password_set_at = models.DateTimeField(_("パスワードの設定"), null=True, blank=True, editable=False)
    put_back_on = models.DateField(_("初期パスワードに戻した日"), null=True, blank=True, editable=False)
    asked_about_log_on = models.DateField(_("読書の記録についての回答"), null=True, blank=True, editable=False)
    registered_on = models.DateField(_("登録日"))

    objects = PatronQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "利用者"
        ordering = ("card_number",)
        constraints = (
            models.CheckConstraint(condition=Q(card_number__regex=r"^[0-9]{4,20}$"), name="card_number_is_digits"),
            models.CheckConstraint(
                condition=Q(contact_method__in=ContactMethod.values), name="patron_contact_is_known"
            ),
            models.CheckConstraint(condition=Q(text_size__in=TextSize.values), name="patron_text_size_is_known"),
        )

    def __str__(self) -> str:
        return self.card_number

    @property
    def initial_password(self) -> str:
        """Return the last four digits of the card and the birthday as MMDD (SPEC P1); computed, never stored."""
        return f"{self.card_number[-4:]}{self.birth_date:%m%d}"

    def initial_password_works(self, days: int | None, *, on: date) -> bool:
        """Tell whether the initial password may still be used: on a terminal without end, at home for some days.

        The days count from the registration, or from when staff put it back.
        """
        if self.own_password_set_at:
            return False
        return days is None or on <= (self.put_back_on or self.registered_on) + timedelta(days=days)

    def age(self, on: date) -> int:
        """Return the age in whole years on a day."""
        born = self.birth_date
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))

    def reachable_by(self, method: str) -> bool:
        """Tell whether what the method needs is registered: an address, a telephone or a FAX number (SPEC R2)."""
        needs = ContactMethod(method).facts.needs
        return not needs or bool(getattr(self, needs))

    def number_for(self, method: str) -> str:
        """Return the number at which staff tell by a method, the telephone's where a mail could not be delivered."""
        facts = ContactMethod(method).facts
        return getattr(self, facts.needs if facts.ends_with else "telephone")
