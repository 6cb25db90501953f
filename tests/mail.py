"""A real mail server for the tests: the ``smtp`` fixture listens, collects and can be told to fail in many ways."""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """An SMTP server on a free port of 127.0.0.1 that keeps what it is given in ``messages``."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refused: dict[str, str] = {}  # address → reply, such as "550 no such mailbox"
        self.refused_text: dict[str, str] = {}  # address → reply to the text
        self.hang_up_on: set[str] = set()  # addresses at whose name the server closes the connection
        self.drop_after: set[str] = set()  # takes the mail, then closes the connection without a word
        self.silent_after: set[str] = set()  # takes the mail, then says nothing
        self.seconds_each = 0.0  # what the server needs for every mail
        self.most_a_connection = 0  # after so many mails the server says goodbye with 421; 0 is never
        self.taken: Counter[SMTP] = Counter()  # mails of each connection
        self.connections = 0
        self.port = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        if address in self.hang_up_on:
            _line(server).abort()
        if self.most_a_connection and self.taken[server] >= self.most_a_connection:
            asyncio.get_running_loop().call_soon(_line(server).close)
            return "421 enough for one connection"
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep a message, and answer as told."""
        address = envelope.rcpt_tos[0]
        if address in self.refused_text:
            return self.refused_text[address]
        await asyncio.sleep(self.seconds_each)
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        self.recipients.extend(envelope.rcpt_tos)
        self.taken[server] += 1
        if address in self.silent_after:
            await asyncio.sleep(3600)
        if address in self.drop_after:
            _line(server).abort()
        return "250 OK"

    def connect(self) -> SMTP:
        """Answer one connection."""
        self.connections += 1
        return SMTP(self, enable_SMTPUTF8=True)


def _line(server: SMTP) -> asyncio.Transport:
    assert isinstance(server.transport, asyncio.Transport)
    return server.transport


@pytest.fixture
def smtp(settings) -> Iterator[Mailbox]:
    """Run a mail server for one test and point Django's SMTP backend at it."""
    mailbox = Mailbox()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def listen() -> asyncio.Server:
        return await loop.create_server(mailbox.connect, "127.0.0.1", 0)

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result()
    mailbox.port = server.sockets[0].getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mailbox.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield mailbox
    loop.call_soon_threadsafe(server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
