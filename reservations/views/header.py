"""What the header shows of this room on every page."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from patrons.account.access import patron_of
from reservations.basket import ids_in_cookie


def basket(request: HttpRequest) -> dict:
    """Give templates ``basket_count``, counted only when a template asks; a visitor's costs no query."""
    return {"basket_count": SimpleLazyObject(lambda: count(request))}


def count(request: HttpRequest) -> int:
    """Count the titles in the basket, those in the cookie of a patron who has just logged in included."""
    brought = set(ids_in_cookie(request))
    patron = patron_of(request)
    if patron is None:
        return len(brought)
    return len(brought | set(patron.basket.values_list("title_id", flat=True)))
