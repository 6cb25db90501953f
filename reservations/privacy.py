"""What this room holds about a patron, and how it forgets (decisions 1 and 3, promise 10)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.copies import lock_titles
from catalog.languages.words import in_reader_language
from catalog.models import Policy, Title
from patrons.models import Patron
from reservations.models import ACTIVE, BasketEntry, Reservation, State, VolumeOrder, start_of_day
from reservations.moves import lock_patron


def held_about(patron: Patron) -> dict[str, list[dict[str, object]]]:
    """Return the basket and every reservation that is still kept, as plain values for the patron's own data page."""
    basket = BasketEntry.objects.filter(patron=patron).select_related("title")
    kept = patron.reservations.select_related("title", "pickup_library").prefetch_related("events")
    return {
        _("予約かご"): [{_("資料"): str(entry.title), _("追加日時"): entry.added_at} for entry in basket],
        _("予約"): [
            {
                _("資料"): str(reservation.title),
                _("状態"): reservation.get_state_display(),
                _("受取館"): reservation.pickup_library.name,
                _("連絡方法"): reservation.get_contact_method_display(),
                _("受付"): reservation.get_made_at_display(),
                _("予約日時"): reservation.placed_at,
                _("取置期限"): reservation.collect_by,
                _("お休み"): reservation.sleeps_until,
                _("終了"): reservation.closed_at,
                _("理由"): in_reader_language(reservation.close_reason),
                _("記録"): [
                    {_("日時"): event.at, _("状態"): event.get_moved_to_display()} for event in reservation.events.all()
                ],
            }
            for reservation in kept
        ],
    }


@transaction.atomic
def erase(patron: Patron) -> None:
    """Delete the patron's basket, reservations and sequences; a held copy is left for the clearing list."""
    lock_patron(patron.pk)
    lock_titles(set(patron.reservations.active().values_list("title_id", flat=True)))
    BasketEntry.objects.filter(patron=patron).delete()
    patron.reservations.all().delete()
    VolumeOrder.objects.filter(patron=patron).delete()


def forget(patron: Patron, title: Title) -> None:
    """Delete the fulfilled reservations of a title with their events, when the patron has brought it back.

    For check-in, in the transaction that empties ``Loan.patron``.
    """
    Reservation.objects.filter(patron=patron, title=title, state=State.FULFILLED).delete()


def kept() -> dict[str, str]:
    """Return, for each kind of ``held_about``, until when it is kept, by the rules of today."""
    days = {"days": Policy.current().cancelled_shown_days}
    return {
        _("予約かご"): _("予約するか、予約かごから出すまで持ちます。"),
        _("予約"): _("資料を返すと消えます。取り消した予約は%(days)s日たつと消えます。") % days,
    }


def purge(*, on: date) -> dict[str, int]:
    """Delete cancelled and expired reservations that 「取消済予約一覧」 no longer shows, and empty sequences.

    ``on`` is today in Asia/Tokyo. A fulfilled one stays until its copy comes back (``forget``). Returns how many
    of each were deleted.
    """
    days = Policy.current().cancelled_shown_days
    shown = Reservation.objects.lately_cancelled(on, days).values("pk")
    over = Reservation.objects.filter(closed_at__lt=start_of_day(on), state__in=(State.CANCELLED, State.EXPIRED))
    deleted = over.exclude(pk__in=shown).delete()[1].get(Reservation._meta.label, 0)
    empty = VolumeOrder.objects.exclude(members__state__in=ACTIVE).filter(members=None).delete()[0]
    return {"cancelled reservations": deleted, "empty sequences": empty}
