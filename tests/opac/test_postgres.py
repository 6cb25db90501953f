"""The launcher of the embedded PostgreSQL, on real servers in folders of their own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from opac import checks
from opac.sample.postgres import PostgresError, Server, running
from opac.sample.postgres.account import Account

ROOT = Path(__file__).resolve().parent.parent.parent
NOBODY = 65534
SHARE = """
import sys
from pathlib import Path
from opac.sample.postgres import running
with running(Path(sys.argv[1]), fast=True):
    print("joined", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """Give a folder that every account may enter, with a server's home to be in it."""
    folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
    folder.chmod(0o755)
    yield folder / "postgres"
    shutil.rmtree(folder)


def ask(url: str, query: str) -> list[tuple]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


def another_process(home: Path) -> subprocess.Popen:
    """Start a process that uses the server of this home until its standard input is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", SHARE, home], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "joined\n"
    return process


def as_ordinary_user(act: Callable[[], None]) -> str:
    """Run ``act`` in a child that is not root, and return the message of the PostgresError it raised, or ""."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        said = "the child died"
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            act()
            said = ""
        except BaseException as error:
            said = str(error)
        finally:
            os.write(writing, said.encode())
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as answer:
        return answer.read()


def test_second_start_reuses_the_data(home: Path):
    with running(home) as url:
        ask(url, "CREATE TABLE kept AS SELECT '図書館' AS word")
    with running(home) as url:
        assert ask(url, "SELECT word FROM kept") == [("図書館",)]
        assert ask(url, "SHOW server_encoding") == [("UTF8",)]
        assert ask(url, "SHOW fsync") == [("on",)]


def test_server_listens_on_a_private_socket_only(home: Path):
    with running(home, fast=True) as url:
        assert ask(url, "SHOW listen_addresses") == [("",)]
        assert Server(home).socket_folder.stat().st_mode & 0o777 == 0o700


def test_server_never_runs_as_root(home: Path):
    with running(home, fast=True):
        pid = int((home / "data" / "postmaster.pid").read_text().split()[0])
        assert Path(f"/proc/{pid}").stat().st_uid == Account.choose().uid != 0


def test_long_path_gets_its_socket_elsewhere(home: Path):
    deep = home / ("long" * 20)
    deep.mkdir(parents=True)
    with running(deep, fast=True) as url:
        assert ask(url, "SELECT 1") == [(1,)]
        folder = Server(deep).socket_folder
        assert folder.parent == Path(tempfile.gettempdir())
    folder.rmdir()


def test_folder_the_account_cannot_reach_is_replaced_by_one_it_can(tmp_path: Path):
    tmp_path.chmod(0o700)
    server = Server(tmp_path / "postgres", fast=True)
    with running(server.wanted_home, fast=True) as url:
        assert ask(url, "SELECT 1") == [(1,)]
    if Account.choose().borrowed:
        assert server.home.parent == Path("/var/tmp")  # noqa: S108
        assert Server(server.wanted_home).home == server.home
        shutil.rmtree(server.home)
    else:
        assert server.home == server.wanted_home


def test_start_after_kill_9(home: Path):
    with running(home) as url:
        ask(url, "CREATE TABLE kept AS SELECT 1 AS number")
        pid = int((home / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        with running(home) as again:
            assert ask(again, "SELECT number FROM kept") == [(1,)]


def test_stale_pid_file_whose_number_another_program_has(home: Path):
    with running(home, fast=True):
        pid_file = home / "data" / "postmaster.pid"
        left_behind = pid_file.read_text().split("\n", 1)[1]
    stranger = subprocess.Popen(["sleep", "60"], **Account.choose().identity())
    try:
        pid_file.write_text(f"{stranger.pid}\n{left_behind}")
        with running(home, fast=True) as url:
            assert ask(url, "SELECT 1") == [(1,)]
    finally:
        stranger.kill()
        stranger.wait()


def test_half_made_cluster_is_made_again(home: Path):
    (home / "data.part").mkdir(parents=True)
    (home / "data.part" / "PG_VERSION").write_text("broken")
    with running(home, fast=True) as url:
        assert ask(url, "SELECT 1") == [(1,)]


def test_last_process_out_stops_the_server(home: Path):
    with running(home, fast=True):
        other = another_process(home)
    assert Server(home).answers()
    other.communicate()
    assert not Server(home).answers()


def test_server_outlives_another_process_that_leaves_or_is_killed(home: Path):
    with running(home, fast=True) as url:
        another_process(home).communicate()
        assert ask(url, "SELECT 1") == [(1,)]
        killed = another_process(home)
        killed.kill()
        killed.communicate()
        assert ask(url, "SELECT 1") == [(1,)]
    assert not Server(home).answers()


def test_ordinary_user_runs_it_alone(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PORTAL_PG_BIN", str(Server(home).binaries))
    own = home.parent / "own"
    own.mkdir()
    own.chmod(0o777)

    def act() -> None:
        with running(own / "postgres", fast=True) as url:
            assert ask(url, "SELECT 1") == [(1,)]

    assert as_ordinary_user(act) == ""


def test_read_only_folder_is_named(home: Path):
    home.mkdir()
    home.chmod(0o555)

    def act() -> None:
        Server(home).join()

    said = as_ordinary_user(act)
    home.chmod(0o755)
    assert said == (
        f"The folder {home} cannot be written (no permission to write in {home}). "
        "Make it writable, or set DATABASE_URL to a PostgreSQL of your own."
    )


def test_missing_binaries_are_named(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PORTAL_PG_BIN", "/nowhere")
    with pytest.raises(PostgresError, match="No PostgreSQL found in /nowhere"), running(home):
        pass


def test_database_of_locale_c_is_refused_by_the_system_check(home: Path):
    with running(home, fast=True) as url:
        ask(url, "CREATE DATABASE blind TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'")
        for address, blind in ((url, False), (url.replace("/portal?", "/blind?"), True)):
            with psycopg.connect(address) as connection:
                assert not checks.is_blind(connection.cursor())
                connection.execute("CREATE EXTENSION pg_trgm")
                assert checks.is_blind(connection.cursor()) is blind
