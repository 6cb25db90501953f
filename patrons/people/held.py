"""What is held about a patron, in one table: each kind with its rows as plain values, and until when (SPEC M11).

Of the staff the patron sees the role and the day, never a name.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.languages.words import in_reader_language
from patrons.models import AccountPolicy, Patron, ShelfEntry, User
from patrons.reading import reading_log

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

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
    "contact_method",
)
COLUMNS = {field.name: field for field in Patron._meta.concrete_fields}
UNTIL_ERASED = _("あなたが消すまで持ちます。")
FOR_DAYS = _("%(days)s日たつと消えます。")


class LooksOfADay(NamedTuple):
    """How often somebody of a role opened a page about the patron on a day."""

    day: date
    role: str
    page: str
    times: int


@dataclass(frozen=True)
class HeldKind:
    """One kind of what is held.

    ``terms`` names each value of a row by its column, by a method without arguments or by a function of the row;
    ``kept`` says until when a row is kept, by the account rules of today.
    """

    name: "_StrOrPromise"
    rows: Callable[[Patron], Iterable[object]]
    terms: "tuple[tuple[_StrOrPromise, str | Callable[..., object]], ...]"
    kept: "Callable[[AccountPolicy], _StrOrPromise]"

    def held(self, patron: Patron) -> list[dict[str, object]]:
        """Return the patron's rows, each as term → plain value."""
        return [{str(term): _value(row, source) for term, source in self.terms} for row in self.rows(patron)]


def _value(row: object, source: str | Callable[..., object]) -> object:
    if not isinstance(source, str):
        return source(row)
    value = getattr(row, source)
    return value() if callable(value) else value


def staff_log(patron: Patron) -> QuerySet[LogEntry]:
    """Return what Django's admin wrote down about changes of the patron."""
    return LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Patron), object_id=str(patron.pk))


def _fact(patron: Patron, name: str) -> object:
    """Return a column in words, as a day, or as yes and no."""
    if name == "language":
        return dict(settings.LANGUAGES).get(patron.language, patron.language)
    value = getattr(patron, f"get_{name}_display", lambda: getattr(patron, name))()
    if isinstance(value, str | bool | date):
        return value
    return "" if value is None else str(value)


def _looks(patron: Patron) -> list[LooksOfADay]:
    """Return the look-ups by day, role and page, the latest first."""
    rows = patron.look_ups.select_related("by").prefetch_related("by__groups")
    looks = Counter((timezone.localdate(row.at), _role(row.by), str(PAGES.get(row.page, USUAL_PAGE))) for row in rows)
    return [LooksOfADay(day, role, page, times) for (day, role, page), times in looks.items()]


def _role(user: User) -> str:
    return str(next((ROLES[group.name] for group in user.groups.all() if group.name in ROLES), OTHER_ROLE))


KINDS_HELD = (
    HeldKind(
        _("利用者情報"),
        lambda patron: [patron],
        tuple((COLUMNS[name].verbose_name, lambda patron, name=name: _fact(patron, name)) for name in SHOWN),
        lambda policy: _("利用者登録をしているあいだ持ちます。"),
    ),
    HeldKind(
        _("ログイン中の端末"),
        lambda patron: patron.user.sessions.all(),
        (
            (_("端末"), lambda row: in_reader_language(row.device)),
            (_("ログイン"), "started_at"),
            (_("最後の操作"), "seen_at"),
        ),
        lambda policy: (
            _("ログアウトするか、ログインから%(hours)s時間たつと消えます。") % {"hours": policy.session_hours}
        ),
    ),
    HeldKind(
        _("パスキー"),
        lambda patron: patron.passkeys.all(),
        ((_("名前"), "name"), (_("登録"), "created_at"), (_("最後の使用"), "last_used_at")),
        lambda policy: UNTIL_ERASED,
    ),
    HeldKind(
        _("アカウントのメール"),
        lambda patron: patron.mail_requests.all(),
        ((_("種類"), "get_kind_display"), (_("あて先"), "address"), (_("作成"), "created_at"), (_("送信"), "sent_at")),
        lambda policy: FOR_DAYS % {"days": policy.mail_requests_kept_days},
    ),
    HeldKind(
        _("My 本棚"),
        lambda patron: ShelfEntry.objects.of(patron).select_related("shelf", "title").order_by("shelf", "position"),
        (
            (_("本棚"), lambda entry: entry.shelf.name),
            (_("資料"), str),
            (_("著者"), "by"),
            (_("しるし"), "get_mark_display"),
            (_("読んだ日"), "read_on"),
            (_("ページ数"), "pages"),
            (_("メモ"), "note"),
            (_("追加"), "added_at"),
            (_("取り出し"), "removed_at"),
        ),
        lambda policy: _("あなたが消すまで持ちます。取り出した資料は、1日たつと消えます。"),
    ),
    HeldKind(
        _("読書チャレンジ"),
        lambda patron: patron.challenges.all(),
        (
            (_("名前"), "name"),
            (_("目標"), "goal"),
            (_("数えるもの"), "get_unit_display"),
            (_("始まり"), "first"),
            (_("終わり"), "last"),
        ),
        lambda policy: UNTIL_ERASED,
    ),
    HeldKind(
        _("読書の記録"),
        reading_log.read_between,
        ((_("資料"), "title"), (_("返した日"), "on")),
        lambda policy: UNTIL_ERASED,
    ),
    HeldKind(
        _("職員が利用者情報を見た記録"),
        _looks,
        ((_("日"), "day"), (_("担当"), "role"), (_("画面"), "page"), (_("回数"), "times")),
        lambda policy: FOR_DAYS % {"days": policy.look_ups_kept_days},
    ),
    HeldKind(
        _("職員が利用者情報を変えた記録"),
        lambda patron: staff_log(patron).select_related("user").prefetch_related("user__groups"),
        (
            (_("日"), lambda entry: timezone.localdate(entry.action_time)),
            (_("担当"), lambda entry: _role(entry.user)),
            (_("内容"), "get_change_message"),
        ),
        lambda policy: FOR_DAYS % {"days": policy.staff_log_kept_days},
    ),
)
