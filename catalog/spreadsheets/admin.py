"""CSV in the admin: upload a file, see line by line what it would do, then do it; write out what is listed."""

import re
from collections import Counter
from io import BytesIO
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from catalog.spreadsheets.files import FileError, read
from catalog.spreadsheets.rows import Importer, Line, csv_file, run

MOST_BYTES_HERE = 1_000_000
MOST_LINES_HERE = 20_000
SHOWN_LINES = 500
TOO_LARGE = (
    "ここでは1MB・20,000行までです。大きなファイルは、システムの担当者に渡してください"
    "（コマンド import_items・import_patrons には上限がありません）。"
)


class CsvForm(forms.Form):
    """A file of a size that one request can take; larger ones go through the command."""

    file = forms.FileField(label="ファイル（CSV・タブ区切り・Excelの.xlsx、1MB・20,000行まで）")
    ignore = forms.CharField(label="読み飛ばす列（「、」で区切る）", required=False)
    empty_cells_erase = forms.BooleanField(label="空欄は消す（外すと、空欄の項目は今のまま）", required=False)
    write = forms.BooleanField(label="実際に書き込む（外すと、確かめるだけ）", required=False)

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES_HERE:
            raise forms.ValidationError(TOO_LARGE)
        data = file.read()
        try:
            if any(number > MOST_LINES_HERE for number, _ in enumerate(read(BytesIO(data)))):
                raise forms.ValidationError(TOO_LARGE)
        except FileError as wrong:
            raise forms.ValidationError(str(wrong)) from wrong
        return data

    def clean_ignore(self) -> list[str]:
        return [name.strip() for name in re.split("[、,，]", self.cleaned_data["ignore"]) if name.strip()]


class CsvImportMixin(admin.ModelAdmin):
    """Give a list of the admin the page 「CSVから取り込む」 for ``csv_importer``."""

    csv_importer: type[Importer]
    change_list_template = "admin/csv_change_list.html"

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_csv"
        return [path("csv/", self.admin_site.admin_view(self.csv_page), name=name), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Tell the list whether to show the way to ``csv_page``."""
        asked = {"may_import": self.has_change_permission(request)} | (extra_context or {})
        return super().changelist_view(request, asked)

    def csv_page(self, request: HttpRequest) -> HttpResponse:
        """Check or import a file, and show what became of its lines, the wrong ones first."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = CsvForm(request.POST or None, request.FILES or None)
        lines: list[Line] = []
        if request.method == "POST" and form.is_valid():
            wishes = {name: form.cleaned_data[name] for name in ("empty_cells_erase", "ignore")}
            dry_run = not form.cleaned_data["write"]
            try:
                lines = list(run(form.cleaned_data["file"], self.csv_importer(), dry_run=dry_run, **wishes))
            except FileError as wrong:
                form.add_error("file", str(wrong))
        context = self.admin_site.each_context(request) | {
            "title": f"{self.opts.verbose_name}をCSVから取り込む",
            "opts": self.opts,
            "form": form,
            "columns": self.csv_importer.columns,
            "required": self.csv_importer.required,
            "counted": Counter(line.did for line in lines).items(),
            "lines": sorted(lines, key=lambda line: (not line.problem, line.number))[:SHOWN_LINES],
            "written": bool(form.is_bound and form.is_valid() and form.cleaned_data["write"]),
        }
        return TemplateResponse(request, "admin/csv_page.html", context)


def csv_answer(name: str, columns: tuple[str, ...], rows: list[tuple]) -> HttpResponse:
    """Return a file to download; formulas in it are harmless."""
    answer = HttpResponse(csv_file(columns, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
