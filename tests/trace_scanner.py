"""A scanner for traces: which rows of any table, and which files, link one patron with one title.

It reads the tables as PostgreSQL has them, not as the models say, so that a table nobody thought of is read, too. A row
says what its columns say as text, what its session holds, and, along every foreign key and every admin log entry, what
the rows say that it points at.
"""

import gzip
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from patrons.models.session import SessionStore

Excepted = Callable[[str, dict], bool]


@dataclass(frozen=True)
class Marks:
    """Words and numbers by which somebody or something is known; a number counts only as a whole."""

    words: frozenset[str]
    numbers: frozenset[int]

    def stand_in(self, text: str) -> bool:
        digits = {int(number) for number in re.findall(r"(?<![0-9])[0-9]{5,18}(?![0-9])", text)}
        return bool(self.numbers & digits) or any(word in text for word in self.words)


@dataclass(frozen=True)
class Row:
    """One row: where it stands, its columns, and what they say as one text."""

    table: str
    columns: dict
    text: str


@dataclass
class Database:
    """Every row of the public schema as it is now."""

    rows: list[Row] = field(default_factory=list)
    found: dict[tuple, Row] = field(default_factory=dict)
    keys: dict[str, list[tuple[tuple[str, ...], str, tuple[str, ...]]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            for (table,) in cursor.fetchall():
                cursor.execute(f'SELECT to_jsonb(t) FROM "{table}" t')  # noqa: S608 - names come from the catalogue
                self.rows += [_row(table, json.loads(one) if isinstance(one, str) else one) for (one,) in cursor]
            cursor.execute(FOREIGN_KEYS)
            for table, columns, to, its in cursor.fetchall():
                self.keys.setdefault(table, []).append((tuple(columns), to, tuple(its)))
        wanted = {(to, its) for keys in self.keys.values() for _, to, its in keys} | {
            (row.table, ("id",)) for row in self.rows if "id" in row.columns
        }
        for row in self.rows:
            for _, its in (one for one in wanted if one[0] == row.table):
                self.found[row.table, its, tuple(row.columns[name] for name in its)] = row

    def links(self, one: Marks, other: Marks, *, excepted: Excepted = lambda table, columns: False) -> list[str]:
        """Return the tables of the rows that lead to both, by themselves or by what they point at."""
        linking = []
        for row in self.rows:
            if excepted(row.table, row.columns):
                continue
            texts = [reached.text for reached in self._reached(row, excepted)]
            if any(map(one.stand_in, texts)) and any(map(other.stand_in, texts)):
                linking.append(row.table)
        return sorted(linking)

    def _reached(self, start: Row, excepted: Excepted) -> Iterator[Row]:
        """Yield a row and every row it points at, one after another, but none that is excepted."""
        waiting, seen = [start], set()
        while waiting:
            row = waiting.pop()
            if id(row) in seen or excepted(row.table, row.columns):
                continue
            seen.add(id(row))
            yield row
            waiting += self._targets(row)

    def _targets(self, row: Row) -> Iterator[Row]:
        for columns, to, its in self.keys.get(row.table, ()):
            target = self.found.get((to, its, tuple(row.columns[name] for name in columns)))
            if target:
                yield target
        if row.table == "django_admin_log" and row.columns["content_type_id"]:
            model = ContentType.objects.get_for_id(row.columns["content_type_id"]).model_class()
            about = row.columns["object_id"] or ""
            key = int(about) if about.isdecimal() else about
            target = self.found.get((model._meta.db_table, ("id",), (key,))) if model else None
            if target:
                yield target


FOREIGN_KEYS = """
SELECT c.conrelid::regclass::text,
       (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k(num, n)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num),
       c.confrelid::regclass::text,
       (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(c.confkey) WITH ORDINALITY k(num, n)
        JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num)
FROM pg_constraint c WHERE c.contype = 'f'
"""


def _row(table: str, columns: dict) -> Row:
    texts = [json.dumps(columns, ensure_ascii=False)]
    if "session_data" in columns:
        texts.append(json.dumps(SessionStore().decode(columns["session_data"]), ensure_ascii=False, default=str))
    return Row(table, columns, " ".join(texts))


def kept_on_purpose(on: datetime) -> Excepted:
    """Return what decision 3 excepts: what patrons keep themselves, what is going on, and 30 days of cancelled."""
    oldest = on - timedelta(days=31)

    def excepted(table: str, columns: dict) -> bool:
        if table == "loans_loan":
            return columns["returned_at"] is None
        if table == "reservations_reservation":
            closed = columns["closed_at"]
            lately = closed and datetime.fromisoformat(closed) > oldest
            return columns["state"] in ("waiting", "in_transit", "ready") or (
                columns["state"] != "fulfilled" and lately
            )
        return table in {"patrons_shelfentry", "patrons_challenge"}

    return excepted


def files_naming(marks: Marks, folders: Iterable[Path]) -> list[str]:
    """Return the files below the folders in which a mark stands, plain or packed, in any writing of Japanese."""
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return sorted(path.name for path in files if any(marks.stand_in(text) for text in _texts(path)))


def _texts(path: Path) -> Iterator[str]:
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    for encoding in ("utf-8", "cp932", "utf-16-le"):
        yield content.decode(encoding, errors="replace")
