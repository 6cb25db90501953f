"""The staff's site: Django's admin with the counter as its first page (SPEC D1, decision 1)."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from catalog.models import Library, LimitGroup, Policy
from loans.desk.urls import desk_urls
from opac.staff.second_factor import has_passed, is_required, second_factor_urls
from patrons.account.redirects import next_page

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class PortalAdminSite(AdminSite):
    """Staff log in here; who works at the counter lands on the desk, the others on the lists they may see."""

    site_header = "図書館職員の画面"
    site_title = "図書館職員の画面"
    index_title = "管理"
    site_url = "/"

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Refuse an address with a NUL, which PostgreSQL keeps in no text and the lists would search for."""
        guarded = super().admin_view(view, cacheable)

        @wraps(view)
        def inner(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if "%00" in request.META["QUERY_STRING"]:
                raise BadRequest
            return guarded(request, *args, **kwargs)

        return cast(View, inner)

    def get_urls(self) -> list:
        return [*second_factor_urls(), *desk_urls(self.admin_view), *super().get_urls()]

    def has_permission(self, request: HttpRequest) -> bool:
        """Let staff in whose second factor was given, where the library asks for one."""
        return super().has_permission(request) and has_passed(request)

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Ask for the second factor whoever got past the password only."""
        if super().has_permission(request) and not has_passed(request):
            onward = urlencode({"next": next_page(request)})
            return redirect(f"{reverse('admin:second_factor')}?{onward}")
        return super().login(request, extra_context)

    def each_context(self, request: HttpRequest) -> dict:
        return super().each_context(request) | {"second_factor": is_required()}

    # A site may answer by any response; the stubs know of Django's own first page alone.
    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:  # type: ignore[override]
        if request.user.has_perm("loans.work_at_the_desk") and "lists" not in request.GET:
            return redirect("admin:desk")
        unfilled = _unfilled() if request.user.has_perm("catalog.change_policy") else []
        return super().index(request, {"unfilled": unfilled} | (extra_context or {}))


def _unfilled() -> list[tuple[str, str]]:
    """Return what a new installation has still to say about itself, each with the page where it is filled in."""
    policy = Policy.current()
    address = reverse("admin:catalog_policy_change", args=[policy.pk])
    missing = [(words, address) for words in policy.unfilled()]
    if not Library.objects.exists():
        missing.append(("図書館（館の名前・電話番号・開館時間）", reverse("admin:catalog_library_add")))
    if not LimitGroup.objects.exclude(reservation_limit=None, loan_limit=None).exists():
        missing.append(("予約と貸出の点数の上限（なければ制限なし）", reverse("admin:catalog_limitgroup_changelist")))
    return missing
