"""Start, share and stop the embedded PostgreSQL of development, the sample run and the tests.

Standard library only, so that ``portal.py`` and ``manage.py`` can use it before Django is loaded.
One *home* folder holds one server: ``data/`` (the cluster), ``run/`` (its socket), ``server.log``
and two lock files. The server listens on the socket alone; the socket's folder has mode 0700.

Locks, always in this order: ``change.lock`` (exclusive, only while starting or stopping), then
``users.lock`` (shared, held as long as a process uses the server). Who leaves and then gets
``users.lock`` exclusively was the last one and stops the server. The kernel releases the locks of
a process that was killed.
"""

import fcntl
import hashlib
import os
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TypeAlias
from urllib.parse import quote

from opac.sample.postgres.account import Account, make_folder
from opac.sample.postgres.binaries import PostgresError, copy_of, find_binaries

Completed: TypeAlias = subprocess.CompletedProcess[str]

DATABASE = ROLE = "portal"
PORT = 5432  # part of the socket's name; nothing listens on TCP
LOWEST_VERSION = 15
SOCKET_PATH_LIMIT = 100  # bytes; Linux takes 107, macOS 103
START_SECONDS = 30
LINES_OF_THE_LOG = 12
# What the log says when a start failed only because a killed server is still dying.
REMAINS = ("still in use", "already exists", "another server might be running")

OPTIONS = {"listen_addresses": "", "max_connections": "200", "lc_messages": "C", "timezone": "UTC"}
# The tests' cluster is thrown away after a power cut, so it need not survive one.
FAST_OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextmanager
def running(home: Path, *, fast: bool = False) -> Iterator[str]:
    """Start or join the server that lives in ``home`` and yield its database URL.

    ``fast`` turns off what only a crash needs (for tests). The last process that leaves stops the
    server. Raises PostgresError when it cannot run.
    """
    server = Server(home, fast=fast)
    users = server.join()
    try:
        yield server.url
    finally:
        server.leave(users)


@contextmanager
def database(home: Path, *, fast: bool = False) -> Iterator[None]:
    """Pass on DATABASE_URL if it is set; else run the server of ``home`` and set it for us and our children."""
    if "DATABASE_URL" in os.environ:
        yield
        return
    with running(home, fast=fast) as url:
        os.environ["DATABASE_URL"] = url
        try:
            yield
        finally:
            del os.environ["DATABASE_URL"]


