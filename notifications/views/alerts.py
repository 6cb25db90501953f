"""「新着資料お知らせメール」: conditions, what they would have found, on and off (SPEC M8)."""

from contextlib import suppress

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.models import Title
from catalog.search.query import PAGE_SIZE, Query
from notifications import alerts as conditions
from notifications.forms import AlertForm
from notifications.models import Alert, MailPolicy
from notifications.models.alert import MOST
from patrons.account.access import PatronRequest, patron_required

PREVIEWED = 5


def _mine(request: PatronRequest) -> QuerySet[Alert]:
    return Alert.objects.filter(patron=request.patron).select_related("material_type", "library")


@require_safe
@patron_required
def alerts(request: PatronRequest) -> HttpResponse:
    """List the patron's conditions, each with how many titles of the last month it fits."""
    mine = list(_mine(request))
    found = conditions.counts(mine, timezone.localdate())
    rows = [{"alert": alert, "found": found.get(alert.pk, 0)} for alert in mine]
    context = {"rows": rows, "rules": MailPolicy.current(), "patron": request.patron, "full": len(mine) >= MOST}
    return render(request, "notifications/alerts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@patron_required
def new_alert(request: PatronRequest) -> HttpResponse:
    """Write a condition, from nothing or from a search's address; show what it would have found; save it."""
    first = conditions.from_search(Query.read(request.GET))
    form = AlertForm(request.patron, request.POST if request.method == "POST" else None, initial=first)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        if "preview" not in request.POST:
            form.instance.created_at = timezone.now()
            with suppress(IntegrityError), transaction.atomic():  # pressed twice: it is saved already
                form.save()
            messages.success(request, _("条件を登録しました。"))
            return redirect("notifications:alerts")
        found = conditions.lately(form.instance, timezone.localdate())
        context |= {
            "previewed": True,
            "found": found.count(),
            "titles": found.select_related("material_type")[:PREVIEWED],
        }
    return render(request, "notifications/new_alert.html", context)


@require_safe
@patron_required
def alert(request: PatronRequest, pk: int) -> HttpResponse:
    """Show what one condition fits among the titles of the last month: where the mail's link leads."""
    mine = get_object_or_404(_mine(request), pk=pk)
    found = conditions.lately(mine, timezone.localdate())
    page = Paginator(found.values_list("pk", flat=True), PAGE_SIZE).get_page(request.GET.get("page"))
    hits = Title.objects.as_listed(list(page))
    return render(request, "notifications/alert.html", {"alert": mine, "page": page, "hits": hits})


@require_POST
@patron_required
def activity(request: PatronRequest, pk: int) -> HttpResponse:
    """Switch one condition on or off."""
    active = request.POST.get("active") == "1"
    mine = get_object_or_404(_mine(request), pk=pk)
    Alert.objects.filter(pk=mine.pk).update(active=active)
    messages.success(request, _("お知らせを再開しました。") if active else _("お知らせを止めました。"))
    return redirect("notifications:alerts")


@require_POST
@patron_required
def removal(request: PatronRequest, pk: int) -> HttpResponse:
    """Delete one condition."""
    get_object_or_404(_mine(request), pk=pk).delete()
    messages.success(request, _("条件を削除しました。"))
    return redirect("notifications:alerts")
