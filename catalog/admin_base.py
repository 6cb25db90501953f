"""What the admin's pages of every room share: rows to look at only, and a kind word when the database says no."""

from django.contrib import admin, messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

AGAINST_WHAT_IS_KEPT = (
    "保存できませんでした。すでにある予約や貸出と合わない変更です"
    "（例：CD・DVD・ビデオの予約を受け取る館で「渡せる」を外す）。"
)


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
