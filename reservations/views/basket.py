"""「予約かご」: put in, take out, order, reserve, see what came of it."""

from contextlib import suppress
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_safe

from catalog.models import Library, Title
from catalog.requests import PortalRequest
from catalog.typed_numbers import typed_number
from patrons.account.access import PatronRequest, patron_of, patron_required
from reservations import queue
from reservations.basket import MOST, VisitorBasket, basket_of, titles_of
from reservations.forms import BasketForm
from reservations.views.form_of import form_of
from reservations.views.my_page import line_of, volume_orders_of
from reservations.wish import Wish


@require_safe
@never_cache
def basket(request: PortalRequest) -> HttpResponse:
    """Show the basket; a patron's takes in what was chosen before the login."""
    kept = basket_of(request)
    titles = titles_of(kept.ids)
    patron = patron_of(request)
    form = BasketForm(patron, request.face, titles) if patron else None
    response = _page(request, titles, form)
    kept.keep(response)
    return response


def _page(request: PortalRequest, titles: list[Title], form: BasketForm | None, status: int = 200) -> HttpResponse:
    patron = patron_of(request)
    why_not = queue.judge(patron, titles) if patron else {}
    if form is not None and form.is_bound:  # tick again what was ticked in a form that came back
        chosen = set(_numbers(request.POST.getlist("titles")))
    else:
        chosen = {title.pk for title in titles if not why_not.get(title.pk)}
    entries = [
        {"title": title, "refusals": why_not.get(title.pk, ()), "chosen": title.pk in chosen} for title in titles
    ]
    asked = set(_numbers(request.GET.get("added", "").split(".")))
    added = [title for title in titles if title.pk in asked]
    context = {
        "entries": entries,
        "form": form,
        "added": added,
        "left_out": len(asked) - len(added) if added else 0,
        "back": _within_site(request.GET.get("back", "")),
        "full": len(titles) >= MOST,
        "has_audiovisual": any(title.material_type.audiovisual for title in titles),
        "without_audiovisual": Library.objects.filter(hands_out_av=False),
    }
    return render(request, "reservations/basket.html", context, status=status)


def _within_site(address: str) -> str:
    return address if address.startswith("/") and url_has_allowed_host_and_scheme(address, None) else ""


@csrf_exempt
def entries(request: PortalRequest) -> HttpResponse:
    """Put titles into the visitor's own cookie; the catalogue's forms carry no token (decision 6)."""
    if request.method != "POST":
        return redirect("reservations:basket")
    if not _from_this_site(request):
        return HttpResponseForbidden(
            _("この操作は図書館のページから行ってください。"), content_type="text/plain; charset=utf-8"
        )
    asked = _numbers(request.POST.getlist("title"))
    known = set(Title.objects.filter(pk__in=asked).values_list("pk", flat=True))
    if not known:
        raise Http404
    kept = VisitorBasket(request)
    chosen = [pk for pk in dict.fromkeys(asked) if pk in known]
    for pk in chosen:
        kept.add(pk)
    query = urlencode({"added": ".".join(map(str, chosen)), "back": _came_from(request)})
    response = redirect(f"{reverse('reservations:basket')}?{query}")
    kept.keep(response)
    return response


def _came_from(request: PortalRequest) -> str:
    """Return the page of this site that sent the form, "" for an address that is none."""
    try:
        address = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    return _within_site(address._replace(scheme="", netloc="", fragment="").geturl())


def _from_this_site(request: PortalRequest) -> bool:
    """Tell whether a page of this site sent the form, by the headers a browser lets no page forge."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    own = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    return request.headers.get("Origin", f"{request.scheme}://{request.get_host()}") in own


def _numbers(texts: list[str]) -> list[int]:
    """Return the rows' numbers among what was sent, no more than a basket holds."""
    return [number for text in texts[:MOST] if (number := typed_number(text, least=1))]


@form_of("reservations:basket")
@csrf_protect
def removal(request: PortalRequest, pk: int) -> HttpResponse:
    """Take a title out."""
    kept = basket_of(request)
    kept.remove(pk)
    response = redirect("reservations:basket")
    kept.keep(response)
    return response


@form_of("reservations:basket")
@csrf_protect
def position(request: PortalRequest, pk: int) -> HttpResponse:
    """Move a title by ``steps``: negative towards the top."""
    kept = basket_of(request)
    if steps := typed_number(request.POST.get("steps"), least=-MOST, most=MOST):
        kept.move(pk, steps=steps)
    response = redirect(f"{reverse('reservations:basket')}#entry-{pk}")
    kept.keep(response)
    return response


@form_of("reservations:basket")
@patron_required
def reservation(request: PatronRequest) -> HttpResponse:
    """Reserve what was chosen; sent twice, it is reserved once."""
    kept = basket_of(request)
    titles = titles_of(kept.ids)
    with suppress(ValueError):  # what is no submission meets the form
        submission = UUID(request.POST.get("submission", ""))
        if request.patron.reservations.filter(submission=submission).exists():
            return redirect("reservations:placed", submission)
    form = BasketForm(request.patron, request.face, titles, request.POST)
    if not form.is_valid():
        return _page(request, titles, form, status=422)
    chosen = [title for title in titles if title.pk in form.cleaned_data["titles"]]
    wish = Wish.from_form(form.cleaned_data, request.face)
    results = queue.place(request.patron, chosen, wish, now=timezone.now(), by=request.user)
    address = reverse("reservations:placed", args=(wish.submission,))
    # What was refused stands in the address, so that a reload asks the rules and nobody else.
    if refused := [str(result.title.pk) for result in results if not result.accepted]:
        address += f"?{urlencode({'kept': '.'.join(refused)} | wish.to_query())}"
    response = redirect(address)
    kept.keep(response)
    return response


@require_safe
@patron_required
def placed(request: PatronRequest, submission: UUID) -> HttpResponse:
    """Show what came of a submission: each title with its place, or with every reason why not."""
    on = timezone.localdate()
    sent = request.patron.reservations.filter(submission=submission)
    accepted = [line_of(row, on) for row in sent.shown(on).order_by("pk")]
    left = titles_of(_numbers(request.GET.get("kept", "").split(".")))
    if not accepted and not left:
        messages.info(request, _("予約の記録はありません。"))
        return redirect("reservations:basket")
    kept: list[dict[str, object]] = []
    if left:
        # The rules are asked again about what stayed in the basket, with the library and method that were wished for.
        why_not = queue.judge(request.patron, left, Wish.from_query(request.GET, request.patron, request.face))
        kept = [{"title": title, "refusals": why_not[title.pk]} for title in left]
    context = {
        "accepted": accepted,
        "volume_orders": volume_orders_of(accepted),
        "kept": kept,
        "in_basket": request.patron.basket.count(),
    }
    return render(request, "reservations/placed.html", context)
