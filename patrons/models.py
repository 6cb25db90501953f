"""Who logs in (User) and who borrows (Patron); an account mail that is to be sent (MailRequest)."""

from datetime import date

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q

from catalog.models import Library


class ContactMethod(models.TextChoices):
    """How the library tells that a reservation is ready (連絡方法, SPEC R2), in the guide's words."""

    EMAIL = "email", "eメール"
    TELEPHONE = "telephone", "電話"
    MISSED_CALL = "missed_call", "着信履歴"
    FAX = "fax", "FAX"
    NONE = "none", "不要"


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields) -> "User":
        """Create a login; without a password none works until one is set."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields) -> "User":
        return self.create_user(username, password, **fields | {"is_staff": True, "is_superuser": True})


class User(AbstractBaseUser, PermissionsMixin):
    """A login: of a patron (``username`` is the card number) or of a member of staff (at least one letter)."""

    username = models.CharField("ログイン名", max_length=40, unique=True)
    name = models.CharField("氏名", max_length=80, blank=True)
    library = models.ForeignKey(
        Library, models.PROTECT, null=True, blank=True, related_name="staff", verbose_name="勤務館"
    )
    is_staff = models.BooleanField("職員", default=False)
    is_active = models.BooleanField("有効", default=True)
    date_joined = models.DateTimeField("登録日時", auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ("name",)

    class Meta:
        verbose_name = verbose_name_plural = "ログイン"
        constraints = (
            models.CheckConstraint(
                condition=Q(is_staff=False) | ~Q(username__regex=r"^[0-9]+$"), name="staff_name_is_not_a_card_number"
            ),
        )

    def __str__(self) -> str:
        return self.username


class PatronQuerySet(models.QuerySet["Patron"]):
    def with_card(self, card_number: str) -> "PatronQuerySet":
        return self.filter(card_number=card_number)


class Patron(models.Model):
    """A registered patron (利用者) and what was agreed at the counter: card, name, birthday, contact."""

    user = models.OneToOneField(User, models.PROTECT, related_name="patron", verbose_name="ログイン")
    card_number = models.CharField("利用者カードの番号", max_length=20, unique=True)
    name = models.CharField("氏名", max_length=80)
    name_reading = models.CharField("フリガナ", max_length=120, blank=True)
    birth_date = models.DateField("生年月日")
    telephone = models.CharField("電話番号", max_length=30, blank=True)
    fax = models.CharField("FAX番号", max_length=30, blank=True)
    postal_code = models.CharField("郵便番号", max_length=8, blank=True)
    address = models.CharField("住所", max_length=200, blank=True)
    email = models.EmailField("メールアドレス", blank=True, help_text="確認が済んだアドレスだけが入ります。")
    email_failing_since = models.DateTimeField("メールが届かない", null=True, blank=True)
    pickup_library = models.ForeignKey(
        Library, models.SET_NULL, null=True, blank=True, related_name="patrons", verbose_name="いつもの受取館"
    )
    contact_method = models.CharField(
        "いつもの連絡方法", max_length=20, choices=ContactMethod.choices, default=ContactMethod.NONE
    )
    language = models.CharField("ことば", max_length=10, default="ja")
    own_password_set_at = models.DateTimeField("パスワードの設定", null=True, blank=True, editable=False)
    registered_on = models.DateField("登録日")

    objects = PatronQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "利用者"
        ordering = ("card_number",)
        constraints = (
            models.CheckConstraint(condition=Q(card_number__regex=r"^[0-9]{4,20}$"), name="card_number_is_digits"),
            models.CheckConstraint(
                condition=Q(contact_method__in=ContactMethod.values), name="patron_contact_is_known"
            ),
        )

    def __str__(self) -> str:
        return self.card_number

    @property
    def initial_password(self) -> str:
        """Return the last four digits of the card and the birthday as MMDD (SPEC P1); computed, never stored."""
        return f"{self.card_number[-4:]}{self.birth_date:%m%d}"

    def age(self, on: date) -> int:
        """Return the age in whole years on a day."""
        born = self.birth_date
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))

    def reachable_by(self, method: str) -> bool:
        """Tell whether what the method needs is registered: an address, a telephone or a FAX number (SPEC R2)."""
        needed = {
            ContactMethod.EMAIL: self.email,
            ContactMethod.TELEPHONE: self.telephone,
            ContactMethod.MISSED_CALL: self.telephone,
            ContactMethod.FAX: self.fax,
            ContactMethod.NONE: "-",
        }
        return bool(needed[ContactMethod(method)])


class MailRequest(models.Model):
    """An account mail that ``send_notices`` is to send first (RULINGS 2), written for unknown accounts too.

    ``patron`` is empty when the account is unknown: the row is dropped when its turn comes, so that asking takes
    as long for a stranger's number as for one's own. The link in the mail is signed from this row when it is sent.
    """

    class Kind(models.TextChoices):
        CONFIRM_ADDRESS = "confirm_address", "メールアドレスの確認"
        ADDRESS_CHANGED = "address_changed", "メールアドレス変更のお知らせ"
        RESET_PASSWORD = "reset_password", "パスワードの再設定"
        LOCKED = "locked", "ログイン停止のお知らせ"

    kind = models.CharField("種類", max_length=20, choices=Kind.choices)
    patron = models.ForeignKey(Patron, models.CASCADE, null=True, related_name="mail_requests", verbose_name="利用者")
    address = models.EmailField("あて先", blank=True)
    created_at = models.DateTimeField("作成")
    sent_at = models.DateTimeField("送信", null=True, blank=True)
    used_at = models.DateTimeField("リンクの使用", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "アカウントのメール"
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=("confirm_address", "address_changed", "reset_password", "locked")),
                name="mail_request_kind_is_known",
            ),
        )
        indexes = (models.Index(fields=("id",), condition=Q(sent_at=None), name="mail_request_unsent"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
