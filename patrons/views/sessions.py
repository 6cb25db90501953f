"""「ログイン中の端末」."""

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from patrons.account.access import PatronRequest, patron_required
from patrons.account.sessions import end_others


@require_http_methods(["GET", "HEAD", "POST"])
@patron_required
def sessions(request: PatronRequest) -> HttpResponse:
    """List where the patron is logged in; a POST ends all but this one."""
    user, current = request.patron.user, request.session.session_key
    if request.method == "POST":
        ended = end_others(user, but=current)
        words = _("ほかの端末を%(count)s台ログアウトしました。") if ended else _("ほかにログイン中の端末はありません。")
        messages.success(request, words % {"count": ended})
        return redirect("patrons:sessions")
    rows = user.sessions.filter(expire_date__gt=timezone.now()).order_by(F("seen_at").desc(nulls_last=True))
    return render(request, "patrons/sessions.html", {"sessions": rows, "current": current})
