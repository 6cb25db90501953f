"""What may be reserved, by whom, where and how: every rule says no in one kind sentence, all of them at once.

Nothing here reads the database or the clock. ``refusals`` puts the rules together, for the page that judges before
anything is sent as for ``reservations.queue``, which asks again under its locks, with facts read there.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext as _

from catalog.languages.days import written
from catalog.languages.table import current
from catalog.languages.words import gap
from catalog.models import Library, Title
from patrons.models import ContactMethod, Patron
from reservations.models import Reservation
from reservations.wish import ReservingPlace, Wish


@dataclass(frozen=True)
class Counter:
    """The counter: all five contact methods (decision 22) and everything else."""

    made_at: str = Reservation.MadeAt.COUNTER
    contact_methods: tuple[str, ...] = tuple(ContactMethod.values)
    sequences: bool = True
    settings: bool = False


COUNTER = Counter()


@dataclass(frozen=True)
class Refusal:
    """One rule that says no: its name for code, its sentence for people, the day on which it may change."""

    rule: str
    sentence: str
    changes_on: date | None = None

    def __str__(self) -> str:
        return self.sentence


def whole_sequence() -> Refusal:
    """Return why a title that may be reserved alone is not: others of its 順番予約 may not."""
    sentence = _("「順番予約」は、選んだ資料がすべて予約できるときだけ受け付けます。この資料だけなら予約できます。")
    return Refusal("whole_sequence", sentence)


class RefusedError(Exception):
    """A verb did nothing; ``refusals`` say why."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__(" ".join(refusal.sentence for refusal in refusals))
        self.refusals = refusals


@dataclass(frozen=True)
class Copies:
    """The copies of a title: ``not_withdrawn``, ``lendable`` of them, ``servable`` of these (see ``SERVABLE``)."""

    not_withdrawn: int = 0
    lendable: int = 0
    servable: int = 0


@dataclass(frozen=True)
class PatronSituation:
    """What a patron has now: active reservations and open loans.

    ``reserved`` holds title ids; ``on_loan`` maps title id → due date; ``active_per_group`` maps LimitGroup id → active
    reservations; ``group_frees_on`` maps LimitGroup id → the first day on which one of them is certainly over (the day
    after the earliest shelf deadline), where there is one.
    """

    reserved: Collection[int] = ()
    on_loan: Mapping[int, date] = field(default_factory=dict)
    active_per_group: Mapping[int, int] = field(default_factory=dict)
    group_frees_on: Mapping[int, date] = field(default_factory=dict)

    def plus(self, title: Title) -> "PatronSituation":
        """Return the situation after one more reservation was accepted."""
        group = title.material_type.limit_group_id
        counted = dict(self.active_per_group)
        if group is not None:
            counted[group] = counted.get(group, 0) + 1
        return replace(self, reserved={*self.reserved, title.pk}, active_per_group=counted)

    def minus(self, title: Title) -> "PatronSituation":
        """Return the situation as if the reservation of ``title``, which is there, were not."""
        group = title.material_type.limit_group_id
        counted = dict(self.active_per_group)
        if group is not None:
            counted[group] = counted.get(group, 1) - 1
        return replace(self, reserved={*self.reserved} - {title.pk}, active_per_group=counted)


def refusals(
    title: Title,
    *,
    patron: Patron,
    situation: PatronSituation,
    copies: Copies,
    wish: Wish | None,
    kept_method: str | None = None,
) -> list[Refusal]:
    """Return every rule that forbids reserving ``title``, empty when it may be reserved (SPEC R2 to R6, R8).

    Without a wish: what stands against it whatever library and method are chosen. ``kept_method`` is the method a
    reservation already has and may keep in any place. ``title.material_type.limit_group`` is read, so fetch it along.
    """
    found = [*title_refusals(title, copies), *_of_situation(title, situation)]
    if wish:
        found += pickup_refusals(title, wish.pickup_library)
        found += contact_refusals(patron, wish.contact_method, wish.face, kept_method)
    return found


def title_refusals(title: Title, copies: Copies) -> list[Refusal]:
    """Return why nobody may reserve a title."""
    return list(_of_title(title, copies))


