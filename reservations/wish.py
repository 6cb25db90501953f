"""One wish to reserve: where to collect, how to be told, from which place; as a form and an address write it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self
from uuid import UUID

from django.http import QueryDict

from catalog.models import Library
from catalog.typed_numbers import typed_number
from patrons.models import ContactMethod, Patron


class ReservingPlace(Protocol):
    """What the rules ask of the place where a patron reserves: the request's ``Face``, or ``limits.COUNTER``."""

    @property
    def made_at(self) -> str: ...
    @property
    def contact_methods(self) -> tuple[str, ...]: ...
    @property
    def sequences(self) -> bool: ...
    @property
    def settings(self) -> bool: ...


@dataclass(frozen=True)
class Wish:
    """One request to reserve, sent once as ``submission``; ``as_sequence`` wants all of the titles, in their order.

    ``pickup_library`` None and a ``contact_method`` of no letters mean «not chosen», which ``limits`` refuses.
    """

    pickup_library: Library | None
    contact_method: str
    face: ReservingPlace
    submission: UUID | None = None
    as_sequence: bool = False

    @classmethod
    def from_form(cls, cleaned: Mapping[str, Any], face: ReservingPlace) -> Self:
        """Return what a valid ``BasketForm`` asks for."""
        return cls(
            cleaned["pickup_library"],
            cleaned["contact_method"],
            face,
            submission=cleaned["submission"],
            as_sequence=cleaned.get("as_sequence", False),
        )

    def to_query(self) -> dict[str, object]:
        """Return what an address says of the wish, so that the page there can ask the rules again."""
        return {
            "pickup": self.pickup_library.pk if self.pickup_library else "",
            "contact": self.contact_method,
            "sequence": "1" if self.as_sequence else "",
        }

    @classmethod
    def from_query(cls, query: QueryDict, patron: Patron, face: ReservingPlace) -> Self:
        """Read back what ``to_query`` wrote; the patron's usual method stands in for one that is missing."""
        return cls(
            Library.objects.filter(pk=typed_number(query.get("pickup")) or 0).first(),
            query.get("contact") or usual_method(patron, face),
            face,
            as_sequence=bool(query.get("sequence")),
        )


def usual_method(patron: Patron, face: ReservingPlace) -> str:
    """Return the patron's own 連絡方法, as far as a place offers it (SPEC R1)."""
    if patron.contact_method in face.contact_methods and patron.reachable_by(patron.contact_method):
        return patron.contact_method
    return ContactMethod.EMAIL if patron.email else ContactMethod.NONE
