"""The index follows the database whatever happens to the indexer, and search goes on whatever happens to the index."""

import itertools
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection

from catalog.models import Item, Title
from catalog.search import index as index_module
from catalog.search import indexer
from catalog.search.check import problems
from catalog.search.find import find
from catalog.search.query import Query
from tests import build


def titles_found(words: str) -> int:
    answer = find(Query.of(words))
    assert not answer.plain
    return answer.total


@pytest.fixture
def committed(transactional_db, settings, tmp_path):
    """Let commands and other processes see what the test writes; the index is the test's own."""
    settings.SEARCH_INDEX = tmp_path / "index"


def test_what_changes_is_found_after_the_next_round(committed):
    cat = build.title("猫")
    call_command("index_catalogue", "--rebuild")
    follower = indexer.Follower()
    build.title("犬")
    assert titles_found("犬") == 0
    assert follower.apply() == 1
    assert titles_found("犬") == 1
    Title.objects.filter(pk=cat.pk).update(title="虎", folded="\nT虎\n")
    item = build.item(cat, build.library())
    assert follower.apply() == 1
    assert (titles_found("猫"), titles_found("虎")) == (0, 1)
    Item.objects.filter(pk=item.pk).delete()
    cat.delete()
    assert follower.apply() == 1
    assert titles_found("虎") == 0
    assert follower.apply() == 0
    assert list(problems()) == []


def test_a_change_becomes_visible_while_the_indexer_follows(committed):
    call_command("index_catalogue", "--rebuild")
    with following():
        build.title("猫")
        assert wait_until(lambda: titles_found("猫") == 1)
        build.title("狸")
        assert wait_until(lambda: titles_found("狸") == 1)


def test_a_killed_indexer_loses_nothing(committed):
    call_command("index_catalogue", "--rebuild")
    kind, years = build.kind(), itertools.count(1900)
    for round_ in range(4):
        with following() as process:
            for number in range(60):
                Title.objects.bulk_create(
                    Title(title=f"本{round_}の{number}の{i}", material_type=kind, added_on=build.TODAY)
                    for i in range(5)
                )
                Title.objects.filter(pk=Title.objects.order_by("?").first().pk).update(year=next(years))
            os.kill(process.pid, signal.SIGKILL)
    call_command("index_catalogue", "--once")
    assert Title.objects.count() == 1200
    assert list(problems()) == []


def test_only_one_indexer_runs_per_machine(committed):
    with indexer.only_indexer(), pytest.raises(CommandError, match="Another indexer"):
        call_command("index_catalogue", "--once")


def test_search_goes_on_when_the_index_is_deleted_and_comes_back(committed):
    build.title("猫")
    call_command("index_catalogue", "--rebuild")
    assert titles_found("猫") == 1
    shutil.rmtree(django_settings.SEARCH_INDEX)
    answer = find(Query.of("猫"))
    assert (answer.plain, answer.total) == (True, 1)
    call_command("index_catalogue", "--once")
    assert titles_found("猫") == 1


def test_a_follower_builds_a_deleted_index_anew(committed):
    build.title("猫")
    call_command("index_catalogue", "--rebuild")
    with following():
        shutil.rmtree(index_module.current())
        assert wait_until(lambda: not find(Query.of("猫")).plain)


@pytest.mark.parametrize("damage", ["meta.json", "store", "format"])
def test_a_broken_or_old_index_is_passed_by_and_built_anew(committed, damage):
    build.title("猫")
    call_command("index_catalogue", "--rebuild")
    folder = index_module.current()
    if damage == "format":
        old = folder.rename(folder.with_name("0-1"))
        (old.parent / "current").unlink()
        (old.parent / "current").symlink_to(old.name)
    else:
        for path in folder.glob(f"*{damage}"):
            path.write_text("{}")
    assert find(Query.of("猫")).total == 1
    call_command("index_catalogue", "--once")
    assert titles_found("猫") == 1


def test_check_index_tells_what_is_missing(committed):
    build.title("猫")
    call_command("index_catalogue", "--rebuild")
    call_command("check_index")
    build.title("犬")
    with pytest.raises(CommandError, match="2 problems"):
        call_command("check_index")


class following:
    """Run ``index_catalogue --follow`` on the test's database and index while the block runs."""

    def __enter__(self) -> subprocess.Popen:
        name = connection.settings_dict["NAME"]
        address = os.environ["DATABASE_URL"].replace("/portal?", f"/{name}?")
        env = os.environ | {"DATABASE_URL": address, "SEARCH_INDEX": str(django_settings.SEARCH_INDEX), "DEBUG": "1"}
        env.pop("DJANGO_SETTINGS_MODULE", None)
        command = [sys.executable, "manage.py", "index_catalogue", "--follow"]
        self.process = subprocess.Popen(command, env=env, cwd=django_settings.BASE_DIR)
        return self.process

    def __exit__(self, *exc: object) -> None:
        self.process.kill()
        self.process.wait()


def wait_until(true, seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return False
