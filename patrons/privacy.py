"""What this room holds about a patron, and how it forgets (M11)."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from patrons import reading_log, throttle
from patrons.models import LoginSession, LookUp, MailRequest, Patron, ShelfEntry

MAILS_KEPT = timedelta(days=30)
LOOK_UPS_KEPT = timedelta(days=365)
TAKEN_OUT_KEPT = timedelta(days=1)  # a title taken out of a shelf, for 「もとに戻す」
SHOWN = (
    "card_number",
    "name",
    "name_reading",
    "birth_date",
    "telephone",
    "fax",
    "postal_code",
    "address",
    "email",
    "email_failing_since",
    "pickup_library",
    "language",
    "text_size",
    "wide_spacing",
    "furigana",
    "own_password_set_at",
    "put_back_on",
    "asked_about_log_on",
    "registered_on",
)


def held_about(patron: Patron) -> dict[str, list[dict[str, object]]]:
    """Return who the patron is to the library, as plain values; of look-ups when and where, not by whom."""
    facts = {Patron._meta.get_field(name).verbose_name: _plain(getattr(patron, name)) for name in SHOWN}
    return {
        "利用者情報": [facts | {"いつもの連絡方法": patron.get_contact_method_display()}],
        "ログイン中の端末": [
            {"端末": row.device, "ログイン": row.started_at, "最後の操作": row.seen_at}
            for row in patron.user.sessions.all()
        ],
        "パスキー": [
            {"名前": row.name, "登録": row.created_at, "最後の使用": row.last_used_at} for row in patron.passkeys.all()
        ],
        "アカウントのメール": [
            {"種類": row.get_kind_display(), "あて先": row.address, "作成": row.created_at, "送信": row.sent_at}
            for row in patron.mail_requests.all()
        ],
        "My 本棚": [
            {
                "本棚": entry.shelf.name,
                "資料": str(entry),
                "著者": entry.by,
                "しるし": entry.get_mark_display(),
                "読んだ日": entry.read_on,
                "ページ数": entry.pages,
                "メモ": entry.note,
                "追加": entry.added_at,
                "取り出し": entry.removed_at,
            }
            for entry in ShelfEntry.objects.of(patron).select_related("shelf", "title").order_by("shelf", "position")
        ],
        "読書チャレンジ": [
            {
                "名前": challenge.name,
                "目標": challenge.goal,
                "数えるもの": challenge.get_unit_display(),
                "始まり": challenge.first,
                "終わり": challenge.last,
            }
            for challenge in patron.challenges.all()
        ],
        "読書の記録": [{"資料": read.title, "返した日": read.on} for read in reading_log.read_between(patron)],
        "職員が利用者情報を見た記録": [{"日時": row.at, "画面": row.page} for row in patron.look_ups.all()],
    }


@transaction.atomic
def erase(patron: Patron) -> None:
    """Delete the patron and the login with all that hangs on them; the rooms above have let go before."""
    locked = Patron.objects.select_for_update(of=("self",)).select_related("user").get(pk=patron.pk)
    user = locked.user
    throttle.forget_card(locked.card_number)
    locked.delete()
    user.delete()


def purge(*, on: date) -> int:
    """Delete what is over and return how many rows went: account mails and sessions past their time, old counters,
    titles taken out of shelves.

    Who looked at whom is kept for LOOK_UPS_KEPT and then forgotten, too. New rows of reading logs are mixed.
    """
    reading_log.mix()
    now = datetime.combine(on, time(), tzinfo=timezone.get_current_timezone())
    over = (
        MailRequest.objects.filter(created_at__lt=now - MAILS_KEPT),
        LoginSession.objects.filter(expire_date__lt=now),
        LookUp.objects.filter(at__lt=now - LOOK_UPS_KEPT),
        ShelfEntry.objects.filter(removed_at__lt=now - TAKEN_OUT_KEPT),
        throttle.forgettable(now=now),
    )
    return sum(rows.delete()[0] for rows in over)


def _plain(value: object) -> object:
    return "" if value is None else value if isinstance(value, str) or hasattr(value, "isoformat") else str(value)
