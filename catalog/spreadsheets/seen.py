"""The numbers that a file has named so far, on disk rather than in memory: a city has two million of them."""

import sqlite3


class Seen:
    """Remembers at which line a number stood first."""

    def __init__(self) -> None:
        self._table = sqlite3.connect("")  # a file without a name, gone with the connection
        self._table.execute("CREATE TABLE seen (number TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")

    def first(self, number: str, line: int) -> int:
        """Return the line at which a number stood first, which may be this one. Zeros in front tell nothing apart."""
        key = number.lstrip("0")
        self._table.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, line))
        return self._table.execute("SELECT line FROM seen WHERE number = ?", (key,)).fetchone()[0]
