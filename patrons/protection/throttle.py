"""Guessing is stopped before a password is hashed (SPEC P7).

Every try is charged to its counters first, in one short transaction that holds their rows in the order of their keys,
and given back when it was right. So a hundred tries at once hash exactly as often as the rules allow.

- A stranger's try counts for the card, for the network and for everybody.
- A try from a device where this login got in before counts for that device and card alone.
- A try on a registered terminal counts there: for the card on that terminal, and for the terminal.

A card's counter makes one wait longer and longer, then shuts for some minutes with every try; it forgets after
a day without a try, or when somebody gets in. Networks and everybody are counted by windows of some minutes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.crypto import salted_hmac

from patrons.models import AccountPolicy, TryCounter
from patrons.protection.origin import Origin


class ShutError(Exception):
    """No more tries until ``until``; nothing was hashed."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True)
class Ticket:
    """A try that was charged: ``locks_card`` says that it was the one that shut a card's counter for long."""

    series: tuple[str, ...]
    windows: tuple[str, ...]
    locks_card: bool


def charge_login(username: str, origin: Origin, policy: AccountPolicy, *, now: datetime) -> Ticket:
    """Charge a try at a login from somewhere; ShutError when one of its counters is shut."""
    if origin.terminal:
        return _charge({"terminal-card": f"{origin.terminal}:{username}"}, {}, policy, now)
    if origin.device:
        return _charge({"device-card": f"{origin.device}:{username}"}, {}, policy, now)
    windows = {"network": (origin.network, policy.network_tries), "everybody": ("", policy.global_tries)}
    return _charge({"card": username}, windows, policy, now)


def charge_recheck(user_id: int, *, now: datetime) -> Ticket:
    """Charge a try at the password of somebody who is logged in."""
    return _charge({"recheck": str(user_id)}, {}, AccountPolicy.current(), now)


def charge_recovery(username: str, origin: Origin, *, now: datetime) -> Ticket:
    """Charge a request for a reset mail: some for a card and more for a network in a window."""
    policy = AccountPolicy.current()
    windows = {
        "recovery-card": (username, policy.free_tries),
        "recovery-network": (origin.network, policy.network_tries),
    }
    return _charge({}, windows, policy, now)


def charge_passkey(origin: Origin, *, now: datetime) -> Ticket:
    """Charge a try with a passkey: nothing is hashed and no card is named, so only the network counts."""
    policy = AccountPolicy.current()
    return _charge({}, {"passkey-network": (origin.network, policy.network_tries)}, policy, now)


def charge_second_factor(user_id: int, *, now: datetime) -> Ticket:
    """Charge a try at the one-time code of somebody whose password was right."""
    return _charge({"second-factor": str(user_id)}, {}, AccountPolicy.current(), now)


def give_back(ticket: Ticket) -> None:
    """Take a try that was right out of its counters."""
    TryCounter.objects.filter(key__in=ticket.series).update(failures=0, shut_until=None)
    TryCounter.objects.filter(key__in=ticket.windows).update(failures=Greatest(F("failures") - 1, 0))


def forget_card(username: str) -> None:
    """Let a card be tried again at once: its owner has proved who they are."""
    TryCounter.objects.filter(key=_key("card", username)).delete()


@transaction.atomic
def _charge(
    series: dict[str, str], windows: dict[str, tuple[str, int]], policy: AccountPolicy, now: datetime
) -> Ticket:
    """Lock the counters in the order of their keys, so that no two tries wait in a ring; refuse, or count in each."""
    series_keys = {_key(kind, value): kind for kind, value in series.items()}
    limits = {_key(kind, value): limit for kind, (value, limit) in windows.items()}
    keys = sorted([*series_keys, *limits])
    fresh = [TryCounter(key=key, counted_from=now, last_at=now) for key in keys]
    TryCounter.objects.bulk_create(fresh, ignore_conflicts=True)
    rows = list(TryCounter.objects.filter(key__in=keys).order_by("key").select_for_update())
    for row in rows:
        if row.key in limits:
            _charge_window(row, limits[row.key], policy, now)
        else:
            _charge_series(row, policy, now)
        row.last_at = now
    TryCounter.objects.bulk_update(rows, ("failures", "counted_from", "last_at", "shut_until"))
    locked = any(series_keys.get(row.key) == "card" and row.failures == policy.tries_before_lock for row in rows)
    return Ticket(tuple(series_keys), tuple(limits), locked)


def _charge_series(row: TryCounter, policy: AccountPolicy, now: datetime) -> None:
    """Count a try; after some the counter shuts, twice as long each time, at last for ``lock_minutes``."""
    if row.shut_until and now < row.shut_until:
        raise ShutError(row.shut_until)
    if now - row.last_at >= timedelta(days=policy.tries_kept_days):
        row.failures = 0
    row.failures += 1
    longest = timedelta(minutes=policy.lock_minutes)
    if row.failures >= policy.tries_before_lock:
        row.shut_until = now + longest
    elif row.failures < policy.free_tries:
        row.shut_until = None
    else:
        doubled = policy.first_delay_seconds * 2 ** min(row.failures - policy.free_tries, 20)
        row.shut_until = now + min(timedelta(seconds=doubled), longest)


def _charge_window(row: TryCounter, limit: int, policy: AccountPolicy, now: datetime) -> None:
    window = timedelta(minutes=policy.window_minutes)
    if now - row.counted_from >= window:
        row.counted_from, row.failures = now, 0
    if row.failures >= limit:
        raise ShutError(row.counted_from + window)
    row.failures += 1


def _key(kind: str, value: str) -> str:
    return salted_hmac("patrons.throttle", f"{kind}:{value}", algorithm="sha256").hexdigest()
