"""A line to PostgreSQL that can be cut, go dead, or lose the answer of COMMIT."""

import selectors
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field

CHUNK = 65_536
LISTENING_SECONDS = 0.02


@dataclass
class Proxy:
    """Passes connections on to a socket of PostgreSQL; ``stalls`` and ``loses_commits`` are its faults."""

    server: str
    port: int = 0
    stalls: bool = False
    loses_commits: bool = False
    _listener: socket.socket | None = None
    _lines: set[socket.socket] = field(default_factory=set)

    def open(self) -> None:
        """Take connections, on the same port as before."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """End every connection."""
        for line in list(self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End every connection and refuse new ones."""
        if self._listener:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        self.cut()

    def heal(self) -> None:
        """Take every fault away."""
        self.stalls = self.loses_commits = False
        if not self._listener:
            self.open()

    def _listen(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client = listener.accept()[0]
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            server.connect(self.server)
            self._lines |= {client, server}
            try:
                self._pass_on(client, server)
            finally:
                self._lines -= {client, server}

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        committing, other = False, {client: server, server: client}
        with selectors.DefaultSelector() as waiting:
            for end in other:
                waiting.register(end, selectors.EVENT_READ, end)
            while True:
                if self.stalls:
                    threading.Event().wait(LISTENING_SECONDS)
                    continue
                for key, _ in waiting.select(LISTENING_SECONDS):
                    side: socket.socket = key.data
                    sent = side.recv(CHUNK)
                    if not sent or (committing and side is server):
                        return
                    committing = self.loses_commits and side is client and b"COMMIT\0" in sent
                    other[side].sendall(sent)
