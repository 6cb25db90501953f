"""Loans for staff to look at; only the verbs of the counter change them."""

from django.contrib import admin

from catalog.admin_base import ReadOnlyAdmin
from loans.models import Loan


@admin.register(Loan)
class LoanAdmin(ReadOnlyAdmin):
    """The list names no patron: who has a copy is seen on the patron's page at the counter."""

    list_display = ("id", "item", "material_type", "library", "checked_out_at", "due_on", "extended_at", "returned_at")
    list_filter = ("library", "material_type", ("returned_at", admin.EmptyFieldListFilter))
    list_select_related = ("item", "material_type", "library")
    search_fields = ("item__barcode",)
    date_hierarchy = "due_on"
    exclude = ("patron",)
    show_full_result_count = False
