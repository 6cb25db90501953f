"""Migrations apply from zero and from the state that landed last, with its rows, while older code still writes.

``landed/2026-11.json.gz`` is the sample library as it stood in that state: the migrations applied, and every table's
rows as PostgreSQL's own text. A later state that has landed is added beside it; none is taken away.
"""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
LANDED = sorted((ROOT / "tests" / "landed").glob("*.json.gz"))
OURS = ("catalog", "patrons", "reservations", "loans", "notifications", "opac")
BY_MIGRATING = "django_migrations"


@pytest.fixture
def url(cluster: None) -> Iterator[str]:
    """The address of an empty database of its own."""
    name = f"migrations_{os.getpid()}"
    ours = urlsplit(os.environ["DATABASE_URL"])
    here = sql.Identifier(name)
    with psycopg.connect(ours._replace(path="/postgres").geturl(), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(here))
        server.execute(sql.SQL("CREATE DATABASE {}").format(here))
        yield ours._replace(path=f"/{name}").geturl()
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(here))


def manage(url: str, *arguments: str) -> str:
    """Run a command of the portal on a database and return what it printed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=os.environ | {"DATABASE_URL": url, "DEBUG": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def write_rows(server: psycopg.Connection[Any], tables: dict[str, dict[str, Any]]) -> None:
    """Empty every table and write rows into the columns that a state knew, as its code would."""
    server.execute("SET session_replication_role = replica")  # foreign keys in any order, as a restored dump
    names = sql.SQL(", ").join(map(sql.Identifier, tables))
    server.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
    for name, held in tables.items():
        columns = sql.SQL(", ").join(map(sql.Identifier, held["columns"]))
        with server.cursor().copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(name), columns)) as rows:
            rows.write(held["rows"])
    server.execute("SET session_replication_role = DEFAULT")


def counts(server: psycopg.Connection[Any], tables: dict[str, Any]) -> dict[str, int]:
    found = {}
    for name in tables:
        row = server.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
        found[name] = row[0] if row else 0
    return found


@pytest.mark.parametrize("state", LANDED, ids=lambda path: path.name.split(".")[0])
def test_a_landed_state_goes_on_with_its_rows(url: str, state: Path) -> None:
    with gzip.open(state, "rt", encoding="utf-8") as file:
        landed = json.load(file)
    tables = {name: held for name, held in landed["tables"].items() if name != BY_MIGRATING}
    for app in OURS:
        names = [name for room, name in landed["migrations"] if room == app]
        if names:
            manage(url, "migrate", app, max(names), "--verbosity=0")
    with psycopg.connect(url, autocommit=True) as server:
        # The rest (auth, sessions, one-time codes) has no migration after the landed state.
        manage(url, "migrate", "auth", "--verbosity=0")
        write_rows(server, tables)
        before = counts(server, tables)
    manage(url, "migrate", "--verbosity=0")
    with psycopg.connect(url, autocommit=True) as server:
        written_by_deploy = {name for name in tables if name.startswith(("auth_", "django_"))}
        after = counts(server, tables)
        assert {name: n for name, n in after.items() if name not in written_by_deploy} == {
            name: n for name, n in before.items() if name not in written_by_deploy
        }
        assert manage(url, "invariants").strip() == "violations: 0"
        policy = server.execute("SELECT organisation_name, mail_from FROM catalog_policy").fetchone()
        assert policy == ("岡山市立図書館", "toshokan@ocl.city.okayama.jp")
        keys = server.execute("SELECT DISTINCT volume_key FROM catalog_title WHERE volume IN ('上', '前編', '第1巻')")
        assert {key for (key,) in keys} <= {"001 1 a1", "001 1 b47 a1"}  # 前編 with 47 in 「巻の順」
        # Older code goes on beside the new one until every process is restarted: it writes the columns it knows.
        write_rows(server, {name: held for name, held in tables.items() if name not in written_by_deploy})
        assert manage(url, "invariants").strip() == "violations: 0"


def test_migrations_apply_from_zero_and_leave_a_library_without_a_city(url: str) -> None:
    manage(url, "migrate", "--verbosity=0")
    with psycopg.connect(url, autocommit=True) as server:
        policy = server.execute("SELECT organisation_name, home_url, mail_from FROM catalog_policy").fetchone()
        limits = server.execute("SELECT reservation_limit, loan_limit FROM catalog_limitgroup").fetchall()
        refined = server.execute("SELECT count(*) FROM catalog_materialtype WHERE refines_id IS NOT NULL").fetchone()
    assert policy == ("", "", "")
    assert limits == [(None, None), (None, None)]
    assert refined == (0,)
    assert manage(url, "invariants").strip() == "violations: 0"
