"""Patrons and logins for staff (D9)."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.http import HttpRequest

from patrons.models import Patron, User


class UserCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("username", "name")


@admin.register(User)
class StaffAdmin(UserAdmin):
    """Logins of the staff; a patron's login is made with the patron and is not shown here."""

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

    def get_queryset(self, request: HttpRequest) -> object:
        return super().get_queryset(request).filter(patron=None)

    def save_model(self, request: HttpRequest, obj: User, form: object, change: bool) -> None:
        obj.is_staff = obj.is_staff or not change
        super().save_model(request, obj, form, change)


@admin.register(Patron)
class PatronAdmin(admin.ModelAdmin):
    """Contact data of patrons; loans and reservations are seen on the counter's own page."""

    list_display = ("card_number", "name", "name_reading", "pickup_library")
    search_fields = ("card_number", "name", "name_reading")
    list_select_related = ("pickup_library",)
    readonly_fields = ("card_number", "own_password_set_at", "email_failing_since")
    exclude = ("user",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
