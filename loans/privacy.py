"""What this room holds about a patron, and how it forgets (SPEC M11, V1)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from loans.models import Loan
from patrons.models import Patron
from patrons.people.look_ups import Midnight
from reservations.models import start_of_day
from reservations.moves import lock_patron


class StillOnLoanError(Exception):
    """Something is on loan to the patron: it comes back before the account can be erased."""


def held_about(patron: Patron) -> dict[str, list[dict[str, object]]]:
    """Return what is on loan now, as plain values for the patron's own data page; past loans know nobody."""
    loans = Loan.objects.for_my_page(patron)
    return {
        _("借りている資料"): [
            {
                _("資料"): str(loan.item.title),
                _("資料番号"): loan.item.barcode,
                _("貸出館"): loan.library.name,
                _("貸出日時"): loan.checked_out_at,
                _("貸出期限"): loan.due_on,
                _("延長日時"): loan.extended_at,
            }
            for loan in loans
        ]
    }


def kept() -> dict[str, str]:
    """Return, for each kind of ``held_about``, until when it is kept."""
    return {_("借りている資料"): _("資料を返すと、あなたとのつながりが消えます。")}


@transaction.atomic
def erase(patron: Patron) -> None:
    """Make sure that nothing here knows the patron; StillOnLoanError while a copy is out."""
    lock_patron(patron.pk)
    if Loan.objects.of(patron).exists():
        raise StillOnLoanError


def purge(*, on: date) -> dict[str, int]:
    """Keep of loans that ended before today (``on``, in Asia/Tokyo) the days alone; return of how many.

    Statistics need no more, and by the minute a loan could be told from what else happened at that counter.
    """
    days = {name: Midnight(name) for name in ("checked_out_at", "extended_at", "returned_at")}
    ended = Loan.objects.filter(returned_at__lt=start_of_day(on))
    exact = ended.exclude(checked_out_at=days["checked_out_at"], returned_at=days["returned_at"])
    return {"times of loans": exact.update(**days)}
