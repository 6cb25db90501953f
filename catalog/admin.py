"""The catalogue for staff: libraries and their days, rules, records and copies (SPEC D7 to D10)."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

import catalog.marc.admin  # noqa: F401  (registers its own rows)
from catalog import copies, terminals
from catalog.admin_base import LooksUpRows, RuleAdmin
from catalog.bibliography import labels
from catalog.bibliography.label_trial import LabelTrial
from catalog.models import (
    ClosedDay,
    ExtraOpening,
    Item,
    Library,
    LimitGroup,
    MaterialType,
    OpeningHours,
    Policy,
    Series,
    Terminal,
    Title,
)
from catalog.spreadsheets.admin import CsvImportMixin, csv_answer
from catalog.spreadsheets.items import ItemImporter
from catalog.typed_numbers import typed_number


class OpeningHoursForm(forms.ModelForm):
    class Meta:
        model = OpeningHours
        fields = ("weekday", "opens", "closes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["weekday"].disabled = bool(self.instance.pk)


class OpeningHoursInline(admin.TabularInline):
    """Hours of a weekday may change; the year view makes a weekday a closing day and moves what falls on it."""

    model = OpeningHours
    extra = 0
    form = OpeningHoursForm
    can_delete = False
    verbose_name_plural = "開館時間（毎週の休館日は「開館カレンダー」で決めます）"


@admin.register(Library)
class LibraryAdmin(RuleAdmin):
    list_display = ("short_name", "telephone", "hands_out_av", "closed_on_holidays", "closed_second_sunday")
    inlines = (OpeningHoursInline,)


class DayAdmin(admin.ModelAdmin):
    """Single days, by library; a new closing goes through the year view, which shows what it moves."""

    list_display = ("date", "library", "reason")
    list_filter = ("library",)
    date_hierarchy = "date"
    list_select_related = ("library",)


@admin.register(ClosedDay)
class ClosedDayAdmin(DayAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(ExtraOpening)
class ExtraOpeningAdmin(DayAdmin):
    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class MaterialTypeInline(admin.TabularInline):
    model = MaterialType
    fk_name = "limit_group"
    fields = ("name", "loan_days")
    readonly_fields = fields
    extra = 0
    can_delete = False
    verbose_name_plural = "この制限を受ける資料種別"

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(LimitGroup)
class LimitGroupAdmin(RuleAdmin):
    list_display = ("name", "reservation_limit", "loan_limit")
    inlines = (MaterialTypeInline,)


@admin.register(MaterialType)
class MaterialTypeAdmin(LabelTrial, RuleAdmin):
    list_display = ("name", "audiovisual", "reservable", "extendable", "loan_days", "limit_group")
    list_select_related = ("limit_group",)


@admin.register(Policy)
class PolicyAdmin(RuleAdmin):
    """The one row of house rules: it is changed, never added or deleted."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Series)
class SeriesAdmin(admin.ModelAdmin):
    list_display = ("name", "reading")
    search_fields = ("name", "reading")


def _settle(request: HttpRequest, title: Title) -> None:
    """Let the copies' labels decide whether a CD is a 朗読CD, and say when they disagree."""
    if not labels.settle(title):
        messages.warning(request, f"「{title}」の所蔵の請求記号が混ざっているため、資料種別を分けません。")


class ItemInline(admin.TabularInline):
    model = Item
    fields = ("barcode", "home_library", "location", "call_number", "status", "lendable", "acquired_on")
    readonly_fields = ("status",)
    extra = 0
    show_change_link = True

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Title)
class TitleAdmin(LooksUpRows, RuleAdmin):
    list_display = ("title", "volume", "creator", "publisher", "year", "material_type")
    list_filter = ("material_type",)
    list_select_related = ("material_type",)
    search_fields = ("title", "title_reading", "creator", "isbn", "other_isbns", "control_number")
    autocomplete_fields = ("series",)
    inlines = (ItemInline,)
    show_full_result_count = False

    def save_formset(
        self, request: HttpRequest, form: forms.ModelForm, formset: BaseInlineFormSet, change: bool
    ) -> None:
        """Save the copies below the title; nobody deletes one here."""
        for item in formset.save(commit=False):
            copies.describe(item)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        _settle(request, form.instance)


@admin.register(Item)
class ItemAdmin(LooksUpRows, CsvImportMixin):
    """Copies; where one is and what it does is the desk's to change, so ``status`` and places are read-only."""

    csv_importer = ItemImporter
    actions = ("write_csv",)

    list_display = ("barcode", "title", "home_library", "library", "call_number", "status", "lendable")
    list_filter = ("home_library", "status", "lendable")
    list_select_related = ("title", "home_library", "library")
    search_fields = ("barcode", "title__title", "call_number")
    autocomplete_fields = ("title",)
    readonly_fields = ("status", "library", "destination", "hold_number")
    show_full_result_count = False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, str | list[str]]:
        """Take the title of a new copy from the address if it is a number."""
        given = super().get_changeform_initial_data(request)
        return given if typed_number(str(given.get("title", "1"))) is not None else {}

    def get_readonly_fields(self, request: HttpRequest, obj: Item | None = None) -> tuple[str, ...]:
        """Keep what a loan or a reservation depends on while the copy is in circulation."""
        at_rest = obj is None or obj.status in (Item.Status.AVAILABLE, Item.Status.IN_PROCESSING, Item.Status.MISSING)
        return self.readonly_fields if at_rest else (*self.readonly_fields, "title", "interlibrary")

    @admin.action(description="選んだ所蔵をCSVで書き出す", permissions=["view"])
    def write_csv(self, request: HttpRequest, chosen: QuerySet[Item]) -> HttpResponse:
        """Write the chosen copies out in the columns that the import reads."""
        rows = [
            (
                item.barcode,
                item.title.control_number or "",
                item.title.isbn,
                item.home_library.code,
                item.location,
                item.call_number,
                "可" if item.lendable else "不可",
                item.acquired_on,
            )
            for item in chosen.select_related("title", "home_library")
        ]
        return csv_answer("items", ItemImporter.columns, rows)

    def save_model(self, request: HttpRequest, obj: Item, form: forms.ModelForm, change: bool) -> None:
        copies.describe(obj)
        _settle(request, obj.title)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Terminal)
class TerminalAdmin(admin.ModelAdmin):
    """Register a device: add a row, issue a code, type the code on the device at /terminal/."""

    list_display = ("name", "library", "kind", "enrolled_at", "revoked_at")
    list_filter = ("library", "kind")
    readonly_fields = ("enrolled_at", "revoked_at")
    actions = ("issue_codes", "revoke")

    @admin.action(description="登録コードを発行する", permissions=["change"])
    def issue_codes(self, request: HttpRequest, queryset: QuerySet[Terminal]) -> HttpResponse:
        """Show each code once: to type, as a barcode for a scanner on the device, as a QR code for its camera."""
        sheets = [terminals.code_sheet(terminal, now=timezone.now()) for terminal in queryset]
        context = self.admin_site.each_context(request) | {"title": "登録コード", "sheets": sheets, "opts": self.opts}
        response = TemplateResponse(request, "admin/catalog/terminal/codes.html", context)
        add_never_cache_headers(response)
        return response

    @admin.action(description="登録を取り消す（すぐに検索機でなくなります）", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Terminal]) -> None:
        for terminal in queryset:
            terminals.revoke(terminal, now=timezone.now())
        messages.success(request, f"{len(queryset)}台の登録を取り消しました。")
