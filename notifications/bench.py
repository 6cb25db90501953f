"""Measure the sender against a bare smtplib loop, in a database that is made for it and removed again.

The portal's own database is never touched: whatever waits there must not go to a server that throws it away.
"""

import multiprocessing
import smtplib
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from datetime import time as clock
from multiprocessing.connection import Connection

from django.conf import settings
from django.db import connection
from django.utils import timezone

from catalog.models import Item, Library, MaterialType, OpeningHours, Policy, Title
from notifications.bench_server import serve
from notifications.models import Mail
from notifications.sending.delivery import Delivery
from notifications.sending.post import as_message
from patrons.models import Patron, User
from reservations.models import Reservation


def measure(notices: int) -> dict[str, float]:
    """Return how many of so many notices arrived, how many twice, and mails a second with and without the portal."""
    with mail_server() as server, scratch_database():
        fill(notices)
        begun = time.perf_counter()
        Delivery().run()
        ours = time.perf_counter() - begun
        received = _received(server)
        begun = time.perf_counter()
        bare_loop(notices)
        bare = time.perf_counter() - begun
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


@contextmanager
def scratch_database() -> Iterator[None]:
    """Make an empty, migrated database beside the portal's and remove it at the end; needs the right to do so."""
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def fill(count: int) -> None:
    """Write so many patrons, each with one reservation that has just become ready."""
    today, book = timezone.localdate(), MaterialType.objects.get(code="book")
    library = Library.objects.create(code="bench", name="計測館", short_name="計測", telephone="-")
    OpeningHours.objects.bulk_create(
        OpeningHours(library=library, weekday=day, opens=clock(10), closes=clock(18)) for day in range(7)
    )
    title = Title.objects.create(title="〔計測〕", material_type=book, added_on=today, last_queue_number=count)
    items = Item.objects.bulk_create(
        Item(
            title=title,
            barcode=f"BENCH{number}",
            home_library=library,
            library=library,
            acquired_on=today,
            status=Item.Status.ON_HOLD_SHELF,
        )
        for number in range(count)
    )
    Reservation.objects.bulk_create(
        _ready(patron, item, number, today)
        for number, (patron, item) in enumerate(zip(_patrons(count), items, strict=True), 1)
    )


def _patrons(count: int) -> list[Patron]:
    today = timezone.localdate()
    users = User.objects.bulk_create(User(username=f"{number:08}") for number in range(count))
    return Patron.objects.bulk_create(
        Patron(
            user=user,
            card_number=user.username,
            name="計測",
            birth_date=today,
            registered_on=today,
            email=f"reader{user.username}@example.org",
        )
        for user in users
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
