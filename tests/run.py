"""Run every check and then every test: ``python3 portal.py test``.

The checks take seconds and come first; when one fails, what it says is shown and no test runs.
pytest's own summary is the last thing printed.
"""

import argparse
import os
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path

from opac.sample import postgres

ROOT = Path(__file__).resolve().parent.parent
CLUSTER = ROOT / ".portal" / "postgres-test"
PROGRAMS = Path(sys.executable).parent

# A Debian package → a command that shows something when what we need from it is there.
SYSTEM = {
    "chromium": ("which", os.environ.get("PORTAL_CHROMIUM", "chromium")),
    "fonts-noto-cjk": ("fc-list", ":lang=ja"),
    "gettext": ("which", "msgfmt"),
}
PRODUCTION = {  # the settings of a real installation
    "DEBUG": "0",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "PASSWORD_PEPPERS": f"1={secrets.token_urlsafe(32)}",
    "READING_LOG_SECRETS": f"1={secrets.token_urlsafe(32)}",
    "SITE_URL": "https://portal.example.jp",
    "ALLOWED_HOSTS": "portal.example.jp",
    "EMAIL_URL": "smtp://mail.example.jp:25",
}
CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("lint-imports",),
    ("djade", "--target-version", "5.2", "--check"),
    ("mypy",),
    ("python", "manage.py", "makemigrations", "--check"),
    ("python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
)


def main() -> None:
    """Read the command line, run the checks, then pytest."""
    parser = argparse.ArgumentParser(prog="portal.py test", description="Other arguments go to pytest.")
    parser.add_argument("--deep", action="store_true", help="run the tests at their full depth")
    parser.add_argument("--checks", nargs="?", const="", metavar="WORD", help="only the checks, or those with a word")
    given, arguments = parser.parse_known_args()
    if given.checks is None:
        install_system_packages()
    os.environ["PATH"] = f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"
    try:
        with postgres.database(CLUSTER, fast=True):
            wanted = [check for check in CHECKS if (given.checks or "") in " ".join(check)]
            if failed := [check for check in wanted if not passes(check)]:
                sys.exit("Failed: " + "; ".join(" ".join(check) for check in failed))
            if given.checks is not None:
                return
            os.environ["PORTAL_DEEP"] = "1" if given.deep else ""
            sys.exit(subprocess.run(["pytest", "-n", "2", *arguments], cwd=ROOT, check=False).returncode)
    except postgres.PostgresError as error:
        sys.exit(f"The tests cannot start. {error}")


def passes(check: tuple[str, ...]) -> bool:
    """Run one check under a real installation's settings; show what it says only when it fails."""
    begun = time.monotonic()
    files = sorted(map(str, ROOT.glob("templates/**/*.html"))) if check[0] == "djade" else []
    done = subprocess.run(
        [*check, *files],
        cwd=ROOT,
        env=os.environ | PRODUCTION,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    passed = done.returncode == 0
    say(f"{'ok    ' if passed else 'FAILED'} {' '.join(check)} ({time.monotonic() - begun:.1f} s)")
    if not passed:
        say(done.stdout)
    return passed


def install_system_packages() -> None:
    """Get Chromium, a Japanese font and gettext where we may; say what is missing where we may not."""
    missing = [package for package, asked in SYSTEM.items() if not shows_something(asked)]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"Missing: {', '.join(missing)}. On Debian: sudo apt install {' '.join(missing)}")
    say(f"Installing {', '.join(missing)} (once)")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=True)
    subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], env=quiet, check=True)


def shows_something(command: tuple[str, ...]) -> bool:
    """Tell whether the command exists and prints anything."""
    if not shutil.which(command[0]):
        return False
    return bool(subprocess.run(command, capture_output=True, check=False).stdout)


def say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    main()
