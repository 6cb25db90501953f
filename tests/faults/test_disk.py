"""A full or read-only disk: search goes on, the index waits and goes on by itself, an upload is refused in words."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from catalog.management.commands import index_catalogue
from catalog.models import ImportRun
from catalog.search.index import indexer, on_disk
from tests import build
from tests.catalog.search.test_indexer import command, titles_found, wait_until

FULL = OSError(errno.ENOSPC, "No space left on device")
SIZE = 3_000_000  # bytes of the small disk


class Stopped(Exception):
    """The test has seen enough of a command that runs for ever."""


@pytest.fixture
def index(transactional_db, settings, tmp_path) -> Path:
    settings.SEARCH_INDEX = tmp_path / "index"
    return settings.SEARCH_INDEX


@pytest.fixture
def small_disk(transactional_db, settings, tmp_path) -> Iterator[Path]:
    """A disk of its own for the index; only root on Linux may make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = sys.platform == "linux" and os.geteuid() == 0
    made = made and not subprocess.call(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder])
    settings.SEARCH_INDEX = folder / "index"
    yield folder
    if made:
        subprocess.call(["umount", "--lazy", folder])


def fill(disk: Path) -> Path:
    """Take all the room that is left, if the disk is a small one; return the file to delete."""
    filler = disk / "filler"
    try:
        with filler.open("wb", buffering=0) as file:
            for _ in range(SIZE // 1000 + 1):
                file.write(bytes(1000))
    except OSError:
        pass
    return filler


def test_the_follower_waits_for_room_and_goes_on_without_building_anew(small_disk: Path, capfd):
    build.title("猫")
    call_command("index_catalogue", "--rebuild")
    folder = on_disk.current()
    with following() as process:
        build.title("犬")
        assert wait_until(lambda: titles_found("犬") == 1)
        filler = fill(small_disk)
        for number in range(40):
            build.title(f"象{number} " + "とても長い題名 " * 40)
        if os.path.ismount(small_disk):
            assert wait_until(lambda: "is full. Waiting." in capfd.readouterr().err)
        assert titles_found("猫") == 1
        filler.unlink()
        assert wait_until(lambda: titles_found("象39") == 1)
        assert process.poll() is None
    assert on_disk.current() == folder


def no_room(*given: object, **named: object) -> None:
    raise OSError(*FULL.args)


class following:
    """Run ``index_catalogue --follow`` while the block runs."""

    def __enter__(self) -> subprocess.Popen:
        self.process = command("--follow")
        return self.process

    def __exit__(self, *exc: object) -> None:
        self.process.kill()
        self.process.wait()


@pytest.mark.parametrize(
    "fault", [FULL, ValueError("An IO error occurred"), OperationalError("the connection is lost")]
)
def test_no_fault_ends_the_follower_or_makes_it_build_anew(index: Path, monkeypatch, capsys, fault: Exception):
    build.title("猫")
    call_command("index_catalogue", "--rebuild")
    folder, commit = on_disk.current(), indexer._commit
    rounds: list[float] = []

    def fails_twice(*given: Any) -> None:
        if len(rounds) < 2:
            raise type(fault)(*fault.args)
        commit(*given)

    def sleep(seconds: float) -> None:
        rounds.append(seconds)
        if len(rounds) == 4:
            raise Stopped

    build.title("犬")
    monkeypatch.setattr(indexer, "_commit", fails_twice)
    monkeypatch.setattr(index_catalogue.time, "sleep", sleep)
    with pytest.raises(Stopped):
        call_command("index_catalogue", "--follow")
    said = capsys.readouterr().err
    assert (said.count("Waiting."), said.count("Going on.")) == (1, 1)
    assert ("is full" in said) is (fault is FULL)
    assert on_disk.current() == folder
    assert titles_found("犬") == 1


def test_a_first_index_that_finds_no_room_leaves_none_behind(index: Path, monkeypatch):
    build.title("猫")
    monkeypatch.setattr(indexer, "_commit", no_room)
    with pytest.raises(CommandError, match="is full"):
        call_command("index_catalogue", "--once")
    assert [path.name for path in index.iterdir()] == ["indexer.lock"]


@pytest.mark.parametrize("place", ["django.core.files.storage.FileSystemStorage._save", "shutil.disk_usage"])
def test_an_upload_that_finds_no_room_is_told_so(admin_client: Client, settings, tmp_path, monkeypatch, place: str):
    settings.MEDIA_ROOT = str(tmp_path / "not yet" / "uploads")
    monkeypatch.setattr(place, no_room if "_save" in place else lambda folder: SimpleNamespace(free=20))
    file = SimpleUploadedFile("new.mrc", b"00026nam a2200025 i 4500\x1e\x1d")
    answer = admin_client.post(reverse("admin:catalog_importrun_add"), {"file": file, "encoding": ""})
    assert answer.status_code == 200
    assert "空き容量" in answer.text
    assert not ImportRun.objects.exists()
