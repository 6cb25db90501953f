"""What this room holds about a patron, and how it forgets (decision 1)."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notifications.models import Alert, Announced, Mail, MailPolicy, Notice, Reminders
from patrons.models import Patron
from patrons.privacy import Erasable
from reservations.models import ACTIVE, start_of_day
from reservations.moves import lock_patron

ERASABLE = {
    "alerts": Erasable(
        _("新着資料お知らせメールの条件"),
        lambda patron: Alert.objects.filter(patron=patron).count(),
        lambda patron: Alert.objects.filter(patron=patron).delete()[0],
    )
}


def held_about(patron: Patron) -> dict[str, list[dict[str, object]]]:
    """Return conditions, reminders and mails that are still kept, as plain values for the patron's own data page."""
    alerts = Alert.objects.filter(patron=patron).select_related("material_type", "library")
    return {
        gettext("新着資料お知らせメールの条件"): [
            {
                gettext("条件"): "　".join(alert.words),
                gettext("お知らせする"): alert.active,
                gettext("登録"): alert.created_at,
            }
            for alert in alerts
        ],
        gettext("期限のお知らせ"): [{str(kind.label): wanted for kind, wanted in Reminders.of(patron).chosen.items()}],
        gettext("メール"): [
            {
                gettext("種類"): mail.get_kind_display(),
                gettext("状態"): mail.get_state_display(),
                gettext("あて先"): mail.address,
                gettext("日付"): mail.date,
            }
            for mail in Mail.objects.filter(patron=patron)
        ],
    }


def kept() -> dict[str, str]:
    """Return, for each kind of ``held_about``, until when it is kept, by the rules of today."""
    return {
        gettext("新着資料お知らせメールの条件"): gettext("あなたが消すまで持ちます。"),
        gettext("期限のお知らせ"): gettext("利用者登録をしているあいだ持ちます。"),
        gettext("メール"): gettext("文面は送るとすぐに消え、送った記録は%(days)s日たつと消えます。")
        % {"days": MailPolicy.current().kept_days},
    }


@transaction.atomic
def erase(patron: Patron) -> None:
    """Delete the patron's conditions, reminders, notices and mails."""
    lock_patron(patron.pk)
    for model in (Alert, Reminders, Notice, Mail):
        model.objects.filter(patron=patron).delete()


def purge(*, on: date) -> dict[str, int]:
    """Delete mails and notices that ended so many days ago (``MailPolicy.kept_days``); return how many of each went.

    A notice of a reservation that is still active stays, or it would be told again; it goes with its reservation.
    """
    policy = MailPolicy.current()
    oldest = start_of_day(on - timedelta(days=policy.kept_days))
    notices = Notice.objects.exclude(state=Notice.State.PENDING).filter(created_at__lt=oldest)
    over = {
        "notices": notices.filter(Q(reservation=None) | ~Q(reservation__state__in=ACTIVE)),
        "mails": Mail.objects.exclude(state=Mail.State.PENDING).filter(closed_at__lt=oldest),
        "announced titles": Announced.objects.filter(day__lt=on - timedelta(days=policy.announced_kept_days)),
    }
    return {kind: rows.delete()[1].get(rows.model._meta.label, 0) for kind, rows in over.items()}
