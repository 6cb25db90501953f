"""Patrons, logins and the rules for accounts, for staff (SPEC D9)."""

from typing import cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django_otp.plugins.otp_static import admin as recovery_codes_admin
from django_otp.plugins.otp_totp import admin as totp_admin

from catalog.spreadsheets.admin import CsvImportMixin
from patrons.account import passwords, second_factor
from patrons.models import AccountPolicy, LookUp, Patron, User
from patrons.people import look_ups
from patrons.people.spreadsheet import PatronImporter

# Their pages would show the secrets of colleagues.
admin.site.unregister((recovery_codes_admin.StaticDevice, totp_admin.TOTPDevice))


class UserCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("username", "name")


@admin.register(User)
class StaffAdmin(UserAdmin):
    """Logins of the staff; a patron's login is made with the patron and is not shown here.

    Who is no superuser makes none, and does not see those who are.
    """

    add_form = UserCreationForm
    list_display = ("username", "name", "library", "is_active")
    list_filter = ("library", "is_active", "groups")
    search_fields = ("username", "name")
    ordering = ("username",)
    fieldsets = (
        (None, {"fields": ("username", "password", "name", "library")}),
        ("役割", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "name", "usable_password", "password1", "password2")}),)

    actions = ("reset_second_factor",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        staff = super().get_queryset(request).filter(patron=None)
        return staff if request.user.is_superuser else staff.filter(is_superuser=False)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return () if request.user.is_superuser else ("is_superuser",)

    def save_model(self, request: HttpRequest, obj: User, form: object, change: bool) -> None:
        obj.is_staff = obj.is_staff or not change
        super().save_model(request, obj, form, change)

    def get_actions(self, request: HttpRequest) -> dict:
        """Offer the second factor's action only where the library asks for one."""
        offered = super().get_actions(request)
        if settings.STAFF_TOTP != "required":
            offered.pop("reset_second_factor", None)
        return offered

    @admin.action(description="二段階認証を解除する", permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        """Let colleagues who lost their telephone enrol another one at the next login."""
        for colleague in chosen:
            second_factor.reset(colleague)
            self.log_change(request, colleague, "二段階認証を解除しました。")
        messages.success(request, f"{len(chosen)}人の二段階認証を解除しました。次のログインで登録し直します。")


@admin.register(Patron)
class PatronAdmin(CsvImportMixin):
    """Contact data of patrons, each opening recorded; loans and reservations are on the counter's own page."""

    csv_importer = PatronImporter

    list_display = ("card_number", "name", "name_reading", "pickup_library")
    search_fields = ("card_number", "name", "name_reading")
    list_select_related = ("pickup_library",)
    readonly_fields = ("card_number", "own_password_set_at", "put_back_on", "email_failing_since")
    exclude = ("user",)
    show_full_result_count = False
    actions = ("put_back",)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Show a patron and record who looked."""
        patron = self.get_object(request, object_id)
        if patron and self.has_view_or_change_permission(request, patron):
            look_ups.record(patron, by=cast(User, request.user), page="admin:patrons_patron_change", now=timezone.now())
        return super().change_view(request, object_id, form_url, extra_context)

    @admin.action(description="初期パスワードに戻す", permissions=["change"])
    def put_back(self, request: HttpRequest, chosen: QuerySet[Patron]) -> None:
        """Put patrons back to the initial password, which shuts the gate again (SPEC P6)."""
        for patron in chosen.select_related("user"):
            passwords.put_back_to_initial(patron, now=timezone.now())
            self.log_change(request, patron, "初期パスワードに戻しました。")
        messages.success(request, f"{len(chosen)}人のパスワードを初期パスワードに戻しました。")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Patron | None = None) -> bool:
        return False


@admin.register(AccountPolicy)
class AccountPolicyAdmin(admin.ModelAdmin):
    """The one row of account rules: changed, never added or deleted."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AccountPolicy | None = None) -> bool:
        return False


@admin.register(LookUp)
class LookUpAdmin(admin.ModelAdmin):
    """Who looked at which patron: read only. Of past days only the day is kept (``look_ups.mix``)."""

    list_display = ("at", "by", "patron", "page")
    list_filter = ("page",)
    search_fields = ("by__username", "patron__card_number")
    list_select_related = ("by", "patron")
    date_hierarchy = "at"
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: LookUp | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: LookUp | None = None) -> bool:
        return False
