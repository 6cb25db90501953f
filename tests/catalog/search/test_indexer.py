"""The index follows the database whatever happens to the indexer, and search goes on whatever happens to the index."""

import itertools
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.copying import copy_in
from catalog.japanese.volumes import UNNUMBERED
from catalog.models import Item, Series, Title
from catalog.search import postgres_engine
from catalog.search.ask import find
from catalog.search.index import indexer
from catalog.search.index import on_disk as index_module
from catalog.search.index.build import holdings_of, titles_of
from catalog.search.index.check import problems
from catalog.search.query import Query
from tests import build
from tests.sure import sure


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
    item = build.item(cat, build.library())
    Title.objects.filter(pk=cat.pk).update(title="虎")
    assert follower.apply() == 1
    assert (titles_found("猫"), titles_found("虎")) == (0, 1)
    Item.objects.filter(pk=item.pk).delete()
    cat.delete()
    assert follower.apply() == 1
    assert titles_found("虎") == 0
    assert follower.apply() == 0
    assert list(problems()) == []


def test_a_renamed_series_and_columns_that_were_not_saved_reach_both_searches(committed):
    series = Series.objects.create(name="山川文庫", reading="ヤマカワ ブンコ")
    volume, other = build.title("一巻", series=series), build.title("別の本", creator="甲山 乙子", subjects="登山")
    call_command("index_catalogue", "--rebuild")
    follower = indexer.Follower()
    Series.objects.update(name="海原文庫", reading="ウナバラ ブンコ")
    Title.objects.filter(pk=other.pk).update(creator="丙川 丁子", subjects="航海")
    while follower.apply():
        pass
    for words, ids in {
        "海原文庫": (volume.pk,), "うなばらぶんこ": (volume.pk,), "丙川丁子": (other.pk,), "航海": (other.pk,),
        "山川文庫": (), "甲山": (), "登山": (),
    }.items():  # fmt: skip
        assert (find(Query.of(words)).ids, postgres_engine.search(Query.of(words)).ids) == (ids, ids)
    assert list(problems()) == []


def test_a_rebuild_brings_what_was_not_saved_up_to_date(committed):
    title = build.title("猫")
    Title.objects.update(title="虎", folded="", title_key="", creator_key="")
    call_command("index_catalogue", "--rebuild")
    title.refresh_from_db()
    assert (titles_found("虎"), title.folded, title.title_key) == (1, title.fold_text(), title.title_sort_key())


def test_no_query_of_the_indexer_can_go_wrong_for_want_of_statistics(committed):
    """Copies are read alone: joined, a planner that never counted read all copies per library. Loans follow copies."""
    title = build.title("猫")
    item = build.item(title, build.library())
    titles = titles_of(Q(pk=title.pk))
    with CaptureQueriesContext(connection) as queries:
        assert holdings_of(titles)[title.pk].copies == 1
    joined = [query["sql"] for query in queries if " JOIN " in query["sql"]]
    assert [re.findall(r'JOIN "(\w+)"|WHERE (.*) GROUP', sql) for sql in joined] == [
        [("loans_loan", ""), ("", f'"catalog_item"."id" IN ({item.pk})')]
    ]


def test_loans_of_all_copies_count_for_their_title_withdrawn_ones_and_ended_loans_included(db):
    library, patron = build.library(), build.patron()
    cat, dog = build.title("猫"), build.title("犬")
    copies = [build.item(cat, library) for _ in range(3)]
    build.item(dog, library)
    for copy in (copies[0], copies[0], copies[2]):
        build.loan(copy, None, returned_at=timezone.now(), return_library=library)
    build.loan(copies[1], patron)
    Item.objects.filter(pk=copies[2].pk).update(status=Item.Status.WITHDRAWN)
    held = holdings_of(titles_of(Q(pk__in=(cat.pk, dog.pk))))
    assert [(held[title.pk].copies, held[title.pk].loans) for title in (cat, dog)] == [(2, 4), (1, 0)]


