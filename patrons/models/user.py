"""Who logs in: a patron, or a member of staff."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        """Create a login; without a password none works until one is set."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(username, password, **fields | {"is_staff": True, "is_superuser": True})


class User(AbstractBaseUser, PermissionsMixin):
    """A login: of a patron (``username`` is the card number) or of a member of staff (at least one letter)."""

    username = models.CharField("ログイン名", max_length=40, unique=True)
    name = models.CharField("氏名", max_length=80, blank=True)
    library = models.ForeignKey(
        "catalog.Library", models.PROTECT, null=True, blank=True, related_name="staff", verbose_name="勤務館"
    )
    is_staff = models.BooleanField("職員", default=False)
    is_active = models.BooleanField("有効", default=True)
    date_joined = models.DateTimeField("登録日時", auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = verbose_name_plural = "ログイン"
        constraints = (
            models.CheckConstraint(
                condition=Q(is_staff=False) | ~Q(username__regex=r"^[0-9]+$"), name="staff_name_is_not_a_card_number"
            ),
        )

    def __str__(self) -> str:
        return self.username
