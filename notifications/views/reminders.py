"""Reminders a patron chooses, and leaving a kind of mail by the link in it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications import unsubscribe as leaving
from notifications.forms import RemindersForm
from notifications.kinds import KINDS
from notifications.models import MailPolicy, Reminders
from patrons.account.access import PatronRequest, patron_required


@require_http_methods(["GET", "HEAD", "POST"])
@patron_required
def reminders(request: PatronRequest) -> HttpResponse:
    """Show and save which reminders the patron wants."""
    form = RemindersForm(request.POST if request.method == "POST" else None, instance=Reminders.of(request.patron))
    if form.is_valid():
        Reminders.objects.update_or_create(patron=request.patron, defaults=form.cleaned_data)
        messages.success(request, _("お知らせメールの設定を保存しました。"))
        return redirect("notifications:reminders")
    context = {"form": form, "rules": MailPolicy.current(), "patron": request.patron}
    return render(request, "notifications/reminders.html", context)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop a kind of mail: mail programs POST here by themselves (RFC 8058), people see a button first.

    The signed link is the permission; it can do nothing but stop this kind for this patron.
    """
    found = leaving.read(token)
    if found is None:
        return render(request, "notifications/unsubscribe.html", {"unknown": True}, status=404)
    patron, kind = found
    if request.method == "POST":
        leaving.stop(patron, kind)
    context = {"kind": kind, "chosen_at": KINDS[kind].chosen_at, "done": request.method == "POST"}
    return render(request, "notifications/unsubscribe.html", context)
