"""Mails and notices for staff to look at: what waits, how long, what failed. No title and no text is shown."""

from datetime import datetime

from django.contrib import admin, messages
from django.db.models import Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.timesince import timesince

from catalog.admin_base import ReadOnlyAdmin
from notifications.models import AnnouncementDay, Mail, MailPolicy, Notice
from notifications.sending.resend import resend


def age(since: datetime | None) -> str:
    return timesince(since) if since else ""


class PendingAdmin(ReadOnlyAdmin):
    """A list that says above it how many wait and since when the oldest does."""

    change_list_template = "admin/notifications/change_list.html"
    waiting_since = "created_at"
    show_full_result_count = False

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        waiting = self.model.objects.filter(state="pending")
        oldest = waiting.aggregate(oldest=Min(self.waiting_since))["oldest"]
        context = {"waiting": waiting.count(), "oldest": age(oldest)} | (extra_context or {})
        return super().changelist_view(request, context)

    @admin.display(description="経過")
    def waited(self, row: Mail | Notice) -> str:
        return age(getattr(row, self.waiting_since)) if row.state == "pending" else ""


@admin.register(Mail)
class MailAdmin(PendingAdmin):
    """Failed mails can be sent again once the patron's address works."""

    waiting_since = "date"
    list_display = ("id", "kind", "state", "date", "waited", "attempts", "next_attempt_at", "last_error", "closed_at")
    list_filter = ("state", "kind")
    date_hierarchy = "date"
    fields = (
        "kind",
        "patron",
        "address",
        "message_id",
        "date",
        "state",
        "attempts",
        "next_attempt_at",
        "leased_until",
        "last_error",
        "closed_at",
    )
    actions = ("send_again",)

    @admin.action(description="もう一度送る（不達のメール）", permissions=("view",))
    def send_again(self, request: HttpRequest, mails: QuerySet[Mail]) -> None:
        count = resend(mails.filter(state=Mail.State.FAILED), timezone.now())
        messages.success(request, f"{count}通をもう一度送ります。お知らせの理由が終わっているものは送りません。")


@admin.register(Notice)
class NoticeAdmin(PendingAdmin):
    list_display = ("id", "kind", "state", "created_at", "waited", "mail")
    list_filter = ("state", "kind")
    list_select_related = ("mail",)
    fields = ("kind", "patron", "state", "episode", "day", "mail", "created_at")


@admin.register(AnnouncementDay)
class AnnouncementDayAdmin(ReadOnlyAdmin):
    list_display = ("day", "titles", "digests")


@admin.register(MailPolicy)
class MailPolicyAdmin(admin.ModelAdmin):
    """The one row of rules for mails: it is changed, never added or deleted."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
