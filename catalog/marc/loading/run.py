"""One import from file to report: batches, progress, going on after an interruption."""

import hashlib
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import connection, reset_queries, transaction

from catalog import workers
from catalog.marc.files import source
from catalog.marc.files.parsed import RawRecord
from catalog.marc.files.problem import FileRefused
from catalog.marc.loading.load import Loader
from catalog.marc.loading.outcome import Fate, ImportOutcome
from catalog.marc.loading.prepare import Prepared
from catalog.models import ImportLine, ImportRun
from catalog.models.marc_import import LINES_KEPT

BATCH = 500
WORTH_A_PROCESS = 2_000_000  # bytes of a file; smaller ones are in before another process has begun
AHEAD = 3  # batches
ONLY_ONE = 4_160_709  # the advisory lock of imports
PATIENCE_SECONDS = 5
NOTHING = "MARCの記録がありません。"


class AnotherImportRuns(Exception):
    """Two imports at once would stand in each other's way."""


@contextmanager
def only_import() -> Iterator[None]:
    """Hold the lock of imports for the block; PostgreSQL gives it up when a process dies, after a moment."""
    until = time.monotonic() + PATIENCE_SECONDS
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONLY_ONE])
        while cursor.fetchone() != (True,):
            if time.monotonic() > until:
                raise AnotherImportRuns
            time.sleep(0.2)
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONLY_ONE])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONLY_ONE])


def fingerprint(path: Path, source: str = "") -> str:
    """Return what tells a file, taken for that source, from others: two days of a catalogue may begin alike."""
    with path.open("rb") as file:
        whole = hashlib.file_digest(file, "sha256").hexdigest()
    return hashlib.sha256(f"{source}:{whole}".encode()).hexdigest() if source else whole


@dataclass
class Import:
    """One import of a file into the rows; with ``dry_run`` everything is tried and nothing stays.

    ``source`` is the agency of records that name none.
    ``told`` hears each batch's outcomes once they are safe, ``progress`` the position in bytes.
    """

    path: Path
    run: ImportRun
    dry_run: bool = False
    source: str = ""
    told: Callable[[list[ImportOutcome]], None] = lambda outcomes: None
    progress: Callable[[int], None] = lambda position: None
    refusal: str = field(default="", init=False)

    def work(self, now: Callable[[], datetime]) -> None:
        """Import what the run has not yet behind it; a file that must not be read on ends it with a reason.

        For a large file another process prepares the next batches while one is written.
        """
        self.run.bytes_total = self.path.stat().st_size
        self.run.start(now())
        self._save()
        loader = Loader(now=now(), encoding=self.run.encoding, source=self.source)
        prepare, batches = loader.preparer.prepare_batch, self._batches()
        with ExitStack() as stack:
            if self.run.bytes_total < WORTH_A_PROCESS or os.cpu_count() == 1:
                prepared: Iterator[tuple[int, list[Prepared]]] = map(prepare, batches)
            else:
                pool = stack.enter_context(workers.processes(1, "spawn"))
                prepared = workers.in_order(pool, prepare, batches, ahead=AHEAD)
            for position, batch in prepared:
                self._write(loader, batch, position)
        self.run.finish(now(), error=self.refusal or ("" if self.run.records else NOTHING))
        self._save()

    def _batches(self) -> Iterator[tuple[int, list[RawRecord]]]:
        """Yield what is read, a batch at a time, with the position; what was good goes before a refusal."""
        batch: list[RawRecord] = []
        position, behind = 0, self.run.records

        def at(here: int) -> None:
            nonlocal position
            position = here

        try:
            for raw in source.records(self.path, progress=at):
                if raw.number > behind:
                    batch.append(raw)
                if len(batch) == BATCH:
                    yield position, batch
                    batch = []
        except FileRefused as refusal:
            self.refusal = str(refusal)
        if batch:
            yield position, batch

    def _write(self, loader: Loader, batch: list[Prepared], position: int) -> None:
        """Write a batch, and in the same transaction how far the run is and what is to be said."""
        run = self.run
        with transaction.atomic():
            outcomes = loader.write(batch)
            fates = Counter(outcome.fate for outcome in outcomes)
            noted = [outcome for outcome in outcomes if outcome.reasons]
            room = max(LINES_KEPT - run.refused - run.noted, 0)
            run.records += len(outcomes)
            run.bytes_done = position
            for fate in Fate:
                setattr(run, fate, getattr(run, fate) + fates[fate])
            run.noted += sum(outcome.fate is not Fate.REFUSED for outcome in noted)
            self._save()
            if self.dry_run:
                loader.series.forget()
                transaction.set_rollback(True)
            else:
                ImportLine.objects.bulk_create(outcome.as_line(run) for outcome in noted[:room])
        reset_queries()  # with DEBUG Django remembers every statement, and these hold the records
        self.told(outcomes)
        self.progress(position)

    def _save(self) -> None:
        """Keep the run's row; a dry run has none."""
        if not self.dry_run:
            self.run.save()