@dataclass
class Server:
    """One embedded PostgreSQL: where it lives, who runs it, with which binaries."""

    wanted_home: Path
    fast: bool = False

    # -- where ---------------------------------------------------------------------------------

    @cached_property
    def account(self) -> Account:
        """Who runs the server."""
        return Account.choose()

    @cached_property
    def home(self) -> Path:
        """The folder of this server; under /var/tmp if its account cannot reach the wanted one."""
        wanted = self.wanted_home.absolute()
        try:
            wanted.mkdir(parents=True, exist_ok=True)
            if not os.access(wanted, os.W_OK):
                raise PermissionError(f"no permission to write in {wanted}")
        except OSError as error:
            raise PostgresError(
                f"The folder {wanted} cannot be written ({error.strerror or error}). "
                "Make it writable, or set DATABASE_URL to a PostgreSQL of your own."
            ) from error
        if self.account.reaches(wanted):
            return wanted
        elsewhere = Path("/var/tmp") / f"portal-{_name_of(wanted)}"  # noqa: S108  make_folder checks whose it is
        make_folder(elsewhere, mode=0o755, owner=os.geteuid())
        return elsewhere

    @cached_property
    def socket_folder(self) -> Path:
        """The folder of the socket, private to the server's account, short enough for a socket."""
        inside = self.home / "run"
        if len(os.fsencode(inside)) + len(f"/.s.PGSQL.{PORT}.lock") <= SOCKET_PATH_LIMIT:
            return inside
        return Path(tempfile.gettempdir()) / f"portal-{os.geteuid()}-{_name_of(self.home)}"

    @property
    def url(self) -> str:
        """The database URL, as DATABASE_URL takes it. Needs no running server."""
        return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(self.socket_folder), safe='')}&port={PORT}"

    @cached_property
    def binaries(self) -> Path:
        """The folder of ``postgres`` and ``initdb``, copied to the home if the account cannot reach them."""
        found = find_binaries()
        if self.account.reaches(found / "postgres"):
            return found
        return copy_of(found, self.home / "binaries")

    @cached_property
    def version(self) -> int:
        """The major version of the binaries."""
        answer = self._run("postgres", "--version").stdout
        number = int(answer.split()[2].split(".")[0])
        if number < LOWEST_VERSION:
            raise PostgresError(f"PostgreSQL {LOWEST_VERSION} or later is needed; {self.binaries} has {number}.")
        return number

    # -- start and stop ------------------------------------------------------------------------

    def join(self) -> IO[str]:
        """Start the server unless it answers, and return the open lock that says we use it."""
        home = self.home
        with _locked(home / "change.lock"):
            users = (home / "users.lock").open("a")
            try:
                fcntl.flock(users, fcntl.LOCK_SH)
                if not self.answers():
                    self._create_cluster()
                    self._start()
            except BaseException:
                users.close()
                raise
        return users

    def leave(self, users: IO[str]) -> None:
        """Give the lock back; stop the server if nobody else uses it."""
        with _locked(self.home / "change.lock"):
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            else:
                self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", check=False)
            finally:
                users.close()

    @property
    def data(self) -> Path:
        """The cluster's folder."""
        return self.home / "data"

    def answers(self) -> bool:
        """Ask the socket, not the pid file, whether the server takes connections."""
        if not (self.socket_folder / f".s.PGSQL.{PORT}").exists():
            return False
        asked = self._run("pg_isready", "-q", "-h", str(self.socket_folder), "-p", str(PORT), check=False)
        return asked.returncode == 0

    def _create_cluster(self) -> None:
        """Make the cluster beside its place and rename it, so that a half-made one is never used."""
        if self.data.exists():
            return
        part = self.home / "data.part"
        shutil.rmtree(part, ignore_errors=True)
        self.account.own(part)
        # With locale C, or with the builtin provider alone, pg_trgm finds no trigrams in Japanese.
        locale = ["--locale=C.UTF-8"]
        if self.version >= 17:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        sync = ["--no-sync"] if self.fast else []
        self._run("initdb", "-D", str(part), "-U", ROLE, "--auth=trust", "--encoding=UTF8", *locale, *sync)
        self._run("postgres", "--single", "-D", str(part), "template1", sent=f"CREATE DATABASE {DATABASE};\n")
        part.rename(self.data)

    def _start(self) -> None:
        """Start the server, waiting some seconds for the remains of a killed one to vanish."""
        self.account.own(self.socket_folder)
        self._forget_reused_pid()
        options = OPTIONS | (FAST_OPTIONS if self.fast else {}) | {"unix_socket_directories": str(self.socket_folder)}
        given = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in options.items())
        log = self.home / "server.log"
        log.touch()
        self.account.give(log)
        command = ["pg_ctl", "start", "-D", str(self.data), "-l", str(log), "-o", given, "-w", "-t", str(START_SECONDS)]
        deadline = time.monotonic() + START_SECONDS
        while self._run(*command, check=False).returncode != 0:
            if self.answers():
                return
            end = "\n".join(log.read_text(errors="replace").splitlines()[-LINES_OF_THE_LOG:])
            if time.monotonic() > deadline or not any(words in end for words in REMAINS):
                raise PostgresError(f"PostgreSQL did not start; the last lines of {log}:\n{end}")
            time.sleep(0.5)

    def _forget_reused_pid(self) -> None:
        """Remove the pid file of a dead server whose number another program has by now.

        PostgreSQL itself forgets the file of a dead process, but keeps out as long as the number
        lives, whoever has it (after a restart of the machine, say).
        """
        for stale in (self.data / "postmaster.pid", self.socket_folder / f".s.PGSQL.{PORT}.lock"):
            try:
                pid = int(stale.read_text().split("\n", 1)[0])
            except (FileNotFoundError, ValueError):
                continue
            asked = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603, S607
            if "postgres" not in asked.stdout:
                stale.unlink()

    # -- as the server's account ---------------------------------------------------------------

    def _run(self, program: str, *arguments: str, check: bool = True, sent: str = "") -> Completed:
        """Run one of PostgreSQL's programs as the server's account, its output going to a file.

        A pipe would be inherited by the server and keep the caller waiting for ever.
        """
        with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as given:
            given.write(sent)
            given.seek(0)
            done: Completed = subprocess.run(  # noqa: S603  our own programs
                [self.binaries / program, *arguments],
                stdin=given,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.home,
                env={"PATH": os.defpath, "LC_ALL": "C"},
                check=False,
                start_new_session=True,
                **self.account.identity(),
            )
            output.seek(0)
            done.stdout = output.read()
        if check and done.returncode != 0:
            raise PostgresError(f"{program} failed:\n{done.stdout.strip()}")
        return done


def _name_of(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    try:
        lock = path.open("a")
    except OSError as error:
        raise PostgresError(f"The lock {path} cannot be opened: {error.strerror}.") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
