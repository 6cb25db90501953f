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
from patrons.account.access import patron_required
from patrons.account.links import LinkEndedError, open_link
from patrons.account.redirects import in_own_language
from patrons.forms import ReadingForm, SettingsForm
from patrons.people.masking import masked
from patrons.reading import reading_log


@require_http_methods(["GET", "HEAD", "POST"])
@patron_required
def settings(request: HttpRequest) -> HttpResponse:
    """Show what is registered and change what a patron may change."""
    patron, now, face = request.patron, timezone.now(), request.face
    form = SettingsForm(patron, face.contact_methods, request.POST or None, mask=face.masked)
    reading = ReadingForm(patron, request.POST or None)
    shown = masked if face.masked else str
    if form.is_valid() and reading.is_valid():
        reading.save()
        address = form.save(now=now)
        messages.success(request, _("利用者情報を保存しました。"))
        if address:
            sent = _("%(address)s に確認のメールを送ります。メールのリンクを開くと、登録が完了します。")
            messages.info(request, sent % {"address": shown(address)})
        return redirect(in_own_language(reverse("patrons:settings"), patron))
    pending = shown(addresses.pending(patron, now=now))
    context = {"form": form, "reading": reading, "patron": patron, "pending": pending}
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
