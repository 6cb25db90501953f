"""「予約かご」: a signed cookie for visitors, rows for patrons; the cookie joins the rows when its owner is logged in.

A visitor's basket needs no session and no row. Both kinds have the same face: ``ids``, ``add``, ``remove``, ``move``
and ``keep``, which writes what changed into a response.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from catalog.models import Title
from catalog.requests import PortalRequest
from catalog.typed_numbers import typed_number
from patrons.account.access import patron_of
from patrons.models import Patron
from reservations.models import BasketEntry

COOKIE = "basket"
SALT = "reservations.basket"
KEPT = timedelta(days=14)
MOST = 50  # titles in one basket, so that the cookie stays small


class VisitorBasket:
    """A basket in a cookie: the numbers of titles, signed, in the order they were put in."""

    def __init__(self, request: PortalRequest) -> None:
        self.ids = ids_in_cookie(request)
        # On a shared terminal it is kept no longer than a visit, at home it waits for its owner.
        visit = request.face.visit_seconds
        self._kept = timedelta(seconds=visit) if visit else KEPT

    def add(self, pk: int) -> None:
        if pk not in self.ids and len(self.ids) < MOST:
            self.ids.append(pk)

    def remove(self, pk: int) -> None:
        self.ids = [kept for kept in self.ids if kept != pk]

    def move(self, pk: int, *, steps: int) -> None:
        self.ids = moved(self.ids, pk, steps=steps)

    def keep(self, response: HttpResponse) -> None:
        """Write the cookie, or end it when nothing is left."""
        if not self.ids:
            response.delete_cookie(COOKIE, samesite="Lax")
            return
        response.set_signed_cookie(
            COOKIE,
            ".".join(map(str, self.ids)),
            salt=SALT,
            max_age=self._kept,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


class PatronBasket:
    """A basket in rows; what a cookie brought is joined at the end."""

    def __init__(self, patron: Patron, brought: Iterable[int] = ()) -> None:
        self.patron = patron
        self.ids = list(patron.basket.values_list("title_id", flat=True))
        self._brought = bool(brought)
        if new := [pk for pk in brought if pk not in self.ids]:
            known = set(Title.objects.filter(pk__in=new).values_list("pk", flat=True))
            self._append([pk for pk in new if pk in known])

    def _append(self, pks: list[int]) -> None:
        room = pks[: MOST - len(self.ids)]
        now, end = timezone.now(), len(self.ids)
        entries = [
            BasketEntry(patron=self.patron, title_id=pk, position=end + number, added_at=now)
            for number, pk in enumerate(room)
        ]
        BasketEntry.objects.bulk_create(entries, ignore_conflicts=True)
        self.ids += room

    def add(self, pk: int) -> None:
        if pk not in self.ids:
            self._append([pk])

    def remove(self, pk: int) -> None:
        self.patron.basket.filter(title=pk).delete()
        self.ids = [kept for kept in self.ids if kept != pk]

    def move(self, pk: int, *, steps: int) -> None:
        self.ids = moved(self.ids, pk, steps=steps)
        entries = list(self.patron.basket.filter(title__in=self.ids))
        for entry in entries:
            entry.position = self.ids.index(entry.title_id)
        BasketEntry.objects.bulk_update(entries, ("position",))

    def keep(self, response: HttpResponse) -> None:
        """End the cookie whose titles have been joined."""
        if self._brought:
            response.delete_cookie(COOKIE, samesite="Lax")


def basket_of(request: PortalRequest) -> VisitorBasket | PatronBasket:
    """Return the visitor's or the patron's basket; a patron's takes in what the cookie holds."""
    patron = patron_of(request)
    return PatronBasket(patron, ids_in_cookie(request)) if patron else VisitorBasket(request)


def ids_in_cookie(request: HttpRequest) -> list[int]:
    """Return the numbers of titles in the cookie, empty when it is missing, forged or too old."""
    value = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=KEPT) or ""
    return [number for part in value.split(".") if (number := typed_number(part))][:MOST]


def moved(ids: list[int], pk: int, *, steps: int) -> list[int]:
    """Return the list with one element moved towards the front (negative steps) or the end."""
    if pk not in ids:
        return ids
    rest = [one for one in ids if one != pk]
    place = max(0, min(len(rest), ids.index(pk) + steps))
    return [*rest[:place], pk, *rest[place:]]


def titles_of(ids: list[int]) -> list[Title]:
    """Return the titles in the order of their numbers, with what the basket shows; those that vanished are left out."""
    shown = Title.objects.with_waiting().with_copies().select_related("material_type__limit_group")
    found = shown.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]
