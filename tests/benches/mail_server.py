"""A mail server for measuring: a process of its own that keeps Message-IDs and nothing else."""

import asyncio
from email import message_from_bytes
from multiprocessing.connection import Connection

from aiosmtpd.smtp import SMTP, Envelope, Session


class Counter:
    """Takes every mail."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the Message-ID."""
        assert isinstance(envelope.content, bytes)
        self.ids.append(str(message_from_bytes(envelope.content)["Message-ID"]))
        return "250 OK"


def serve(pipe: Connection) -> None:
    """Listen on a free port of 127.0.0.1, send its number, and answer every word with the ids received so far."""
    asyncio.run(_serve(pipe))


async def _serve(pipe: Connection) -> None:
    counter = Counter()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(counter, enable_SMTPUTF8=True), "127.0.0.1", 0)
    pipe.send(server.sockets[0].getsockname()[1])
    loop.add_reader(pipe.fileno(), _answer, pipe, counter)
    async with server:
        await server.serve_forever()


def _answer(pipe: Connection, counter: Counter) -> None:
    pipe.recv()
    pipe.send(list(counter.ids))
