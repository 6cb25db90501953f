"""The sample run's mailbox: mails the portal sent, shown on a page instead of travelling anywhere."""

import email
import re
from dataclasses import dataclass
from datetime import datetime
from email.policy import default
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

SHOWN = 50
LINK = re.compile(r"(https?://[^\s<>]+)")


@dataclass(frozen=True)
class SampleMail:
    """One mail as a reader sees it; ``parts`` are runs of its text, every second one a link."""

    sender: str
    to: str
    subject: str
    date: datetime | None
    parts: tuple[str, ...]

    @classmethod
    def read(cls, file: Path) -> "SampleMail":
        """Read one file of a Maildir."""
        message = email.message_from_bytes(file.read_bytes(), policy=default)
        body = message.get_body(("plain",))
        text = body.get_content() if body else ""
        date = message["Date"].datetime if message["Date"] else None
        return cls(str(message["From"]), str(message["To"]), str(message["Subject"]), date, tuple(LINK.split(text)))


def letters(folder: Path) -> list[SampleMail]:
    """Read the newest mails of a Maildir, newest first."""
    files = [path for name in ("new", "cur") for path in (folder / name).glob("*")]
    newest = sorted(files, key=lambda path: path.stat().st_mtime_ns, reverse=True)[:SHOWN]
    return [SampleMail.read(path) for path in newest]


@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Show the mailbox; only the sample run has one."""
    if not settings.SAMPLE_MAILBOX:
        raise Http404
    return render(request, "opac/mailbox.html", {"letters": letters(Path(settings.SAMPLE_MAILBOX))})
