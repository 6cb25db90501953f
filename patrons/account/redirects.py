"""Where a patron goes on to after a login: where they came from, if that is a page of this site."""

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import translate_url
from django.utils.http import url_has_allowed_host_and_scheme

from patrons.models import Patron, User


def next_page(request: HttpRequest) -> str:
    """Return the ``next`` of a form or URL when it stays on this site, "" otherwise."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if safe and wanted.startswith("/") else ""


def page_after_login(request: HttpRequest, user: User) -> str:
    """Return the page to go on to after a login, in the language the patron chose if they chose one."""
    page, patron = next_or_my(request), getattr(user, "patron", None)
    return in_own_language(page, patron) if patron else page


def in_own_language(page: str, patron: Patron) -> str:
    """Return the address of a page in the language of the patron's settings, as it is when none was chosen."""
    return translate_url(page, patron.language) if patron.language else page


def next_or_my(request: HttpRequest) -> str:
    """Return the page to go on to: ``next``, else My ライブラリ."""
    return next_page(request) or resolve_url(settings.LOGIN_REDIRECT_URL)
