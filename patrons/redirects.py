"""Where a patron goes on to after a login: where they came from, if that is a page of this site."""

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def next_page(request: HttpRequest) -> str:
    """Return the ``next`` of a form or URL when it stays on this site, "" otherwise."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if safe and wanted.startswith("/") else ""


def next_or_my(request: HttpRequest) -> str:
    """Return the page to go on to: ``next``, else My ライブラリ."""
    return next_page(request) or resolve_url(settings.LOGIN_REDIRECT_URL)
