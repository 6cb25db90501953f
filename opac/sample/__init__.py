"""The sample library: Okayama's ten libraries, real titles, invented people, a believable day.

``README.md`` beside this file says where each fact comes from and what is invented.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from random import Random

FOLDER = Path(__file__).parent


def rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one of this folder's CSV files."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def dice() -> Random:
    """Return the same dice every time, so that every sample library is alike."""
    return Random(20260311)  # noqa: S311
