"""Reservations for staff to look at; only the verbs of the counter change them."""

from django.contrib import admin

from catalog.admin_base import ReadOnlyAdmin
from reservations.models import Reservation, ReservationEvent


class EventInline(admin.TabularInline):
    model = ReservationEvent
    fields = ("at", "moved_from", "moved_to", "by", "reason")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: object, obj: object = None) -> bool:
        return False


@admin.register(Reservation)
class ReservationAdmin(ReadOnlyAdmin):
    """The list names no patron; a single reservation leads to the patron's page at the counter."""

    list_display = ("id", "title", "state", "pickup_library", "queue_number", "placed_at", "collect_by")
    list_filter = ("state", "pickup_library")
    list_select_related = ("title", "pickup_library")
    search_fields = ("title__title", "item__barcode")
    inlines = (EventInline,)
    exclude = ("patron", "submission")
    show_full_result_count = False
