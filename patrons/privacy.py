"""What this room holds about a patron, until when, and how it forgets (SPEC M11)."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.languages.words import in_reader_language
from patrons.models import AccountPolicy, LoginSession, LookUp, MailRequest, Patron, ShelfEntry, TryCounter, User
from patrons.people import look_ups
from patrons.protection import throttle
from patrons.reading import reading_log

TAKEN_OUT_KEPT_DAYS = 1  # a title taken out of a shelf, for 「もとに戻す」
ROLES = {"counter": _("カウンター担当"), "cataloguing": _("目録担当"), "manager": _("責任者")}
OTHER_ROLE = _("管理者")
PAGES = {
    "admin:desk": _("カウンターの画面"),
    "admin:desk_patron": _("利用者の画面"),
    "admin:patrons_patron_change": _("利用者情報の画面"),
}
USUAL_PAGE = PAGES["admin:desk_patron"]
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
    """Return who the patron is to the library, as plain values; of the staff the role and the day, never a name."""
    facts = {str(Patron._meta.get_field(name).verbose_name): _plain(patron, name) for name in SHOWN}
    return {
        gettext("利用者情報"): [facts | {gettext("いつもの連絡方法"): patron.get_contact_method_display()}],
        gettext("ログイン中の端末"): [
            {
                gettext("端末"): in_reader_language(row.device),
                gettext("ログイン"): row.started_at,
                gettext("最後の操作"): row.seen_at,
            }
            for row in patron.user.sessions.all()
        ],
        gettext("パスキー"): [
            {gettext("名前"): row.name, gettext("登録"): row.created_at, gettext("最後の使用"): row.last_used_at}
            for row in patron.passkeys.all()
        ],
        gettext("アカウントのメール"): [
            {
                gettext("種類"): row.get_kind_display(),
                gettext("あて先"): row.address,
                gettext("作成"): row.created_at,
                gettext("送信"): row.sent_at,
            }
            for row in patron.mail_requests.all()
        ],
        gettext("My 本棚"): [
            {
                gettext("本棚"): entry.shelf.name,
                gettext("資料"): str(entry),
                gettext("著者"): entry.by,
                gettext("しるし"): entry.get_mark_display(),
                gettext("読んだ日"): entry.read_on,
                gettext("ページ数"): entry.pages,
                gettext("メモ"): entry.note,
                gettext("追加"): entry.added_at,
                gettext("取り出し"): entry.removed_at,
            }
            for entry in ShelfEntry.objects.of(patron).select_related("shelf", "title").order_by("shelf", "position")
        ],
        gettext("読書チャレンジ"): [
            {
                gettext("名前"): challenge.name,
                gettext("目標"): challenge.goal,
                gettext("数えるもの"): challenge.get_unit_display(),
                gettext("始まり"): challenge.first,
                gettext("終わり"): challenge.last,
            }
            for challenge in patron.challenges.all()
        ],
        gettext("読書の記録"): [
            {gettext("資料"): read.title, gettext("返した日"): read.on} for read in reading_log.read_between(patron)
        ],
        gettext("職員が利用者情報を見た記録"): _looks(patron),
        gettext("職員が利用者情報を変えた記録"): [
            {
                gettext("日"): timezone.localdate(entry.action_time),
                gettext("担当"): _role(entry.user),
                gettext("内容"): entry.get_change_message(),
            }
            for entry in _admin_log(patron).select_related("user").prefetch_related("user__groups")
        ],
    }


def kept() -> dict[str, str]:
    """Return, for each kind of ``held_about``, until when it is kept, by the rules of today."""
    policy = AccountPolicy.current()
    until_erased = gettext("あなたが消すまで持ちます。")
    days = gettext("%(days)s日たつと消えます。")
    return {
        gettext("利用者情報"): gettext("利用者登録をしているあいだ持ちます。"),
        gettext("ログイン中の端末"): gettext("ログアウトするか、ログインから%(hours)s時間たつと消えます。")
        % {"hours": policy.session_hours},
        gettext("パスキー"): until_erased,
        gettext("アカウントのメール"): days % {"days": policy.mail_requests_kept_days},
        gettext("My 本棚"): gettext("あなたが消すまで持ちます。取り出した資料は、1日たつと消えます。"),
        gettext("読書チャレンジ"): until_erased,
        gettext("読書の記録"): until_erased,
        gettext("職員が利用者情報を見た記録"): days % {"days": policy.look_ups_kept_days},
        gettext("職員が利用者情報を変えた記録"): days % {"days": policy.staff_log_kept_days},
    }


def _looks(patron: Patron) -> list[dict[str, object]]:
    """Return the look-ups by day, role and page, the latest first."""
    rows = patron.look_ups.select_related("by").prefetch_related("by__groups")
    looks = Counter(
        (timezone.localdate(row.at), _role(row.by), str(PAGES.get(row.page, PAGES["admin:desk_patron"])))
        for row in rows
    )
    return [
        {gettext("日"): day, gettext("担当"): role, gettext("画面"): page, gettext("回数"): times}
        for (day, role, page), times in looks.items()
    ]


def _role(user: User) -> str:
    return str(next((ROLES[group.name] for group in user.groups.all() if group.name in ROLES), OTHER_ROLE))


def _admin_log(patron: Patron) -> QuerySet[LogEntry]:
    """Return what Django's admin wrote down about changes of the patron."""
    return LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Patron), object_id=str(patron.pk))


@transaction.atomic
def erase(patron: Patron) -> None:
    """Delete the patron and the login with all that hangs on them; the rooms above have let go before."""
    locked = Patron.objects.select_for_update(of=("self",)).select_related("user").get(pk=patron.pk)
    user = locked.user
    throttle.forget_card(locked.card_number)
    _admin_log(locked).delete()
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


def _plain(patron: Patron, name: str) -> object:
    """Return a column in words, as a day, or as yes and no."""
    if name == "language":
        return dict(settings.LANGUAGES).get(patron.language, patron.language)
    value = getattr(patron, f"get_{name}_display", lambda: getattr(patron, name))()
    if isinstance(value, str | bool | date):
        return value
    return "" if value is None else str(value)
