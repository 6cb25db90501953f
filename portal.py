#!/usr/bin/env python3
"""Run the portal with sample data, or every check and test, from a fresh clone with one command.

    python3 portal.py demo [--port 8000]         the sample library at http://127.0.0.1:8000
    python3 portal.py test [--deep] [ARGUMENTS]  every check, then pytest with these arguments
    python3 portal.py lock                       write requirements*.lock again (needs uv)

Standard library only: it sees to ``.venv`` and hands over to ``opac.sample.run`` or ``tests.run``
inside it. Packages come from the lock files, by uv if it is on PATH, else by pip; a stamp with the
lock's hash lets later runs skip that.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# Each holds the one before: a real installation, the sample run, the checks and tests.
RUNTIME, DEMO, DEVELOPMENT = "requirements.lock", "requirements-demo.lock", "requirements-dev.lock"
COMMANDS = {"demo": (DEMO, "opac.sample.run"), "test": (DEVELOPMENT, "tests.run")}


def main() -> None:
    """Read the command, see to the environment, hand over to the command's module inside it."""
    os.chdir(ROOT)
    command, *arguments = sys.argv[1:] or [""]
    if command == "lock":
        write_locks()
    elif command in COMMANDS:
        lock, module = COMMANDS[command]
        install(lock)
        os.execv(PYTHON, [str(PYTHON), "-m", module, *arguments])
    else:
        sys.exit(__doc__)


def install(lock: str) -> None:
    """Make ``.venv`` and install the lock's packages into it, unless its stamp says they are there."""
    if sys.version_info < (3, 11):
        sys.exit(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}.")
    wanted = hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()
    stamp = VENV / f"{lock}.installed"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    say("Installing packages (once)")
    uv = shutil.which("uv")
    # Made again even if it is there: a start that was broken off may have left half of it.
    make: list = [uv, "venv", "--quiet", "--allow-existing", VENV] if uv else [sys.executable, "-m", "venv", VENV]
    run(*make, hint="On Debian: apt install python3-venv.")
    into: list = [uv, "pip", "install", "--python", PYTHON] if uv else [PYTHON, "-m", "pip", "install"]
    run(*into, "--quiet", "--require-hashes", "-r", lock, hint="Is the package index reachable?")
    stamp.write_text(wanted)


def write_locks() -> None:
    """Resolve pyproject.toml into the lock files, with hashes and without the index's address."""
    uv = shutil.which("uv") or shutil.which("uv", path=VENV / "bin")
    if not uv:
        sys.exit("uv is needed to write the lock files: pip install uv")
    resolve = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
    resolve += ["--no-annotate", "--no-emit-index-url", "--custom-compile-command", "python3 portal.py lock"]
    run(*resolve, "pyproject.toml", "-o", RUNTIME)
    run(*resolve, "pyproject.toml", "--group", "demo", "-c", RUNTIME, "-o", DEMO)
    run(*resolve, "pyproject.toml", "--group", "dev", "-c", DEMO, "-o", DEVELOPMENT)


def run(*command: "str | Path | None", hint: str = "") -> None:
    """Run a program and stop with a sentence if it fails."""
    done = subprocess.run([str(part) for part in command], check=False)
    if done.returncode != 0:
        sys.exit(f"Failed: {' '.join(map(str, command[:5]))} … {hint}")


def say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    main()
