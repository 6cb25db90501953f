"""Read returned mail: ``manage.py read_bounces PATH``, for cron."""

import mailbox
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from notifications.sending import bounces


class Command(BaseCommand):
    help = (
        "Read the unread mail of a Maildir or an mbox and mark addresses that do not work (RFC 3464). Patrons see it "
        "in My ライブラリ, their ready reservations come on the contact list. Read messages are marked as read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the Maildir or mbox of the sender's address")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        if not path.exists():
            raise CommandError(f"{path} does not exist.")
        try:
            self.stdout.write(str(bounces.read(path, timezone.now())))
        except (OSError, mailbox.Error) as error:
            raise CommandError(f"{path} cannot be read: {error}") from error
