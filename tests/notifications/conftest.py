"""What the stories of mails have in common: a library, ready reservations, the command."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from catalog.models import Library
from notifications.models import Mail
from reservations.models import Reservation
from tests import build


@pytest.fixture
def chuo(db) -> Library:
    return build.library()


@pytest.fixture
def send() -> Callable[..., str]:
    """Run the command and return its line, with its exit status in front when that is not 0."""

    def run(*arguments: str) -> str:
        out = StringIO()
        try:
            call_command("send_notices", *arguments, stdout=out)
        except SystemExit as end:
            return f"{end.code}: {out.getvalue().strip()}"
        return out.getvalue().strip()

    return run


def let_time_pass() -> None:
    """Bring every retry and every lease to its end."""
    past = timezone.now() - timedelta(seconds=1)
    Mail.objects.pending().update(next_attempt_at=past)
    Mail.objects.pending().exclude(leased_until=None).update(leased_until=past)


def ready(patron, at, name="吾輩は猫である", **fields) -> Reservation:
    """Make a reservation that became ready a moment ago and is told by mail."""
    title = build.title(name)
    item = build.item(title, at, status="on_hold_shelf")
    held = {
        "state": "ready",
        "item": item,
        "ready_at": timezone.now(),
        "collect_by": timezone.localdate() + timedelta(days=8),
        "contact_method": "email",
    }
    return build.reservation(title, patron, at, **held | fields)


def readers(at, *addresses: str) -> list[Reservation]:
    """Make a ready reservation for a new patron at each address."""
    return [ready(build.patron(email=address), at) for address in addresses]
