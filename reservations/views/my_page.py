"""A reservation as 「予約している資料」 tells it: where it stands, what comes next, in words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from catalog.languages.days import written
from catalog.models import Policy, Title
from patrons.models import Patron
from reservations.limits import sentences
from reservations.models import Reservation, State
from reservations.queue import copies_of
from reservations.views.wait import expected_weeks, in_words, turnarounds


@dataclass
class Line:
    """One reservation with its sentences; ``volume_order_id`` is set while its 順番予約 has two members or more."""

    reservation: Reservation
    note: str
    wait: str = ""
    copies: int = 0
    volume_order_id: int | None = None

    @property
    def title(self) -> Title:
        return self.reservation.title

    @property
    def look(self) -> str:
        """Return how the component ``lane`` marks it."""
        if self.reservation.state == State.READY:
            return "done"
        return "waiting" if self.reservation.behind_earlier_volume else "active"

    @property
    def in_line(self) -> bool:
        """Tell whether its place counts: a copy can serve it, and no earlier volume is awaited."""
        return self.reservation.can_be_served and not self.reservation.behind_earlier_volume

    @property
    def asks_for_release(self) -> bool:
        """Tell whether it waits behind a volume that no copy can serve, so that 解除 is offered."""
        return self.reservation.behind_stranded and self.volume_order_id is not None

    @property
    def may_be_ordered(self) -> bool:
        """Tell whether it could become a volume of a 順番予約."""
        return self.volume_order_id is None and not self.reservation.held


@dataclass
class VolumeOrderShown:
    """A 順番予約 that lives, with its active members in their order."""

    pk: int
    lines: list[Line] = field(default_factory=list)

    @property
    def members(self) -> list[dict[str, object]]:
        """Return what the component ``lane`` shows."""
        return [
            {
                "name": str(line.title),
                "href": "",
                "state": line.look,
                "of": line.reservation,
                "note": line.note,
            }
            for line in self.lines
        ]


def lines_for(patron: Patron, *, now: datetime, on: date) -> list[Line]:
    """Return the patron's active reservations as they are shown, in four queries."""
    reservations = list(patron.reservations.for_my_page(on))
    title_ids = [reservation.title_id for reservation in reservations if reservation.state == State.WAITING]
    copies, turnaround = copies_of(title_ids), turnarounds(title_ids, now=now)
    shelf_days = Policy.current().hold_open_days
    lines = []
    for reservation in reservations:
        line = line_of(reservation, on)
        if of_title := copies.get(reservation.title_id):
            line.copies = of_title.servable
            skipped = reservation.behind_earlier_volume or reservation.asleep(on)
            times = None if skipped else turnaround.get(reservation.title_id)
            line.wait = in_words(expected_weeks(reservation.place, line.copies, times, shelf_days=shelf_days))
        lines.append(line)
    return lines


def line_of(reservation: Reservation, on: date) -> Line:
    """Return one reservation, read by ``shown``, with its note."""
    order = reservation.sequence_id if reservation.volumes > 1 else None
    return Line(reservation, note_of(reservation, on), volume_order_id=order)


def note_of(reservation: Reservation, on: date) -> str:
    """Return the one sentence that tells where a reservation stands."""
    library = reservation.pickup_library.short_name
    if reservation.state == State.READY and reservation.collect_by:
        ready = _("%(library)sでお渡しできます。取置期限は%(day)sです。")
        return ready % {"library": library, "day": written(reservation.collect_by)}
    if reservation.state == State.IN_TRANSIT:
        return _("%(library)sへ配送中です。準備ができるまで、もうしばらくお待ちください。") % {"library": library}
    if not reservation.can_be_served:
        return sentences(
            _("いま貸出できる資料がありません。図書館からご連絡します。"),
            _("このままお待ちいただくことも、取り消すこともできます。"),
        )
    if reservation.sleeps_until and reservation.asleep(on):
        asleep = _("お休み中です。%(day)sに順番へ戻ります。順番はそのままです。")
        return asleep % {"day": written(reservation.sleeps_until)}
    if reservation.behind_stranded:
        return sentences(
            _("先にお渡しする資料が、いま貸出できません。"),
            _("順番予約を解除すると、この資料だけ先にご用意できます。"),
        )
    if reservation.behind_earlier_volume:
        return sentences(
            _("先にお渡しする資料の準備ができてから、この資料をご用意します。"), _("予約した順番は変わりません。")
        )
    return _("順番は %(place)s 番目です。") % {"place": reservation.place}


def volume_orders_of(lines: Iterable[Line]) -> list[VolumeOrderShown]:
    """Gather the lines of each living 順番予約, in its order."""
    orders: dict[int, VolumeOrderShown] = {}
    for line in lines:
        if line.volume_order_id:
            orders.setdefault(line.volume_order_id, VolumeOrderShown(line.volume_order_id)).lines.append(line)
    for order in orders.values():
        order.lines.sort(key=lambda line: line.reservation.sequence_position or 0)
    return list(orders.values())
