"""A patron's reservations: place, change, pause, cancel, take back. Copies are in ``holds``, volumes in ``sequences``.

Locks: Patron → Title (ascending id) → Item → Reservation, see ``moves``. A place in a queue is a number drawn from the
title's counter under the title's lock, so the order of numbers is the order of commits; it is never changed.

Every verb takes ``now`` (aware datetime) and ``by`` (the login that acts) and is one transaction of its own, or part
of the caller's. A verb that may not do what is asked raises ``limits.RefusedError`` and has changed nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from catalog.copies import lock_titles
from catalog.models import Library, Policy, Title
from patrons.models import Patron, User
from reservations import limits
from reservations.limits import Copies, Face, Refusal, RefusedError, Standing
from reservations.models import BasketEntry, Reservation, State
from reservations.models import Sequence as Lane
from reservations.moves import lock_patron, lock_reservation, move, record
from reservations.situation import copies_of, standing_of

LONGEST_PAUSE = timedelta(days=366)
ClosedBy = Reservation.ClosedBy


@dataclass(frozen=True)
class Outcome:
    """What became of one title: a reservation with its ``place`` in the queue, or the refusals that kept it out."""

    title: Title
    reservation: Reservation | None = None
    place: int | None = None
    refusals: tuple[Refusal, ...] = ()

    @property
    def accepted(self) -> bool:
        return self.reservation is not None


@dataclass(frozen=True)
class Wish:
    """One request to reserve: where to collect, how to be told, on which face, sent once as ``submission``."""

    pickup_library: Library
    contact_method: str
    face: Face
    submission: UUID | None = None


@transaction.atomic
def place(
    patron: Patron,
    titles: Sequence[Title],
    *,
    pickup_library: Library,
    contact_method: str,
    face: Face,
    now: datetime,
    by: User | None,
    submission: UUID | None = None,
    as_sequence: bool = False,
) -> list[Outcome]:
    """Reserve titles in the order given and return an Outcome for each, in that order (SPEC R1 to R8).

    What fits is accepted and leaves the basket, the rest is refused with every reason; ``as_sequence`` makes it all
    or nothing. ``face`` is a ``Face`` of the request or ``limits.COUNTER``. The same ``submission`` sent again
    returns what the first one did and places nothing.
    """
    patron, titles = lock_patron(patron.pk), list(dict.fromkeys(titles))
    wish = Wish(pickup_library, contact_method, face, submission)
    if submission and (placed := _placed_before(patron, submission)):
        return _answered_again(titles, placed, timezone.localdate(now))
    standing = standing_of(patron)  # under the patron's lock; a title in demand is locked no longer than it must be
    locked = lock_titles([title.pk for title in titles])
    refused = _refused(patron, titles, locked, standing, wish, as_sequence=as_sequence)
    accepted = [title for title in titles if not refused[title.pk]]
    lane = Lane.objects.create(patron=patron, created_at=now) if as_sequence and accepted else None
    made = {
        title.pk: _insert(patron, locked[title.pk], wish, now=now, by=by, lane=lane, position=position)
        for position, title in enumerate(accepted, 1)
    }
    BasketEntry.objects.filter(patron=patron, title__in=made).delete()
    return _outcomes(titles, made, refused, timezone.localdate(now))


def _placed_before(patron: Patron, submission: UUID) -> dict[int, Reservation]:
    return {row.title_id: row for row in Reservation.objects.filter(patron=patron, submission=submission)}


def _answered_again(titles: Sequence[Title], placed: dict[int, Reservation], on: date) -> list[Outcome]:
    again = Refusal("sent_before", _("この送信はすでに受け付けました。この資料は予約されていません。"))
    return _outcomes(titles, placed, {title.pk: (again,) for title in titles if title.pk not in placed}, on)


def _outcomes(
    titles: Sequence[Title], made: dict[int, Reservation], refused: dict[int, tuple[Refusal, ...]], on: date
) -> list[Outcome]:
    placed = Reservation.objects.filter(pk__in=[row.pk for row in made.values()]).with_place(on)
    places = dict(placed.values_list("title_id", "place"))
    return [
        Outcome(title, made.get(title.pk), places.get(title.pk), tuple(refused.get(title.pk, ()))) for title in titles
    ]


def _refused(
    patron: Patron,
    titles: Sequence[Title],
    locked: dict[int, Title],
    standing: Standing,
    wish: Wish | None,
    *,
    as_sequence: bool,
) -> dict[int, tuple[Refusal, ...]]:
    """Judge the titles in their order, each with what those accepted before it use up."""
    copies = copies_of(locked)
    of_all = limits.sequence_refusals(titles, wish.face) if wish and as_sequence else []
    answer: dict[int, tuple[Refusal, ...]] = {}
    for asked in titles:
        title = locked.get(asked.pk)
        if title is None:
            answer[asked.pk] = (Refusal("gone", _("この資料の記録はなくなりました。")),)
            continue
        found = of_all + limits.general_refusals(title, standing, copies.get(title.pk, Copies()))
        if wish:
            found += limits.pickup_refusals(title, wish.pickup_library)
            found += limits.contact_refusals(patron, wish.contact_method, wish.face)
        answer[title.pk] = tuple(found)
        standing = standing if found else standing.plus(title)
    if as_sequence and any(answer.values()):
        return {pk: found or (limits.whole_sequence(),) for pk, found in answer.items()}
    return answer


def judge(
    patron: Patron, titles: Sequence[Title], wish: Wish | None = None, *, as_sequence: bool = False
) -> dict[int, tuple[Refusal, ...]]:
    """Return what ``place`` would refuse now, by title id, for a page to show; nothing is locked or written.

    Without a wish: what stands against a title whatever library and method are chosen. ``titles`` come with
    ``material_type__limit_group``.
    """
    known = {title.pk: title for title in titles}
    return _refused(patron, titles, known, standing_of(patron), wish, as_sequence=as_sequence)


def _insert(
    patron: Patron,
    title: Title,
    wish: Wish,
    *,
    now: datetime,
    by: User | None,
    lane: Lane | None,
    position: int,
) -> Reservation:
    """Draw the next number of the title, whose lock is held, and write the reservation and its first event."""
    Title.objects.filter(pk=title.pk).update(last_queue_number=F("last_queue_number") + 1)
    title.last_queue_number += 1
    reservation = Reservation.objects.create(
        patron=patron,
        title=title,
        material_type=title.material_type,
        audiovisual=title.material_type.audiovisual,
        pickup_library=wish.pickup_library,
        pickup_hands_out_av=wish.pickup_library.hands_out_av,
        contact_method=wish.contact_method,
        made_at=wish.face.made_at,
        queue_number=title.last_queue_number,
        placed_at=now,
        submission=wish.submission,
        sequence=lane,
        sequence_position=position if lane else None,
    )
    record(reservation, at=now, by=by, moved_from="")
    return reservation


@transaction.atomic
def change(reservation: Reservation, *, pickup_library: Library, contact_method: str, face: Face) -> Reservation:
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
def take_back(reservation: Reservation, *, now: datetime, by: User | None, face: Face) -> Reservation:
    """Put a reservation the patron has just cancelled back at its old place (decision 4).

    Refused after ``Policy.take_back_minutes``, when the library cancelled it, and when a rule has come in between.
    """
    locked = lock_reservation(reservation.pk)
    if found := _too_late(locked, now) or _rules_in_between(locked, face):
        raise RefusedError(*found)
    reopened = {"closed_at": None, "closed_by": "", "close_reason": ""}
    move(locked, State.WAITING, at=now, by=by, reason=gettext_noop("取消をもとに戻した"), **reopened)
    return locked


def may_take_back(reservation: Reservation, policy: Policy, now: datetime) -> bool:
    """Tell whether the time to take a cancellation back is still running."""
    if reservation.state != State.CANCELLED or reservation.closed_by != ClosedBy.PATRON:
        return False
    return now <= reservation.closed_at + timedelta(minutes=policy.take_back_minutes)


def _too_late(reservation: Reservation, now: datetime) -> list[Refusal]:
    policy = Policy.current()
    if may_take_back(reservation, policy, now):
        return []
    over = _("取消をもとに戻せるのは、取り消してから%(minutes)s分のあいだだけです。もう一度予約してください。")
    return [Refusal("take_back_over", over % {"minutes": policy.take_back_minutes})]


def _rules_in_between(reservation: Reservation, face: Face) -> list[Refusal]:
    return limits.refusals(
        reservation.title,
        patron=reservation.patron,
        standing=standing_of(reservation.patron),
        copies=copies_of([reservation.title_id]).get(reservation.title_id, Copies()),
        pickup_library=reservation.pickup_library,
        contact_method=reservation.contact_method,
        face=face,
        kept_method=reservation.contact_method,
    )
