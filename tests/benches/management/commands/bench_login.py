"""Measure how long a login takes, by what is known of the number: ``manage.py bench_login`` (SPEC P7, decision 18).

The tries are interleaved, so that a busy machine troubles all kinds alike, and everything is rolled back. The control
leaves the hash out for unknown numbers: it shows what a difference looks like.
"""

from datetime import date
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction
from django.utils import timezone

from patrons.account.sign_in import sign_in
from patrons.models import Patron, User
from patrons.protection.origin import Origin
from tests.benches.clock import milliseconds, percentile, summary
from tests.benches.command import BenchCommand

OWN, INITIAL, UNKNOWN = "99900000000000000001", "99900000000000000002", "99900000000000000003"
KINDS = {  # what is measured → card, password
    "right password": (OWN, "bench1234"),
    "wrong password": (OWN, "wrong"),
    "wrong initial password": (INITIAL, "wrong"),
    "unknown card": (UNKNOWN, "wrong"),
}
CONTROL = "control: unknown card without hash"


class Command(BenchCommand):
    help = "Measure logins with known and unknown cards; changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tries", type=int, default=100, help="tries of each kind")

    def measure(self, *, tries: int, **options: Any) -> dict[str, Any]:
        with transaction.atomic():
            _add_patrons()
            times = _times(tries)
            transaction.set_rollback(True)
        median = {kind: percentile(taken, 0.5) for kind, taken in times.items()}
        for kind, taken in times.items():
            p95 = percentile(taken, 0.95)
            self.stdout.write(f"{kind:36} median {median[kind]:6.1f} ms   p95 {p95:6.1f} ms")
        unknown_differs = abs(median["wrong password"] - median["unknown card"])
        control_differs = abs(median["wrong password"] - median[CONTROL])
        self.stdout.write(f"known and unknown differ by {unknown_differs:.1f} ms")
        self.stdout.write(f"the control differs by {control_differs:.1f} ms")
        return {
            "tries": tries,
            "unknown_differs_ms": round(unknown_differs, 2),
            "control_differs_ms": round(control_differs, 2),
            "kinds": {kind: summary(taken) for kind, taken in times.items()},
        }


def _add_patrons() -> None:
    for card_number, password in ((OWN, "bench1234"), (INITIAL, None)):
        user = User.objects.create_user(card_number, password)
        Patron.objects.create(
            user=user,
            card_number=card_number,
            birth_date=date(2000, 1, 1),
            registered_on=timezone.localdate(),
            own_password_set_at=timezone.now() if password else None,
        )


def _times(tries: int) -> dict[str, list[float]]:
    """Return the milliseconds of each try by kind; every try comes from a device of its own."""
    times: dict[str, list[float]] = {kind: [] for kind in (*KINDS, CONTROL)}
    for number in range(tries):
        origin = Origin("192.0.2.1", device=f"bench-{number}")
        for kind, (card, password) in KINDS.items():
            times[kind].append(_try(card, password, origin))
        unknown = User.objects.select_related("patron").filter(username=UNKNOWN)
        times[CONTROL].append(milliseconds(unknown.first))
    return times


def _try(card_number: str, password: str, origin: Origin) -> float:
    return milliseconds(lambda: sign_in(card_number, password, origin, now=timezone.now()))
