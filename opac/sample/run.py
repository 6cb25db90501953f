"""Serve the sample library on this machine: ``python3 portal.py demo``.

Starts the embedded PostgreSQL (unless DATABASE_URL is set), a mail server that delivers to a
folder, the application server, and each minute what cron runs in a real installation. Ctrl-C
stops everything that was started; the data stays for the next start.
"""

import argparse
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from opac.sample import postgres

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".portal"
EVERY_MINUTE = ("send_notices", "expire_holds", "import_uploads")
PATIENCE = 10  # seconds a stopped program has before it is killed


def main() -> None:
    """Read the command line and serve until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="portal.py demo", description="Serve the sample library.")
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore Ctrl-C
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    require_free(port)
    started: list[subprocess.Popen] = []
    try:
        with postgres.database(STATE / "postgres"):
            try:
                serve(port, started)
            finally:
                end(started)
    except KeyboardInterrupt:
        say("Stopped")
    except (postgres.PostgresError, OSError) as error:
        sys.exit(f"The sample run cannot start. {error}")


def serve(port: int, started: list[subprocess.Popen]) -> None:
    """Fill the library, start the servers, noting each in ``started``, and play cron until one ends."""
    mail_port = free_port()
    os.environ |= {"SAMPLE_RUN": "1", "DEBUG": "0", "SECRET_KEY": secret_key()}
    os.environ |= {"SITE_URL": f"http://localhost:{port}", "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}"}
    os.environ.setdefault("SAMPLE_MAILBOX", str(STATE / "mail"))
    manage("migrate", "-v", "0")
    manage("demo_data")
    gunicorn = ["-m", "gunicorn", "opac.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4"]
    started.append(begin("manage.py", "sample_mailbox", "--port", str(mail_port)))
    started.append(begin("manage.py", "index_catalogue", "--follow"))
    started.append(begin(*gunicorn, "--log-level", "warning", "--no-control-socket"))
    say(f"The portal runs at http://127.0.0.1:{port} (stop it with Ctrl-C)")
    say(f"Passkeys want a name and work at http://localhost:{port}, where the links in mails lead, too")
    while not (ended := [process for process in started if process.poll() is not None]):
        play_cron()
        wait_for_the_next_minute(started)
    sys.exit(f"A server ended by itself: {ended[0]}")


def play_cron() -> None:
    """Run each command of the README's cron lines; one that fails says why and is tried next minute."""
    for command in EVERY_MINUTE:
        subprocess.run([sys.executable, "manage.py", command], check=False, cwd=ROOT, start_new_session=True)


def wait_for_the_next_minute(started: list[subprocess.Popen]) -> None:
    """Sleep until the clock's next minute, or until one of the programs ends."""
    until = time.time() // 60 * 60 + 60
    while time.time() < until and all(process.poll() is None for process in started):
        time.sleep(0.5)


def manage(*arguments: str) -> None:
    """Run a management command and stop if it fails."""
    done = subprocess.run([sys.executable, "manage.py", *arguments], check=False, cwd=ROOT)
    if done.returncode != 0:
        sys.exit(f"manage.py {arguments[0]} failed.")


def begin(*arguments: str) -> subprocess.Popen:
    """Start a program in a session of its own, so that Ctrl-C reaches us alone and we stop it in order."""
    return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, start_new_session=True)


def end(started: list[subprocess.Popen]) -> None:
    """Stop what was started, the last first; kill what does not listen."""
    for process in reversed(started):
        process.terminate()
    for process in reversed(started):
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()


def secret_key() -> str:
    """Return the sample run's key, kept so that logins survive a restart."""
    path = STATE / "secret_key"
    if not path.exists():
        STATE.mkdir(exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text()


def require_free(port: int) -> None:
    """Stop with a plain sentence if somebody already listens there."""
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind(("127.0.0.1", port))
        except OSError as error:
            sys.exit(f"Port {port} cannot be used ({error.strerror}). Try: python3 portal.py demo --port {port + 1}")


def free_port() -> int:
    """Return a port of 127.0.0.1 on which nobody listens now."""
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        return attempt.getsockname()[1]


def say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    main()
