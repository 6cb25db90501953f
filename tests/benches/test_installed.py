"""The benches are there where somebody measures, and nowhere else; those with a database of their own run."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.run import PRODUCTION, ROOT

OWN_DATABASE = (("bench_import", "--records", "20"), ("bench_mail", "--notices", "5"))
DEEP = (("bench_search", "--titles", "300"),)
ASIDE = shutil.ignore_patterns(".*", "tests", "__pycache__", "docs", "staticfiles")


def manage(*arguments: str, home: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as an operator does, under a real installation's settings unless ``environment`` differs."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "BENCHES"))}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=home,
        env=ours | PRODUCTION | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_does_not_know_the_benches() -> None:
    done = manage("bench_search")
    assert (done.returncode, done.stderr.splitlines()[0]) == (1, "Unknown command: 'bench_search'")


@pytest.mark.parametrize(("benches", "debug"), [("true", "0"), ("false", "1")])
def test_benches_are_known_where_they_are_wanted(benches: str, debug: str) -> None:
    done = manage("bench_search", "--help", BENCHES=benches, DEBUG=debug)
    assert (done.returncode, "--titles" in done.stdout) == (0, True), done.stderr


@pytest.mark.usefixtures("cluster")
def test_an_installation_without_tests_starts_also_when_benches_are_asked_for(tmp_path: Path) -> None:
    home = tmp_path / "portal"
    shutil.copytree(ROOT, home, ignore=ASIDE)
    for benches in ("false", "true"):
        done = manage("check", "--deploy", "--fail-level", "WARNING", home=home, BENCHES=benches)
        assert done.returncode == 0, done.stderr
        asked = manage("bench_search", home=home, BENCHES=benches)
        assert (asked.returncode, asked.stderr.splitlines()[0]) == (1, "Unknown command: 'bench_search'")


@pytest.mark.usefixtures("cluster")
def test_benches_with_a_database_of_their_own_end_with_a_line_of_json(deep: bool) -> None:
    for command in OWN_DATABASE + (DEEP if deep else ()):
        done = manage(*command, BENCHES="true")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout.splitlines()[-1])[command[1].removeprefix("--")] == int(command[2])
