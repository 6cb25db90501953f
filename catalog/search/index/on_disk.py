"""Where the index lives on this machine, and how web workers read it.

``settings.SEARCH_INDEX`` holds one folder per build, named after the format and the time, and a link ``current`` that
is switched atomically. Workers look at the link and at the commit file before each search: two ``stat`` calls.
"""

import logging
import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import tantivy
from django.conf import settings

from catalog.search.index.schema import FORMAT

CURRENT = "current"
COMMIT_FILE = "meta.json"
RETRY_SECONDS = 5

log = logging.getLogger(__name__)
_lock = threading.Lock()


@dataclass
class Reader:
    """An open index; ``commit`` is the state of its commit file when it was last loaded."""

    path: Path
    index: tantivy.Index
    commit: int

    def searcher(self) -> tantivy.Searcher:
        return self.index.searcher()


@dataclass
class _State:
    reader: Reader | None = None
    broken: Path | None = None
    try_again_at: float = 0


_state = _State()


def home() -> Path:
    return Path(settings.SEARCH_INDEX)


def current() -> Path | None:
    """Return the folder of the index in use, None when there is none in today's format."""
    try:
        name = os.readlink(home() / CURRENT)
    except OSError:
        return None
    return home() / name if name.startswith(f"{FORMAT}-") else None


def reader() -> Reader | None:
    """Return the index as last committed, None when it is missing, broken or of an old format."""
    path = current()
    try:
        commit = (path / COMMIT_FILE).stat().st_mtime_ns if path else None
    except OSError:
        commit = None
    if not path or commit is None:
        return None
    found = _state.reader
    if found and found.path == path and found.commit == commit:
        return found
    with _lock:
        return _loaded(path, commit)


def _loaded(path: Path, commit: int) -> Reader | None:
    """Open the index or follow its last commit; one that is broken is left alone for a few seconds."""
    found = _state.reader
    if path == _state.broken and time.monotonic() < _state.try_again_at:
        return None
    try:
        if found and found.path == path:
            found.index.reload()
            found.commit = commit
        else:
            _state.reader = found = Reader(path, tantivy.Index.open(str(path)), commit)
    except (ValueError, OSError) as error:
        log.warning("The search index cannot be read: %s", error)
        _state.reader, _state.broken, _state.try_again_at = None, path, time.monotonic() + RETRY_SECONDS
        return None
    return found
