"""The staff's site: Django's admin with the counter as its first page (issue of the counter, RULINGS 1)."""

from collections.abc import Callable
from functools import wraps

from django.contrib.admin import AdminSite
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from loans.desk_urls import desk_urls


class PortalAdminSite(AdminSite):
    """Staff log in here; who works at the counter lands on the desk, the others on the lists they may see."""

    site_header = "図書館職員の画面"
    site_title = "図書館職員の画面"
    index_title = "管理"
    site_url = "/"

    def admin_view(self, view: Callable[..., HttpResponse], cacheable: bool = False) -> Callable[..., HttpResponse]:
        """Refuse an address with a NUL, which PostgreSQL keeps in no text and the lists would search for."""
        guarded = super().admin_view(view, cacheable)

        @wraps(view)
        def inner(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if "\x00" in "".join(request.GET.values()):
                raise BadRequest
            return guarded(request, *args, **kwargs)

        return inner

    def get_urls(self) -> list:
        return [*desk_urls(self.admin_view), *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        if request.user.has_perm("loans.work_at_the_desk") and "lists" not in request.GET:
            return redirect("admin:desk")
        return super().index(request, extra_context)
