"""A patron's reservations: place, change, pause, cancel, take back. Copies are in ``holds``, volumes in ``sequences``.

Locks: Patron → Title (ascending id) → Item → Reservation, see ``moves``. A place in a queue is a number drawn from the
title's counter under the title's lock, so the order of numbers is the order of commits; it is never changed.

Every verb takes ``now`` (aware datetime) and ``by`` (the login that acts) and is one transaction of its own, or part
of the caller's. A verb that may not do what is asked raises ``limits.RefusedError`` and has changed nothing.
``situation_of`` and ``copies_of`` read the facts that ``limits`` judges by.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from django.db import transaction
from django.db.models import Count, F, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from catalog.copies import lock_titles
from catalog.models import Item, Library, Policy, Title
from catalog.models.item import SERVABLE
from patrons.models import Patron, User
from reservations import limits
from reservations.limits import Copies, PatronSituation, Refusal, RefusedError
from reservations.models import BasketEntry, Reservation, State, VolumeOrder
from reservations.moves import lock_patron, lock_reservation, move, record
from reservations.wish import ReservingPlace, Wish

LONGEST_PAUSE = timedelta(days=366)
ClosedBy = Reservation.ClosedBy


@dataclass(frozen=True)
class PlaceResult:
    """What became of one title: a reservation with its ``place`` in the queue, or the refusals that kept it out."""

    title: Title
    reservation: Reservation | None = None
    place: int | None = None
    refusals: tuple[Refusal, ...] = ()

    @property
    def accepted(self) -> bool:
        return self.reservation is not None


@transaction.atomic
def place(patron: Patron, titles: Sequence[Title], wish: Wish, *, now: datetime, by: User | None) -> list[PlaceResult]:
    """Reserve titles in the order given and return a PlaceResult for each, in that order (SPEC R1 to R8).

    What fits is accepted and leaves the basket, the rest is refused with every reason; ``wish.as_sequence`` makes it
    all or nothing. The same submission sent again returns what the first one did and places nothing.
    """
    patron, titles = lock_patron(patron.pk), list(dict.fromkeys(titles))
    sent = wish.submission and {row.title_id: row for row in patron.reservations.filter(submission=wish.submission)}
    if sent:
        again = Refusal("sent_before", _("この送信はすでに受け付けました。この資料は予約されていません。"))
        return _results(titles, sent, {title.pk: (again,) for title in titles if title.pk not in sent}, now)
    situation = situation_of(patron)  # under the patron's lock; a title in demand is locked no longer than it must be
    locked = lock_titles([title.pk for title in titles])
    refused = _refused(patron, titles, locked, situation, wish)
    accepted = [locked[title.pk] for title in titles if not refused[title.pk]]
    order = VolumeOrder.objects.create(patron=patron, created_at=now) if wish.as_sequence and accepted else None
    made = {
        title.pk: _insert(patron, title, wish, now=now, by=by, order=order, position=position)
        for position, title in enumerate(accepted, 1)
    }
    BasketEntry.objects.filter(patron=patron, title__in=made).delete()
    return _results(titles, made, refused, now)


def _results(
    titles: Sequence[Title],
    made: Mapping[int, Reservation],
    refused: Mapping[int, tuple[Refusal, ...]],
    now: datetime,
) -> list[PlaceResult]:
    placed = Reservation.objects.filter(pk__in=[row.pk for row in made.values()]).with_place(timezone.localdate(now))
    places = {row.title_id: row.place for row in placed}
    return [PlaceResult(title, made.get(title.pk), places.get(title.pk), refused.get(title.pk, ())) for title in titles]


def judge(patron: Patron, titles: Sequence[Title], wish: Wish | None = None) -> dict[int, tuple[Refusal, ...]]:
    """Return what ``place`` would refuse now, by title id, for a page to show; nothing is locked or written.

    Without a wish: what stands against a title whatever library and method are chosen. ``titles`` come with
    ``material_type__limit_group``.
    """
    return _refused(patron, titles, {title.pk: title for title in titles}, situation_of(patron), wish)


def _refused(
    patron: Patron, titles: Sequence[Title], known: Mapping[int, Title], situation: PatronSituation, wish: Wish | None
) -> dict[int, tuple[Refusal, ...]]:
    """Judge the titles in their order, each with what those accepted before it use up."""
    copies = copies_of(known)
    of_all = limits.sequence_refusals(titles, wish.face) if wish and wish.as_sequence else []
    answer: dict[int, tuple[Refusal, ...]] = {}
    for asked in titles:
        title = known.get(asked.pk)
        if title is None:
            answer[asked.pk] = (Refusal("gone", _("この資料の記録はなくなりました。")),)
            continue
        owned = copies.get(title.pk, Copies())
        found = of_all + limits.refusals(title, patron=patron, situation=situation, copies=owned, wish=wish)
        answer[title.pk] = tuple(found)
        situation = situation if found else situation.plus(title)
    if wish and wish.as_sequence and any(answer.values()):
        return {pk: found or (limits.whole_sequence(),) for pk, found in answer.items()}
    return answer


def _insert(
    patron: Patron,
    title: Title,
    wish: Wish,
    *,
    now: datetime,
    by: User | None,
    order: VolumeOrder | None,
    position: int,
) -> Reservation:
    """Draw the next number of the title, whose lock is held, and write the reservation and its first event."""
    Title.objects.filter(pk=title.pk).update(last_queue_number=F("last_queue_number") + 1)
    title.last_queue_number += 1
    reservation = Reservation(
        patron=patron,
        title=title,
        material_type=title.material_type,
        audiovisual=title.material_type.audiovisual,
        contact_method=wish.contact_method,
        made_at=wish.face.made_at,
        queue_number=title.last_queue_number,
        placed_at=now,
        submission=wish.submission,
        sequence=order,
        sequence_position=position if order else None,
    )
    reservation.collect_at(cast(Library, wish.pickup_library))  # chosen, or ``limits.refusals`` had said no
    reservation.save(force_insert=True)
    record(reservation, at=now, by=by, moved_from="")
    return reservation


@transaction.atomic
def change(
    reservation: Reservation, *, pickup_library: Library, contact_method: str, face: ReservingPlace
) -> Reservation:
    """Change 受取館 and 連絡方法 of a waiting reservation and return it (SPEC M1, R2).

    A method it already has is kept on any face. Staff change held ones with ``holds.redirect``.
    """
    locked = lock_reservation(reservation.pk)
    _must_wait(locked)
    found = limits.pickup_refusals(locked.title, pickup_library)
    found += limits.contact_refusals(locked.patron, contact_method, face, locked.contact_method)
    if found:
        raise RefusedError(*found)
    locked.collect_at(pickup_library)
    locked.tell_by(contact_method, made_at=face.made_at)
    locked.save()
    return locked


def _must_wait(reservation: Reservation) -> None:
    if reservation.held:
        raise RefusedError(limits.held_refusal(reservation.pickup_library))
    if reservation.state != State.WAITING:
        state = {"state": reservation.get_state_display()}
        raise RefusedError(Refusal("ended", _("この予約は終わっています（%(state)s）。") % state))


@transaction.atomic
def pause(reservation: Reservation, until: date, *, now: datetime) -> Reservation:
    """Let a waiting reservation sleep: it is skipped before the day ``until`` and keeps its place."""
    locked = lock_reservation(reservation.pk)
    _must_wait(locked)
    today = timezone.localdate(now)
    if not today < until <= today + LONGEST_PAUSE:
        raise RefusedError(Refusal("pause_day", _("お休みは、明日から1年先までの日付でお決めください。")))
    locked.sleeps_until = until
    locked.save(update_fields=("sleeps_until",))
    return locked


@transaction.atomic
def resume(reservation: Reservation) -> Reservation:
    """Wake a sleeping reservation at once."""
    locked = lock_reservation(reservation.pk)
    _must_wait(locked)
    locked.sleeps_until = None
    locked.save(update_fields=("sleeps_until",))
    return locked


@transaction.atomic
def cancel(
    reservation: Reservation,
    *,
    now: datetime,
    by: User | None,
    closed_by: str = ClosedBy.PATRON,
    reason: str = "",
) -> Reservation:
    """Cancel and return the reservation: a patron only a waiting one, the library (``closed_by``) any active one.

    A copy that was held stays where it is and so comes on the clearing list; its next scan serves the next patron.
    """
    locked = lock_reservation(reservation.pk)
    if closed_by == ClosedBy.PATRON or not locked.held:
        _must_wait(locked)
    ending = {"item": None, "closed_at": now, "closed_by": closed_by, "close_reason": reason}
    move(locked, State.CANCELLED, at=now, by=by, reason=reason, **ending)
    return locked


@transaction.atomic
def take_back(reservation: Reservation, *, now: datetime, by: User | None, face: ReservingPlace) -> Reservation:
    """Put a reservation the patron has just cancelled back at its old place (decision 4).

    Refused after ``Policy.take_back_minutes``, when the library cancelled it, and when a rule has come in between.
    """
    locked = lock_reservation(reservation.pk)
    policy = Policy.current()
    if not may_take_back(locked, policy, now):
        over = _("取消をもとに戻せるのは、取り消してから%(minutes)s分のあいだだけです。もう一度予約してください。")
        raise RefusedError(Refusal("take_back_over", over % {"minutes": policy.take_back_minutes}))
    found = limits.refusals(
        locked.title,
        patron=locked.patron,
        situation=situation_of(locked.patron),
        copies=copies_of([locked.title_id]).get(locked.title_id, Copies()),
        wish=Wish(locked.pickup_library, locked.contact_method, face),
        kept_method=locked.contact_method,
    )
    if found:
        raise RefusedError(*found)
    reopened = {"closed_at": None, "closed_by": "", "close_reason": ""}
    move(locked, State.WAITING, at=now, by=by, reason=gettext_noop("取消をもとに戻した"), **reopened)
    return locked


def may_take_back(reservation: Reservation, policy: Policy, now: datetime) -> bool:
    """Tell whether the time to take a cancellation back is still running."""
    by_patron = reservation.state == State.CANCELLED and reservation.closed_by == ClosedBy.PATRON
    if not by_patron or reservation.closed_at is None:
        return False
    return now <= reservation.closed_at + timedelta(minutes=policy.take_back_minutes)


def situation_of(patron: Patron) -> PatronSituation:
    """Read what a patron has now, in three queries."""
    active = patron.reservations.active()
    groups = active.filter(material_type__limit_group__isnull=False).order_by().values("material_type__limit_group")
    counted = groups.annotate(n=Count("*"), frees=Min("collect_by", filter=Q(state=State.READY)))
    rows = [(row["material_type__limit_group"], row["n"], row["frees"]) for row in counted]
    borrowed = Item.objects.filter(loans__patron=patron, loans__returned_at=None)
    return PatronSituation(
        reserved=set(active.values_list("title_id", flat=True)),
        on_loan=dict(borrowed.values_list("title_id", "loans__due_on")),
        active_per_group={group: count for group, count, _frees in rows},
        group_frees_on={group: frees + timedelta(days=1) for group, _count, frees in rows if frees},
    )


def copies_of(title_ids: Collection[int]) -> dict[int, Copies]:
    """Count the copies of titles by title id, in one query; a title without copies is left out."""
    counted = Item.objects.not_withdrawn().filter(title__in=title_ids).order_by().values("title")
    rows = counted.annotate(
        not_withdrawn=Count("*"),
        lendable_ones=Count("pk", filter=Q(lendable=True)),
        servable=Count("pk", filter=SERVABLE),
    )
    return {row["title"]: Copies(row["not_withdrawn"], row["lendable_ones"], row["servable"]) for row in rows}
