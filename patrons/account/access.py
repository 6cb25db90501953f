"""Who may open a page of My ライブラリ."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from patrons.models import Patron, User


def patron_of(request: HttpRequest) -> Patron | None:
    """Return the logged-in patron, None for a visitor and for staff without a card."""
    return getattr(request.user, "patron", None) if request.user.is_authenticated else None


def has_own_password(user: User) -> bool:
    """Tell whether somebody chose the password they log in with: staff always, patrons after their first login."""
    patron = getattr(user, "patron", None)
    return user.is_authenticated and (patron is None or patron.own_password_set_at is not None)


def patron_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open a view to logged-in patrons only, with ``request.patron``; the answer is never stored by a browser."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        patron = patron_of(request)
        if patron is None:
            return redirect_to_login(request.get_full_path())
        request.patron = patron
        return view(request, *args, **kwargs)

    return guarded
