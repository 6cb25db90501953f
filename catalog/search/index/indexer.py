"""Bring the index after the database: build it anew, or apply the change log.

One indexer runs per machine, held by a file lock. The watermark (see ``TitleChange``) stands in the index itself, in
the same commit as the documents it covers, so that a killed indexer neither loses a change nor claims one.
"""

import errno
import fcntl
import itertools
import os
import shutil
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import tantivy
from django.db.models import Q
from django.utils import timezone

from catalog.models import Title, TitleChange
from catalog.search.index import on_disk
from catalog.search.index.build import CHUNK, all_documents, holdings_of, titles_of
from catalog.search.index.document import document
from catalog.search.index.schema import FORMAT, schema

HEAP = 256_000_000  # bytes of tantivy's buffer while building
SMALL_HEAP = 30_000_000  # while following
KEPT_DAYS = 7  # how long the change log waits for an indexer that does not run
HEARTBEAT = timedelta(hours=12)
WATERMARK = "watermark"
LITTLE_ROOM = 10_000_000  # bytes


class AnotherIndexerRuns(Exception):
    """Somebody else holds the lock."""


class Outdated(Exception):
    """The index cannot follow the log: it is missing, broken, too old, or of another database."""


class Unwritable(Exception):
    """Nothing can be written now: the disk is full, or the folder read-only. What is there can be read as before."""

    def __init__(self, error: Exception) -> None:
        full = getattr(error, "errno", None) == errno.ENOSPC or not _has_room()
        super().__init__("The disk of the search index is full." if full else f"The index cannot be written: {error}")


def _has_room() -> bool:
    """Ask the disk itself: tantivy says only that a thread has ended."""
    try:
        return shutil.disk_usage(on_disk.home()).free > LITTLE_ROOM
    except OSError:
        return True


@contextmanager
def only_indexer() -> Iterator[None]:
    """Hold this machine's indexer lock; raises AnotherIndexerRuns."""
    on_disk.home().mkdir(parents=True, exist_ok=True)
    with (on_disk.home() / "indexer.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnotherIndexerRuns from None
        yield


def rebuild(progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Build the index in a new folder and switch to it; return the number of titles. Raises Unwritable."""
    folder = on_disk.home() / f"{FORMAT}-{time.time_ns()}"
    try:
        folder.mkdir(parents=True)
        return _build(folder, progress)
    except (ValueError, OSError) as error:
        traceback.clear_frames(error.__traceback__)  # the writer goes, and writes no more
        raise Unwritable(error) from error
    finally:
        if on_disk.current() != folder:
            shutil.rmtree(folder, ignore_errors=True)  # half of an index would fill the disk at the next try


def _build(folder: Path, progress: Callable[[int, int], None]) -> int:
    watermark = TitleChange.watermark()
    done, total = 0, Title.objects.count()
    made = all_documents()
    first = next(made, [])  # the workers fork before tantivy's threads start
    writer = tantivy.Index(schema(), str(folder)).writer(HEAP, 1)
    for lines in itertools.chain([first], made):
        for line in lines:
            writer.add_json(line)
        done += len(lines)
        progress(done, max(total, done))
    _commit(writer, watermark)
    writer.wait_merging_threads()
    link = on_disk.home() / f"{on_disk.CURRENT}.new"
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name)
    os.replace(link, on_disk.home() / on_disk.CURRENT)
    for other in on_disk.home().iterdir():
        if other.is_dir() and not other.is_symlink() and other != folder:
            shutil.rmtree(other, ignore_errors=True)
    return done


def _commit(writer: tantivy.IndexWriter, watermark: str) -> None:
    writer.delete_documents_by_term("kind", WATERMARK)
    mark = {"kind": [WATERMARK], WATERMARK: [f"{watermark} {timezone.now().isoformat()}"], "id": [-1]}
    writer.add_document(tantivy.Document.from_dict(mark, schema()))
    writer.commit()


class Follower:
    """Applies the change log to the index in use, over and over.

    Raises Outdated when the index has to be rebuilt, and Unwritable when another follower has to try later.
    """

    def __init__(self) -> None:
        path = on_disk.current()
        if not path:
            raise Outdated("There is no index in today's format.")
        self.path = path
        try:
            self.index = tantivy.Index.open(str(self.path))
            self.since, self.marked_at = _watermark(self.index)
        except (ValueError, OSError) as error:
            raise Outdated(f"The index cannot be opened: {error}") from error
        too_old = self.marked_at < timezone.now() - timedelta(days=KEPT_DAYS)
        if too_old or not TitleChange.knows(self.since):
            raise Outdated("The index is older than the change log, or of another database.")
        try:
            self.writer = self.index.writer(SMALL_HEAP, 1)
        except (ValueError, OSError) as error:
            raise Unwritable(error) from error

    def apply(self) -> int:
        """Apply what has been committed since the last time; return the number of titles brought up to date."""
        if on_disk.current() != self.path or not (self.path / on_disk.COMMIT_FILE).exists():
            raise Outdated("The index is not where it was.")
        until = TitleChange.watermark()
        changed = TitleChange.titles_between(self.since, until)
        try:
            for start in range(0, len(changed), CHUNK):
                chunk = changed[start : start + CHUNK]
                for pk in chunk:
                    self.writer.delete_documents_by_term("id", pk)
                titles = titles_of(Q(pk__in=chunk))
                held, this_year = holdings_of(titles), timezone.localdate().year
                for title in titles:
                    self.writer.add_document(document(title, held[title.pk], this_year))
            if changed or timezone.now() > self.marked_at + HEARTBEAT:
                _commit(self.writer, until)
                self.marked_at = timezone.now()
        except (ValueError, OSError) as error:
            raise Unwritable(error) from error
        self.since = until
        return len(changed)

    def close(self) -> None:
        self.writer.wait_merging_threads()


def _watermark(opened: tantivy.Index) -> tuple[str, datetime]:
    """Return up to where the index has followed, and when that was written; raises ValueError when it does not say."""
    searcher = opened.searcher()
    hits = searcher.search(tantivy.Query.term_query(schema(), "kind", WATERMARK), 1).hits
    if not hits:
        raise ValueError("no watermark")
    snapshot, when = searcher.doc(hits[0][1])[WATERMARK][0].split()
    if snapshot.count(":") != 2:
        raise ValueError("a watermark of another kind")
    return snapshot, datetime.fromisoformat(when)


def forget_applied() -> int:
    """Delete what every indexer that still runs has applied; return how many rows went."""
    before = timezone.now() - timedelta(days=KEPT_DAYS + 1)
    return TitleChange.objects.filter(changed_at__lt=before).delete()[0]
