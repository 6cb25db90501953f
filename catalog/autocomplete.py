"""The admin's field that looks up a row: a form that comes back with no number in it is shown, not a 500."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import ForeignKey
from django.forms import ModelChoiceField
from django.http import HttpRequest

from catalog.typed_numbers import typed_number


class RowSelect(AutocompleteSelect):
    """Django's own asks the database for whatever was sent."""

    def optgroups(self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None) -> list:
        return super().optgroups(name, [one for one in value if typed_number(str(one)) is not None], attrs)


class LooksUpRows(ModelAdmin):
    """Gives ``autocomplete_fields`` that widget."""

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = RowSelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