def _of_title(title: Title, copies: Copies) -> Iterator[Refusal]:
    if not title.material_type.reservable:
        yield Refusal("not_reservable", _("%(kind)sは予約できません。") % {"kind": title.material_type.label})
    elif not copies.not_withdrawn:
        yield Refusal("no_copy", _("所蔵がないため、予約できません。"))
    elif not copies.lendable:
        yield Refusal("not_lendable", _("館内でご覧いただく資料（禁帯出）のため、予約できません。"))
    elif not copies.servable:
        yield Refusal("all_missing", _("資料が調査中（所在を確かめています）のため、いまは予約できません。"))


def _of_situation(title: Title, situation: PatronSituation) -> Iterator[Refusal]:
    if title.pk in situation.reserved:
        yield Refusal("already_reserved", _("すでに予約している資料です。「予約している資料」でご確認ください。"))
    if due_on := situation.on_loan.get(title.pk):
        sentence = _("いま借りている資料です（貸出期限 %(day)s）。返却のあとで予約できます。")
        yield Refusal("on_loan", sentence % {"day": written(due_on)}, due_on)
    group = title.material_type.limit_group
    if group is None or group.reservation_limit is None:
        return
    if situation.active_per_group.get(group.pk, 0) < group.reservation_limit:
        return
    several = "・" in group.name and "（" not in group.name
    most = _("%(group)sの予約はあわせて%(most)s点までです。") if several else _("%(group)sの予約は%(most)s点までです。")
    then = _("予約した資料を借りるか、予約を取り消すと、予約できるようになります。")
    if frees_on := situation.group_frees_on.get(group.pk):
        then = _("取り置き中の資料を受け取るか、%(day)sに取置期限が過ぎると、予約できるようになります。")
    most %= {"group": group.label, "most": group.reservation_limit}
    yield Refusal("limit", sentences(most, then % {"day": frees_on and written(frees_on)}), frees_on)


def pickup_refusals(title: Title, library: Library | None) -> list[Refusal]:
    """Return why a title cannot be collected at a library (SPEC R4)."""
    if library is None:
        return [Refusal("no_pickup", _("受取館をお選びください。"))]
    if title.material_type.audiovisual and not library.hands_out_av:
        sentence = _("%(library)sでは、CD・DVD・ビデオの受け取りはできません。ほかの受取館をお選びください。")
        return [Refusal("audiovisual_pickup", sentence % {"library": library.name})]
    return []


def contact_refusals(
    patron: Patron, method: str | None, face: ReservingPlace, kept_method: str | None = None
) -> list[Refusal]:
    """Return why a patron cannot be told by a method on this face, and how to register what is missing (SPEC R2)."""
    if method not in ContactMethod.values:
        return [Refusal("no_contact", _("連絡方法をお選びください。"))]
    if method not in face.contact_methods and method != kept_method:
        joint = ", " if current().spaced else "」「"
        offered = joint.join(str(ContactMethod(one).label) for one in face.contact_methods)
        sentence = _("連絡方法は「%(offered)s」からお選びください。") % {"offered": offered}
        return [Refusal("contact_not_offered", sentence)]
    if method == kept_method or patron.reachable_by(method):
        return []
    chosen = ContactMethod(method)
    sentence = _("%(missing)sが登録されていないため、「%(method)s」は選べません。")
    where = _("カウンターか、ご自宅の「利用者情報設定」で登録してください。")
    if face.settings:
        where = _("「利用者情報設定」で登録してください。")
    said = sentence % {"missing": chosen.facts.needed, "method": chosen.label}
    return [Refusal("contact_missing", sentences(said, where))]


def sequence_refusals(titles: Sequence[object], face: ReservingPlace) -> list[Refusal]:
    """Return why several titles cannot be a 順番予約 (SPEC R5)."""
    if not face.sequences:
        return [Refusal("sequence_not_offered", _("「順番予約」は、カウンターでお申し込みください。"))]
    if len(titles) < 2:
        return [Refusal("sequence_too_short", _("「順番予約」には、2点以上の資料をお選びください。"))]
    return []


def held_refusal(library: Library) -> Refusal:
    """Return why a reservation that is 配送中 or 取置／貸出可 stays as it is (SPEC M2)."""
    stays = _("準備ができた予約資料（「配送中」または「取置／貸出可」の資料）は、ここでは変更・取消ができません。")
    ask = _("受取館の%(library)s（電話 %(telephone)s）にご相談ください。")
    return Refusal("held", sentences(stays, ask % {"library": library.name, "telephone": library.telephone}))


def sentences(*several: str) -> str:
    """Set sentences behind each other as the language of the page does."""
    return gap().join(several)
