"""Measure the sender against a bare smtplib loop, in a database that is made for it and removed again.

The portal's own database is never touched: whatever waits there must not go to a server that throws it away.
"""

import multiprocessing
import smtplib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from multiprocessing.connection import Connection

from django.conf import settings
from django.utils import timezone

from catalog.models import Item, Policy
from notifications.models import Mail
from notifications.sending.delivery import Delivery
from notifications.sending.post import as_message
from patrons.models import Patron
from reservations.models import Reservation
from tests.benches.clock import milliseconds
from tests.benches.database import own_database
from tests.benches.library import BenchLibrary
from tests.benches.mail_server import serve


def measure(notices: int) -> dict[str, float]:
    """Return how many of so many notices arrived, how many twice, and mails a second with and without the portal."""
    with mail_server() as server, own_database("bench_mail"):
        Policy.objects.update(organisation_name="計測図書館", mail_from="bench@example.org")
        fill(notices)
        ours = milliseconds(Delivery().run) / 1000
        received = _received(server)
        bare = milliseconds(lambda: bare_loop(notices)) / 1000
    return {
        "notices": notices,
        "delivered": len(received),
        "lost": notices - len(received),
        "doubled": received.total() - len(received),
        "per_s": round(notices / ours, 1),
        "smtplib_per_s": round(notices / bare, 1),
    }


@contextmanager
def mail_server() -> Iterator[Connection]:
    """Run the counting server and point the settings at it."""
    spawn = multiprocessing.get_context("spawn")
    near, far = spawn.Pipe()
    process = spawn.Process(target=serve, args=(far,), daemon=True)
    process.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", near.recv()
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    try:
        yield near
    finally:
        process.terminate()
        process.join()


def _received(server: Connection) -> Counter[str]:
    server.send("received?")
    return Counter(server.recv())


def fill(count: int) -> None:
    """Write so many patrons, each with one reservation that has just become ready."""
    made, today = BenchLibrary.build(), timezone.localdate()
    title = made.add_title(last_queue_number=count)
    items = made.add_items(title, count, status=Item.Status.ON_HOLD_SHELF)
    patrons = made.add_patrons(count)
    for patron in patrons:
        patron.email = f"reader{patron.card_number}@example.org"
    Patron.objects.bulk_update(patrons, ["email"], batch_size=500)
    Reservation.objects.bulk_create(
        _ready(patron, item, number, today) for number, (patron, item) in enumerate(zip(patrons, items, strict=True), 1)
    )


def _ready(patron: Patron, item: Item, number: int, today: date) -> Reservation:
    return Reservation(
        patron=patron,
        title=item.title,
        material_type=item.title.material_type,
        audiovisual=False,
        pickup_library=item.library,
        pickup_hands_out_av=True,
        contact_method="email",
        made_at="web",
        queue_number=number,
        placed_at=timezone.now(),
        state="ready",
        item=item,
        ready_at=timezone.now(),
        collect_by=today + timedelta(days=8),
    )


def bare_loop(count: int) -> None:
    """Send as many letters of the same length with smtplib and nothing else."""
    policy = Policy.current()
    body = "予約資料の準備ができました\n" * 40
    letters = (
        Mail(subject="予約資料の準備ができました", body=body, message_id=f"<{number}@bench>", date=timezone.now())
        for number in range(count)
    )
    with smtplib.SMTP("127.0.0.1", settings.EMAIL_PORT, timeout=settings.EMAIL_TIMEOUT) as smtp:
        for letter in letters:
            smtp.sendmail(policy.mail_from, "reader@example.org", as_message(letter, policy, "reader@example.org"))
