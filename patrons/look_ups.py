"""The door through which staff look at a patron; each look leaves a row (SPEC D9)."""

from datetime import datetime

from patrons.models import LookUp, Patron, User


def record(patron: Patron, *, by: User, page: str, now: datetime) -> None:
    """Write down that a member of staff opened a page about a patron; ``page`` names it as ``app:thing``."""
    LookUp.objects.create(patron=patron, by=by, page=page, at=now)
