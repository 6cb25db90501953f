"""Who may open a page of My ライブラリ."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from catalog.requests import PortalRequest
from patrons.models import Patron, User

Given = ParamSpec("Given")  # what the address hands to a view besides the request


class PatronRequest(PortalRequest):
    """A request behind ``patron_required``: who asks is known."""

    patron: Patron
    user: User


def patron_of(request: HttpRequest) -> Patron | None:
    """Return the logged-in patron, None for a visitor and for staff without a card."""
    return getattr(request.user, "patron", None) if request.user.is_authenticated else None


def has_own_password(user: User | AnonymousUser) -> bool:
    """Tell whether somebody chose the password they log in with: staff always, patrons after their first login."""
    patron = getattr(user, "patron", None)
    return user.is_authenticated and (patron is None or patron.own_password_set_at is not None)


def patron_required(
    view: Callable[Concatenate[PatronRequest, Given], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Given], HttpResponse]:
    """Open a view to logged-in patrons only, with ``request.patron``; the answer is never stored by a browser."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponse:
        patron = patron_of(request)
        if patron is None:
            return redirect_to_login(request.get_full_path())
        known = cast(PatronRequest, request)
        known.patron = patron
        return view(known, *args, **kwargs)

    return guarded
