"""「利用者情報設定」 and the link that confirms a mail address."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from patrons.account import addresses, passkeys
from patrons.account.access import PatronRequest, patron_required
from patrons.account.links import LinkEndedError, open_link
from patrons.account.redirects import in_own_language
from patrons.forms import SettingsForm, TypographyForm
from patrons.forms.settings import masked
from patrons.reading import reading_log


@require_http_methods(["GET", "HEAD", "POST"])
@patron_required
def settings(request: PatronRequest) -> HttpResponse:
    """Show what is registered and change what a patron may change."""
    patron, now, face = request.patron, timezone.now(), request.face
    form = SettingsForm(patron, face.contact_methods, request.POST or None, mask=face.masked)
    typography = TypographyForm(patron, request.POST or None)
    shown = masked if face.masked else str
    if form.is_valid() and typography.is_valid():
        typography.save()
        address = form.save(now=now)
        messages.success(request, _("利用者情報を保存しました。"))
        if address:
            sent = _("%(address)s に確認のメールを送ります。メールのリンクを開くと、登録が完了します。")
            messages.info(request, sent % {"address": shown(address)})
        return redirect(in_own_language(reverse("patrons:settings"), patron))
    pending = shown(addresses.pending(patron, now=now))
    context = {"form": form, "typography": typography, "patron": patron, "pending": pending}
    context["passkeys_offered"] = face.passkeys and passkeys.offered()
    context["log_is_on"] = reading_log.is_on(patron)
    return render(request, "patrons/settings.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once more and let the address count; opening the link alone changes nothing."""
    now = timezone.now()
    try:
        if request.method == "POST":
            addresses.confirm(token, now=now)
            return render(request, "patrons/address_confirmed.html")
        row = open_link(token, addresses.CONFIRM, now=now)
    except LinkEndedError:
        return render(request, "patrons/link_ended.html", {"kind": addresses.CONFIRM}, status=410)
    return render(request, "patrons/confirm_address.html", {"address": row.address})
