"""Measure how long a login takes, by what is known of the number: ``manage.py bench_login`` (SPEC P7, RULINGS 18).

The tries are interleaved, so that a busy machine troubles all kinds alike, and everything is rolled back. The control
leaves the hash out for unknown numbers: it shows what a difference looks like.
"""

from datetime import date
from statistics import median, quantiles
from time import perf_counter

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from patrons.account.sign_in import sign_in
from patrons.models import Patron, User
from patrons.protection.origin import Origin

OWN, INITIAL, UNKNOWN = "99900000000000000001", "99900000000000000002", "99900000000000000003"
KINDS = {  # what is measured → card, password
    "right password": (OWN, "bench1234"),
    "wrong password": (OWN, "wrong"),
    "wrong initial password": (INITIAL, "wrong"),
    "unknown card": (UNKNOWN, "wrong"),
}
CONTROL = "control: unknown card without hash"


class Command(BaseCommand):
    help = "Measure logins with known and unknown cards; changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tries", type=int, default=100, help="tries of each kind")

    def handle(self, *args, **options) -> None:
        with transaction.atomic():
            _patrons()
            times = _measure(options["tries"])
            transaction.set_rollback(True)
        for kind, taken in times.items():
            p95 = quantiles(taken, n=20)[-1]
            self.stdout.write(f"{kind:36} median {median(taken):6.1f} ms   p95 {p95:6.1f} ms")
        wrong, unknown = median(times["wrong password"]), median(times["unknown card"])
        self.stdout.write(f"known and unknown differ by {abs(wrong - unknown):.1f} ms")
        self.stdout.write(f"the control differs by {abs(wrong - median(times[CONTROL])):.1f} ms")


def _patrons() -> None:
    for card_number, password in ((OWN, "bench1234"), (INITIAL, None)):
        user = User.objects.create_user(card_number, password)
        Patron.objects.create(
            user=user,
            card_number=card_number,
            birth_date=date(2000, 1, 1),
            registered_on=timezone.localdate(),
            own_password_set_at=timezone.now() if password else None,
        )


def _measure(tries: int) -> dict[str, list[float]]:
    """Return the milliseconds of each try by kind; every try comes from a device of its own."""
    times: dict[str, list[float]] = {kind: [] for kind in (*KINDS, CONTROL)}
    for number in range(tries):
        origin = Origin("192.0.2.1", device=f"bench-{number}")
        for kind, (card_number, password) in KINDS.items():
            start = perf_counter()
            sign_in(card_number, password, origin, now=timezone.now())
            times[kind].append((perf_counter() - start) * 1000)
        start = perf_counter()
        User.objects.select_related("patron").filter(username=UNKNOWN).first()
        times[CONTROL].append((perf_counter() - start) * 1000)
    return times
