"""What this room holds about a patron, until when, and how it forgets (SPEC M11)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from patrons.models import AccountPolicy, LoginSession, LookUp, MailRequest, Patron, ShelfEntry, TryCounter
from patrons.people import look_ups
from patrons.people.held import KINDS_HELD, staff_log
from patrons.protection import throttle
from patrons.reading import reading_log

TAKEN_OUT_KEPT_DAYS = 1  # a title taken out of a shelf, for 「もとに戻す」


@dataclass(frozen=True)
class Erasable:
    """What patrons erase by themselves: its kind in ``held_about``, how many rows there are, and how they go."""

    section: str | Promise
    count: Callable[[Patron], int]
    erase: Callable[[Patron], int]


ERASABLE = {
    "reading_log": Erasable(_("読書の記録"), reading_log.count, reading_log.delete_all),
    "shelves": Erasable(
        _("My 本棚"),
        lambda patron: ShelfEntry.objects.of(patron).count() or patron.shelves.count(),
        lambda patron: patron.shelves.all().delete()[1].get(ShelfEntry._meta.label, 0),
    ),
    "challenges": Erasable(
        _("読書チャレンジ"),
        lambda patron: patron.challenges.count(),
        lambda patron: patron.challenges.all().delete()[0],
    ),
}


def held_about(patron: Patron) -> dict[str, list[dict[str, object]]]:
    """Return who the patron is to the library, as plain values."""
    return {str(kind.name): kind.held(patron) for kind in KINDS_HELD}


def kept() -> dict[str, str]:
    """Return, for each kind of ``held_about``, until when it is kept, by the rules of today."""
    policy = AccountPolicy.current()
    return {str(kind.name): str(kind.kept(policy)) for kind in KINDS_HELD}


@transaction.atomic
def erase(patron: Patron) -> None:
    """Delete the patron and the login with all that hangs on them; the rooms above have let go before."""
    locked = Patron.objects.select_for_update(of=("self",)).select_related("user").get(pk=patron.pk)
    user = locked.user
    throttle.forget_card(locked.card_number)
    staff_log(locked).delete()
    locked.delete()
    user.delete()


def purge(*, on: date) -> dict[str, int]:
    """Delete what is over by the account rules and return how many rows of each kind went.

    ``on`` is today in Asia/Tokyo. New rows of reading logs and look-ups are mixed (``mix``), which deletes nothing.
    """
    policy, midnight = AccountPolicy.current(), datetime.combine(on, time(), tzinfo=timezone.get_current_timezone())

    def before(days: int) -> datetime:
        return midnight - timedelta(days=days)

    over = {
        "account mails": MailRequest.objects.filter(created_at__lt=before(policy.mail_requests_kept_days)),
        "ended sessions": LoginSession.objects.filter(expire_date__lt=midnight),
        "look-ups": LookUp.objects.filter(at__lt=before(policy.look_ups_kept_days)),
        "staff log": LogEntry.objects.filter(action_time__lt=before(policy.staff_log_kept_days)),
        "titles taken out of shelves": ShelfEntry.objects.filter(removed_at__lt=before(TAKEN_OUT_KEPT_DAYS)),
        "counters of tries": TryCounter.objects.filter(last_at__lt=before(policy.tries_kept_days)),
    }
    gone = {kind: rows.delete()[1].get(rows.model._meta.label, 0) for kind, rows in over.items()}
    reading_log.mix()
    look_ups.mix(before=midnight)
    return gone
