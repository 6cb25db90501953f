"""Take the mails of the sample run: ``manage.py sample_mailbox``."""

import asyncio
from contextlib import suppress
from pathlib import Path

from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Run a mail server on this machine that delivers every mail to the folder SAMPLE_MAILBOX (a Maildir)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8025, help="where to listen on 127.0.0.1 (8025)")

    def handle(self, *args: object, port: int, **options: object) -> None:
        if not settings.SAMPLE_MAILBOX:
            raise CommandError("The sample mailbox exists in the sample run and in development only.")
        Path(settings.SAMPLE_MAILBOX).parent.mkdir(parents=True, exist_ok=True)
        with suppress(KeyboardInterrupt):
            asyncio.run(self._serve(port))

    async def _serve(self, port: int) -> None:
        mailbox = Mailbox(settings.SAMPLE_MAILBOX)
        loop = asyncio.get_running_loop()
        try:
            server = await loop.create_server(lambda: SMTP(mailbox, enable_SMTPUTF8=True), "127.0.0.1", port)
        except OSError as error:
            raise CommandError(f"Port {port} cannot be used: {error.strerror}.") from error
        self.stdout.write(f"Mails to 127.0.0.1:{port} land in {settings.SAMPLE_MAILBOX}")
        async with server:
            await server.serve_forever()
