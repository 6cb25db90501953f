"""連絡リスト: who is to be told by telephone, ring or FAX today that a reservation is ready (SPEC D5, N2)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from catalog.models import Library
from loans.models import ContactAttempt
from patrons.models import ContactMethod, User
from reservations.models import Reservation, State
from reservations.moves import lock_reservation


def to_contact(library: Library) -> list[Reservation]:
    """Return the ready reservations of a library that nobody has been told of, the earliest deadline first.

    eメール is here only when the mail could not be delivered.
    """
    untold = Reservation.objects.filter(pickup_library=library, state=State.READY, contacted_at=None)
    mail_failed = Q(contact_method=ContactMethod.EMAIL, contact_failed_at__isnull=False)
    rows = untold.filter(Q(contact_method__in=ContactMethod.by_hand()) | mail_failed)
    rows = rows.select_related("patron", "item").prefetch_related("contact_attempts__by")
    return list(rows.order_by("collect_by", "pk"))


@transaction.atomic
def note(reservation: Reservation, result: str, *, by: User, now: datetime) -> bool:
    """Write how a contact went; False when the reservation is no longer ready, and nothing is written."""
    locked = lock_reservation(reservation.pk)
    if locked.state != State.READY:
        return False
    ContactAttempt.objects.create(reservation=locked, at=now, by=by, result=result)
    if result in ContactMethod.ends():
        locked.contacted_at = now
        locked.save(update_fields=("contacted_at",))
    return True
