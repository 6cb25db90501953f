"""What the admin's pages of every room share: rows to look at only, and a kind word when the database says no."""

import json
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from catalog.languages.table import LANGUAGES
from catalog.typed_numbers import typed_number

OTHERS = LANGUAGES[1:]
AGAINST_WHAT_IS_KEPT = (
    "保存できませんでした。すでにある予約や貸出と合わない変更です"
    "（例：CD・DVD・ビデオの予約を受け取る館で「渡せる」を外す）。"
)


class NamesWidget(forms.MultiWidget):
    """One box a language."""

    template_name = "admin/widgets/names.html"

    def __init__(self) -> None:
        about = ({"lang": language.tag, "title": language.name, "maxlength": 60} for language in OTHERS)
        super().__init__({language.code: forms.TextInput(box) for language, box in zip(OTHERS, about, strict=True)})

    def decompress(self, value: dict[str, str] | str | None) -> list[str]:
        names = json.loads(value) if isinstance(value, str) else value or {}
        return [names.get(language.code, "") for language in OTHERS]


class NamesField(forms.MultiValueField):
    """What other languages call a row (``NamedInLanguages.names``); an empty box leaves the Japanese name."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        boxes = [forms.CharField(required=False, max_length=60) for _ in OTHERS]
        super().__init__(boxes, require_all_fields=False, widget=NamesWidget(), **kwargs | {"required": False})

    def compress(self, given: list[str]) -> dict[str, str]:
        return {language.code: name for language, name in zip(OTHERS, given, strict=False) if name}


class ReadOnlyAdmin(admin.ModelAdmin):
    """Show rows that only the verbs of the house may change."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class RuleAdmin(admin.ModelAdmin):
    """Change rows that reservations and loans depend on: a change that the database refuses is said, not a 500."""

    formfield_overrides: ClassVar = {models.JSONField: {"form_class": NamesField}}

    def get_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[Any]:
        """Put the names in other languages behind the Japanese one."""
        fields = list(super().get_fields(request, obj))
        if "names" in fields:
            fields.remove("names")
            fields.insert(fields.index("name") + 1, "names")
        return fields

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            messages.error(request, AGAINST_WHAT_IS_KEPT)
            return redirect(request.path)


class RowSelect(AutocompleteSelect):
    """The field that looks up a row. Django's own asks the database for whatever was sent, and fails on no number."""

    def optgroups(self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None) -> list:
        return super().optgroups(name, [one for one in value if typed_number(str(one)) is not None], attrs)


class LooksUpRows(admin.ModelAdmin):
    """Gives ``autocomplete_fields`` that widget."""

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = RowSelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
