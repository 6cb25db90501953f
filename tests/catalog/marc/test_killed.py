"""kill -9 in the middle of an import loses nothing, doubles nothing and leaves nothing half done (promise 14)."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from catalog.marc.loading import run
from catalog.models import ImportRun, MarcRecord, Title
from tests.benches.marc_file import write_file

RECORDS = 2_500


def started(path) -> subprocess.Popen:
    """Start an import of the file into the test's database."""
    name = connection.settings_dict["NAME"]
    address = os.environ["DATABASE_URL"].replace("/portal?", f"/{name}?")
    env = os.environ | {"DATABASE_URL": address, "DEBUG": "1"}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "manage.py", "import_marc", str(path)]
    return subprocess.Popen(command, env=env, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL)


def records_behind() -> int:
    latest = ImportRun.objects.first()
    return latest.records if latest else 0


def kill_behind(path, records: int) -> None:
    """Start an import and kill it once so many records are behind it."""
    process = started(path)
    until = time.monotonic() + 120
    while records_behind() < records and process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    helpers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.kill()
    process.wait()
    until = time.monotonic() + 20
    while left := [helper for helper in helpers if runs(helper)]:
        assert time.monotonic() < until, f"{left} stayed behind"
        time.sleep(0.05)


def runs(process: str) -> bool:
    """Tell whether a process does anything: it is there, and not merely waiting to be counted out."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_an_import_killed_again_and_again_comes_to_its_end(transactional_db, tmp_path, deep):
    path = tmp_path / "records.mrc"
    write_file(path, RECORDS)
    for behind in range(0, RECORDS - 500, 250 if deep else 1_000):
        kill_behind(path, behind)
        with run.only_import():  # the killed process's own connection has ended
            assert Title.objects.count() == MarcRecord.objects.count() == records_behind()
    call_command("import_marc", str(path))
    (only,) = ImportRun.objects.all()
    assert (only.state, only.records, only.created) == ("done", RECORDS, RECORDS)
    numbers = Title.objects.order_by("control_number").values_list("control_number", flat=True)
    assert list(numbers) == [f"{number:09}" for number in range(RECORDS)]


def test_a_second_import_at_the_same_time_says_so(transactional_db, tmp_path, monkeypatch):
    path = tmp_path / "records.mrc"
    write_file(path, RECORDS)
    monkeypatch.setattr(run, "PATIENCE_SECONDS", 0)
    process = started(path)
    until = time.monotonic() + 120
    while records_behind() == 0 and time.monotonic() < until:
        time.sleep(0.01)
    with pytest.raises(CommandError, match="Another import is running"):
        call_command("import_marc", str(path))
    process.kill()
    process.wait()