def test_a_change_becomes_visible_while_the_indexer_follows(committed):
    call_command("index_catalogue", "--rebuild")
    with following():
        build.title("猫")
        assert wait_until(lambda: titles_found("猫") == 1)
        build.title("狸")
        assert wait_until(lambda: titles_found("狸") == 1)


def test_a_killed_indexer_loses_nothing(committed, deep):
    call_command("index_catalogue", "--rebuild")
    kind, years, rounds = build.kind(), itertools.count(1900), 20 if deep else 4
    for round_ in range(rounds):
        with following() as process:
            for number in range(random.randrange(20, 100)):  # noqa: S311, chance is the point
                Title.objects.bulk_create(
                    Title(title=f"本{round_}の{number}の{i}", material_type=kind, added_on=build.TODAY)
                    for i in range(5)
                )
                Title.objects.filter(pk=sure(Title.objects.order_by("?").first()).pk).update(year=next(years))
            os.kill(process.pid, signal.SIGKILL)
    call_command("index_catalogue", "--once")
    assert titles_found("本") == Title.objects.count() >= rounds * 100
    assert list(problems()) == []


def test_a_killed_rebuild_leaves_the_index_that_was_and_no_worker(committed):
    build.title("猫")
    call_command("index_catalogue", "--rebuild")
    kind, before = build.kind(), index_module.current()
    derived = {"folded": "\nT本\n", "title_key": "本", "volume_key": UNNUMBERED}
    written = {**derived, "added_on": build.TODAY, "changed_at": timezone.now()}
    copy_in([Title(title="本", material_type=kind, **written) for _ in range(20_000)])
    process = command("--rebuild")
    assert wait_until(lambda: len(children(process)) >= min(2, os.cpu_count() or 1), 60)
    workers = children(process)
    process.kill()
    process.wait()
    assert wait_until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))
    assert (index_module.current(), titles_found("猫")) == (before, 1)


def children(process: subprocess.Popen) -> list[str]:
    try:
        return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    except OSError:
        return []


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
        shutil.rmtree(sure(index_module.current()))
        assert wait_until(lambda: not find(Query.of("猫")).plain)


@pytest.mark.parametrize("damage", ["meta.json", "store", "format"])
def test_a_broken_or_old_index_is_passed_by_and_built_anew(committed, damage):
    build.title("猫")
    call_command("index_catalogue", "--rebuild")
    folder = sure(index_module.current())
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


@pytest.mark.parametrize(
    "change", [{"publisher": "乙社"}, {"subjects": "動物"}, {"isbn": "9784000000116"}, {"year": 1999}]
)
def test_check_index_tells_any_older_state(committed, change):
    title = build.title("猫", publisher="甲社", subjects="植物", isbn="9784000000109", year=2000)
    call_command("index_catalogue", "--rebuild")
    assert list(problems()) == []
    Title.objects.update(**change)
    assert list(problems()) == [f"Title {title.pk} stands in the index with an older state."]


def test_check_index_tells_a_library_too_many(committed):
    title = build.title("猫")
    build.item(title, build.library())
    gone = build.item(title, build.library("幸町図書館"))
    call_command("index_catalogue", "--rebuild")
    assert list(problems()) == []
    gone.delete()
    assert list(problems()) == [f"Title {title.pk} stands in the index with an older state."]


def command(how: str) -> subprocess.Popen:
    """Start ``index_catalogue`` on the test's database and index."""
    name = connection.settings_dict["NAME"]
    address = os.environ["DATABASE_URL"].replace("/portal?", f"/{name}?")
    env = os.environ | {"DATABASE_URL": address, "SEARCH_INDEX": str(django_settings.SEARCH_INDEX), "DEBUG": "1"}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.Popen(
        [sys.executable, "manage.py", "index_catalogue", how], env=env, cwd=django_settings.BASE_DIR
    )


class following:
    """Run ``index_catalogue --follow`` on the test's database and index while the block runs."""

    def __enter__(self) -> subprocess.Popen:
        self.process = command("--follow")
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
