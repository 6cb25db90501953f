"""「読書の記録」: what came back since the patron asked for it, for the patron's eyes only (SPEC V1, M11)."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from catalog.models import Title
from patrons.account.access import PatronRequest, patron_required
from patrons.reading import reading_log

ON_A_PAGE = 20
KEPT = _("これから返す資料を記録します。")
NOT_KEPT = _("読書の記録はつけません。あとから「利用者情報設定」で変えられます。")
ERASED = _("読書の記録をやめました。記録はすべて消しました。")
GONE = _("その記録は見つかりませんでした。すでに消されています。")


@require_safe
@patron_required
def log(request: PatronRequest) -> HttpResponse:
    """Show the log, the latest first, or what it would be."""
    patron = request.patron
    if not reading_log.is_on(patron):
        return render(request, "patrons/reading_log_off.html", {"asked": reading_log.is_asked(patron)})
    reads = reading_log.read_between(patron)
    page = Paginator(reads, ON_A_PAGE).get_page(request.GET.get("page"))
    titles = Title.objects.select_related("material_type").in_bulk({read.title_id for read in page})
    rows = [(read, titles.get(read.title_id)) for read in page]  # no title: the catalogue has it no more
    context = {"page": page, "rows": rows, "unreadable": reading_log.count(patron) - len(reads)}
    return render(request, "patrons/reading_log.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@patron_required
def choice(request: PatronRequest) -> HttpResponse:
    """Take the answer to «shall we keep a log?»; switching off a log with rows is asked once more."""
    patron, on = request.patron, timezone.localdate()
    if request.method != "POST":
        return redirect("patrons:reading_log")
    keep, kept = request.POST.get("keep"), reading_log.count(patron)
    if keep == "1":
        reading_log.answer(patron, keep=True, on=on)
        messages.success(request, KEPT)
        return redirect("patrons:reading_log")
    if keep == "0" and kept and "confirmed" not in request.POST:
        return render(request, "patrons/reading_log_end.html", {"kept": kept})
    if keep == "0":
        reading_log.answer(patron, keep=False, on=on)
        messages.success(request, ERASED if kept else NOT_KEPT)
    return redirect("opac:my" if request.POST.get("from") == "my" else "patrons:reading_log")


@require_http_methods(["GET", "HEAD", "POST"])
@patron_required
def deletion(request: PatronRequest, pk: UUID) -> HttpResponse:
    """Ask whether one row is to go, and delete it."""
    if request.method == "POST":
        deleted = reading_log.delete_one(request.patron, pk)
        messages.info(request, gettext("1件の記録を消しました。") if deleted else GONE)
        return redirect("patrons:reading_log")
    read = next((read for read in reading_log.read_between(request.patron) if read.pk == pk), None)
    if read is None:
        messages.info(request, GONE)
        return redirect("patrons:reading_log")
    return render(request, "patrons/reading_log_deletion.html", {"read": read})
