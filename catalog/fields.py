"""A column that a row computes from its own other columns whenever it is written."""

from collections.abc import Sequence
from typing import Any

from django.db import models


class DerivedTextField(models.TextField):
    """Hold the text that the model's method ``compute`` returns, on ``save`` and ``bulk_create`` alike.

    Search text and sort keys are such columns: they follow from the record and cannot be edited.
    ``QuerySet.update`` does not pass here, as with every ``pre_save``.
    """

    def __init__(self, *args: Any, compute: str, **kwargs: Any) -> None:
        kwargs |= {"editable": False, "blank": True, "default": ""}
        self.compute = compute
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for given in ("editable", "blank", "default"):
            kwargs.pop(given, None)
        return name, path, args, kwargs | {"compute": self.compute}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = getattr(model_instance, self.compute)()
        setattr(model_instance, self.attname, value)
        return value
