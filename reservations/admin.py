"""Reservations for staff to look at; only the verbs of the counter change them.

The pages of copies and titles (``catalog.admin``) ask here what becomes of a queue whose last copy they take away.
"""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from catalog.admin import ItemAdmin, ItemInline, TitleAdmin
from catalog.admin_base import ReadOnlyAdmin
from catalog.models import Item, Title
from patrons.models import User
from reservations import stranded
from reservations.limits import RefusedError
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


ALONG, STAY = "along", "stay"


class AwaitedItemForm(forms.ModelForm):
    """A copy; who takes away the last one of a title that somebody waits for says what becomes of the queue."""

    QUEUE = (
        ("", "（渡せる資料がなくなるときに選びます）"),
        (ALONG, "新しい書誌へ、いっしょに移す"),
        (STAY, "このまま残す（「渡せる資料がない予約」に出ます）"),
    )

    queue = forms.ChoiceField(label="待っている予約", choices=QUEUE, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.instance.pk:
            return given
        source = Title.objects.get(pk=self.instance.title_id)
        to, lendable = given.get("title", source), given.get("lendable", self.instance.lendable)
        stays = to == source and lendable
        count = 0 if stays else stranded.left_by(source, [self.instance.pk])
        if not count:
            given["queue"] = ""
        elif to == source and given.get("queue") != STAY:
            self.add_error("queue", f"この資料を待つ予約が{count}件あり、渡せる資料がなくなります。選んでください。")
        elif not given.get("queue"):
            self.add_error(
                "queue", f"「{source}」を待つ予約が{count}件あり、渡せる資料がなくなります。選んでください。"
            )
        elif given["queue"] == ALONG and not (lendable and to.material_type.reservable):
            self.add_error("queue", "移した先でも渡せないため、予約はいっしょに移せません。")
        return given


admin.site.unregister((Item, Title))


@admin.register(Item)
class AwaitedItemAdmin(ItemAdmin):
    """Copies, with the question what becomes of who waits for one."""

    form = AwaitedItemForm

    def get_fields(self, request: HttpRequest, obj: Item | None = None) -> list[Any]:
        """Ask about the queue where a copy that is there can be changed."""
        fields = list(super().get_fields(request, obj))
        asks = obj is not None and self.has_change_permission(request, obj)
        return fields if asks else [name for name in fields if name != "queue"]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except RefusedError as refusal:
            messages.error(request, str(refusal))
            return redirect(request.path)

    def save_model(self, request: HttpRequest, obj: Item, form: forms.ModelForm, change: bool) -> None:
        if form.cleaned_data.get("queue") == ALONG:
            source = Title.objects.get(pk=form.initial["title"])
            done = stranded.move_with_copy(obj, source=source, by=cast(User, request.user), now=timezone.now())
            messages.success(request, f"「{source}」から「{obj.title}」へ{done.in_words()}")
        super().save_model(request, obj, form, change)


class AwaitedCopies(BaseInlineFormSet):
    """The copies below a title: the last one that somebody waits for is changed on its own page, which asks."""

    def clean(self) -> None:
        super().clean()
        given = [(form.instance, getattr(form, "cleaned_data", {})) for form in self.forms]
        taken = [copy.pk for copy, cells in given if copy.pk and not cells.get("lendable", True)]
        comes = any(not copy.pk and cells.get("barcode") and cells.get("lendable") for copy, cells in given)
        count = 0 if comes or not self.instance.pk else stranded.left_by(self.instance, taken)
        if count:
            why = f"この書誌を待つ予約が{count}件あり、渡せる資料がなくなります。"
            raise forms.ValidationError(f"{why}禁帯出にするときは、所蔵の画面で変えてください。")


class AwaitedItemInline(ItemInline):
    formset = AwaitedCopies


@admin.register(Title)
class AwaitedTitleAdmin(TitleAdmin):
    """Titles, whose last copies are not taken from who waits without a word."""

    inlines: ClassVar = (AwaitedItemInline,)
