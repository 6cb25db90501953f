"""「順番予約」: the order of arrival among a patron's own reservations (SPEC R5).

Only the order is stored. A volume sleeps while one before it is 「予約中」 or 「配送中」; a sequence with fewer than
two active members is as good as none. Every place in a queue stays what it was. Locks: see ``moves``.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from catalog.copies import lock_titles
from patrons.models import Patron
from reservations import limits
from reservations.limits import Refusal, RefusedError
from reservations.models import ACTIVE, Reservation, State, VolumeOrder
from reservations.moves import lock_patron
from reservations.wish import ReservingPlace


def live(patron: Patron) -> QuerySet[VolumeOrder]:
    """Return the patron's sequences that still mean something: two or more active members."""
    members = Count("members", filter=Q(members__state__in=ACTIVE))
    return VolumeOrder.objects.filter(patron=patron).annotate(active=members).filter(active__gte=2)


@transaction.atomic
def make_sequence(
    patron: Patron, reservations: Sequence[Reservation], *, face: ReservingPlace, now: datetime
) -> VolumeOrder:
    """Make a 順番予約 of two or more of the patron's waiting reservations, in the order given, and return it.

    Raise RefusedError when one of them does not wait, is another patron's, or stands in a sequence that must be
    released (解除) first.
    """
    patron = lock_patron(patron.pk)
    mine = patron.reservations.filter(pk__in=[reservation.pk for reservation in reservations]).order_by("pk")
    lock_titles(set(mine.values_list("title_id", flat=True)))
    members = {row.pk: row for row in mine.select_for_update(of=("self",), no_key=True)}
    if found := _refusals(patron, reservations, members, face):
        raise RefusedError(*found)
    order = VolumeOrder.objects.create(patron=patron, created_at=now)
    for position, asked in enumerate(reservations, 1):
        member = members[asked.pk]
        member.sequence, member.sequence_position = order, position
        member.save(update_fields=("sequence", "sequence_position"))
    return order


def _refusals(
    patron: Patron, asked: Sequence[Reservation], members: dict[int, Reservation], face: ReservingPlace
) -> list[Refusal]:
    found = limits.sequence_refusals(list(members), face)
    if len(members) < len(asked) or any(member.state != State.WAITING for member in members.values()):
        sentence = _("「順番予約」にできるのは「予約中」の資料だけです。画面を開き直してお確かめください。")
        found.append(Refusal("sequence_not_waiting", sentence))
    taken = set(live(patron).values_list("pk", flat=True))
    if any(member.sequence_id in taken for member in members.values()):
        sentence = _(
            "すでに「順番予約」にした資料があります。追加するときは、一度解除してから、もう一度設定してください。"
        )
        found.append(Refusal("sequence_taken", sentence))
    return found


@transaction.atomic
def release_sequence(order: VolumeOrder, *, face: ReservingPlace) -> None:
    """Release a 順番予約 (解除): each member is back at the place of its own number."""
    if not face.sequences:
        raise RefusedError(*limits.sequence_refusals((), face))
    lock_patron(order.patron_id)
    members = Reservation.objects.filter(sequence=order)
    lock_titles(set(members.values_list("title_id", flat=True)))
    members.update(sequence=None, sequence_position=None)
    VolumeOrder.objects.filter(pk=order.pk).delete()
