"""「パスワード変更」."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from patrons.account.access import PatronRequest, patron_required
from patrons.account.passwords import set_own_password
from patrons.account.redirects import next_or_my, next_page
from patrons.forms import ChangePasswordForm, OwnPasswordForm
from patrons.protection.origin import remember_device

CHANGED = _("パスワードを変更しました。ほかの端末ではログアウトされます。")
FIRST_SET = _("パスワードを設定しました。")
FIRST_SET_WITHOUT_ADDRESS = _(
    "パスワードを設定しました。"
    "次は「利用者情報設定」でメールアドレスを設定すると、予約資料の準備ができたときにメールでお知らせします。"
)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@patron_required
def password(request: PatronRequest) -> HttpResponse:
    """Set the first own password, or change it; other sessions of the patron end."""
    first = request.patron.own_password_set_at is None
    form = (OwnPasswordForm if first else ChangePasswordForm)(request.patron, request.POST or None)
    if form.is_valid():
        session = request.session.session_key
        set_own_password(request.patron, form.cleaned_data["password"], now=timezone.now(), session=session)
        update_session_auth_hash(request, request.patron.user)
        told = CHANGED if not first else FIRST_SET if request.patron.email else FIRST_SET_WITHOUT_ADDRESS
        messages.success(request, told)
        response = redirect(next_or_my(request))
        remember_device(request, response, request.patron.card_number)
        return response
    context = {"form": form, "first": first, "next": next_page(request)}
    return render(request, "patrons/password.html", context)
