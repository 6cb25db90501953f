"""MARC in, for cataloguers: upload a file, watch it come in, read its report, change the rules (decision 23)."""

import shutil
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from catalog.admin_base import ReadOnlyAdmin
from catalog.marc.files.source import LARGEST_UNPACKED
from catalog.models import HoldingsRule, ImportLine, ImportRun, LibraryCode, MarcRecord, MaterialRule

LINES_SHOWN = 50
NO_ROOM = "保存できませんでした。サーバーの空き容量が足りないか、書き込めない状態です。管理者にお知らせください。"
ENCODINGS = (
    ("", "自動（UTF-8・MARC-8・JIS）"),
    ("cp932", "Shift_JIS"),
    ("euc_jp", "EUC-JP"),
    ("cp1251", "Windows-1251（キリル文字）"),
)


class UploadForm(forms.ModelForm):
    """What is asked of who uploads a file."""

    encoding = forms.ChoiceField(
        label="文字コード",
        choices=ENCODINGS,
        required=False,
        help_text="報告に「文字コードが分かりません」と出たときだけ選びます。",
    )

    class Meta:
        model = ImportRun
        fields = ("file", "encoding")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file = self.fields["file"]
        file.required, file.label = True, "MARCファイル"
        file.help_text = "MARC 21（.mrc・.xml）、またはそれを圧縮したもの（.gz・.zip）。500 MBまで。"

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_UNPACKED:
            raise forms.ValidationError(
                "500 MBより大きいファイルは、サーバーで import_marc を使って取り込んでください。"
            )
        if not has_room(file.size):
            raise forms.ValidationError(NO_ROOM)
        return file


def has_room(size: int) -> bool:
    """Tell whether the disk of uploads takes a file; half of one would fill it for everybody."""
    folder = Path(settings.MEDIA_ROOT).absolute()
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(existing).free > size


@admin.register(ImportRun)
class ImportRunAdmin(admin.ModelAdmin):
    """An upload waits for cron; its page shows how far it is and what it did."""

    change_form_template = "admin/catalog/importrun/progress.html"
    list_display = (
        "name",
        "state",
        "percent_done",
        "created",
        "changed",
        "unchanged",
        "refused",
        "noted",
        "started_at",
    )
    list_filter = ("state",)

    def get_form(self, request: HttpRequest, obj: ImportRun | None = None, change: bool = False, **kwargs: Any) -> type:
        return super().get_form(request, obj, change, **kwargs) if obj else UploadForm

    def get_fields(self, request: HttpRequest, obj: ImportRun | None = None) -> tuple[str, ...]:
        return () if obj else UploadForm.Meta.fields

    def has_change_permission(self, request: HttpRequest, obj: ImportRun | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ImportRun | None = None) -> bool:
        running = obj is not None and obj.state == ImportRun.State.RUNNING
        return not running and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict:
        return {}

    def save_model(self, request: HttpRequest, obj: ImportRun, form: UploadForm, change: bool) -> None:
        obj.name, obj.bytes_total = (obj.file.name or "")[:200], obj.file.size
        super().save_model(request, obj, form, change)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Show the form again where the disk took no file."""
        try:
            return super().add_view(request, form_url, extra_context)
        except OSError:
            messages.error(request, NO_ROOM)
            request.method = "GET"
            return super().add_view(request, form_url, extra_context)

    def delete_model(self, request: HttpRequest, obj: ImportRun) -> None:
        obj.file.delete(save=False)
        super().delete_model(request, obj)

    def response_add(self, request: HttpRequest, obj: ImportRun, post_url_continue: str | None = None) -> HttpResponse:
        """Go on to the page that shows the progress."""
        messages.success(request, "受け付けました。1分ほどで取込が始まります。")
        return redirect("admin:catalog_importrun_change", obj.pk)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        run = self.get_object(request, object_id)
        lines = ImportLine.objects.filter(run=run).order_by("number", "id")
        shown = {"lines": lines[:LINES_SHOWN], "lines_total": lines.count(), "title": "MARCの取込"}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | shown)

    @admin.display(description="進み具合")
    def percent_done(self, run: ImportRun) -> str:
        return f"{run.percent}%"


class ReadOnlyMarcAdmin(ReadOnlyAdmin):
    """Rows that imports write and nobody else."""

    show_full_result_count = False


@admin.register(ImportLine)
class ImportLineAdmin(ReadOnlyMarcAdmin):
    list_display = ("number", "control_number", "refused", "reason", "run")
    list_filter = ("refused", "run")
    list_select_related = ("run",)
    search_fields = ("control_number", "reason")


@admin.register(MarcRecord)
class MarcRecordAdmin(ReadOnlyMarcAdmin):
    list_display = ("number", "agency", "title", "form", "taken_at")
    list_select_related = ("title",)
    search_fields = ("number", "title__title")
    exclude = ("data",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("data")


@admin.register(MaterialRule)
class MaterialRuleAdmin(admin.ModelAdmin):
    """Rules are tried in this order; ``manage.py remap_marc`` applies them to records already here."""

    list_display = ("position", "record_types", "levels", "physical", "words", "material_type")
    list_display_links = ("position", "material_type")
    list_select_related = ("material_type",)


@admin.register(HoldingsRule)
class HoldingsRuleAdmin(admin.ModelAdmin):
    list_display = ("tag", "barcode", "library", "location", "call_number", "default_library")
    list_select_related = ("default_library",)


@admin.register(LibraryCode)
class LibraryCodeAdmin(admin.ModelAdmin):
    list_display = ("code", "library")
    list_select_related = ("library",)
