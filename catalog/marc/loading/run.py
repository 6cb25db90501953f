"""One import from file to report: batches, progress, going on after an interruption."""

import hashlib
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from catalog.marc.loading.prepare import Prepared, Preparer
from catalog.models import ImportLine, ImportRun
from catalog.models.marc_import import LINES_KEPT

BATCH = 500
WORTH_A_PROCESS = 2_000_000  # bytes of a file; smaller ones are in before another process has begun
AHEAD = 3  # batches
ONLY_ONE = 4_160_709  # the advisory lock of imports
PATIENCE_SECONDS = 5
FINGERPRINTED = 1 << 20  # bytes from the beginning of a file
NOTHING = "MARCの記録がありません。"


class AnotherImportRuns(Exception):
    """Two imports at once would stand in each other's way."""


@contextmanager
def only_import() -> Iterator[None]:
    """Hold the lock of imports for the block; PostgreSQL gives it up when a process dies, after a moment."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not _locked():
        if time.monotonic() > until:
            raise AnotherImportRuns
        time.sleep(0.2)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONLY_ONE])


def _locked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONLY_ONE])
        return cursor.fetchone()[0]


def fingerprint(path: Path) -> str:
    """Return what tells a file from others without reading it whole: its size and its first megabyte."""
    with path.open("rb") as file:
        head = file.read(FINGERPRINTED)
    return hashlib.sha256(b"%d:" % path.stat().st_size + head).hexdigest()


@dataclass
class Import:
    """One import of a file into the rows; with ``dry_run`` everything is tried and nothing stays.

    ``told`` hears each batch's outcomes once they are safe, ``progress`` the position in bytes.
    """

    path: Path
    run: ImportRun
    dry_run: bool = False
    told: Callable[[list[ImportOutcome]], None] = lambda outcomes: None
    progress: Callable[[int], None] = lambda position: None
    refusal: str = field(default="", init=False)

    def work(self, now: Callable[[], datetime]) -> None:
        """Import what the run has not yet behind it; a file that must not be read on ends it with a reason."""
        self.run.bytes_total = self.path.stat().st_size
        self.run.start(now())
        self._save()
        loader = Loader(now=now(), encoding=self.run.encoding)
        for position, prepared in self._prepared(loader.preparer):
            self._batch(loader, prepared, position)
        self.run.finish(now(), error=self.refusal or ("" if self.run.records else NOTHING))
        self._save()

    def _prepared(self, preparer: Preparer) -> Iterator[tuple[int, list[Prepared]]]:
        """Yield batches and the position behind each; for a large file another process prepares the next ones."""
        if self.run.bytes_total < WORTH_A_PROCESS or os.cpu_count() == 1:
            yield from map(preparer.prepare_batch, self._batches())
            return
        with workers.processes(1, "spawn") as pool:
            yield from workers.in_order(pool, preparer.prepare_batch, self._batches(), ahead=AHEAD)

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

    def _batch(self, loader: Loader, prepared: list[Prepared], position: int) -> None:
        with transaction.atomic():
            outcomes = loader.write(prepared)
            self._count(outcomes, position)
            if self.dry_run:
                loader.series.forget()
                transaction.set_rollback(True)
        reset_queries()  # with DEBUG Django remembers every statement, and these hold the records
        self.told(outcomes)
        self.progress(position)

    def _count(self, outcomes: list[ImportOutcome], position: int) -> None:
        """Write down in the batch's own transaction how far the run is, and what is to be said."""
        run, fates = self.run, Counter(outcome.fate for outcome in outcomes)
        run.records += len(outcomes)
        run.bytes_done = position
        for fate in Fate:
            setattr(run, fate, getattr(run, fate) + fates[fate])
        noted = [outcome for outcome in outcomes if outcome.reasons]
        run.noted += sum(outcome.fate is not Fate.REFUSED for outcome in noted)
        self._save()
        if not self.dry_run:
            _keep_lines(run, noted)

    def _save(self) -> None:
        """Keep the run's row; a dry run has none."""
        if not self.dry_run:
            self.run.save()


def _keep_lines(run: ImportRun, noted: list[ImportOutcome]) -> None:
    room = LINES_KEPT - (run.refused + run.noted - len(noted))
    ImportLine.objects.bulk_create(
        ImportLine(
            run=run,
            number=one.number,
            offset=one.offset,
            control_number=one.control_number,
            refused=one.fate is Fate.REFUSED,
            reason=" ".join(one.reasons)[:500],
        )
        for one in noted[: max(room, 0)]
    )
