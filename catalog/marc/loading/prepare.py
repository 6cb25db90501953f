"""Raw records → all that can be said of them without the database, so that another process can say it."""

import hashlib
import logging
from dataclasses import dataclass, field
from types import SimpleNamespace

from catalog.japanese.sort_keys import creator_key, title_key
from catalog.japanese.volumes import volume_key
from catalog.marc.files.parsed import RawRecord, read
from catalog.marc.files.problem import Problem
from catalog.marc.meaning.facts import TitleFacts, facts_of
from catalog.marc.meaning.holdings import Copy, CopyRule, copies_of
from catalog.search.index.text import plain_text

logger = logging.getLogger(__name__)

SAME = ("title", "title_reading", "subtitle", "other_titles", "volume", "volume_order", "series_volume")
SAME += ("creator", "creator_reading", "publisher", "year", "isbn", "other_isbns", "ndc", "language", "subjects")


@dataclass
class Prepared:
    """A record that was read but not yet written; ``facts`` is None when it cannot be taken.

    ``columns`` are those of its Title, ``derived`` the ones computed from them when the series is as the facts say.
    """

    raw: RawRecord
    digest: str
    facts: TitleFacts | None = None
    columns: dict = field(default_factory=dict)
    derived: dict[str, str] = field(default_factory=dict)
    copies: list[Copy] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        return self.facts.agency, self.facts.control_number


@dataclass(frozen=True)
class Preparer:
    """The rules needed: where copies stand, what records call our libraries, and how long a column may be.

    ``longest`` maps a column to its length and its name in words.
    """

    copy_rules: list[CopyRule]
    libraries: dict[str, int]
    longest: dict[str, tuple[int, str]]
    encoding: str = ""

    def prepare_batch(self, batch: tuple[int, list[RawRecord]]) -> tuple[int, list[Prepared]]:
        """Prepare records; their position in the file, in bytes, goes with them."""
        position, records = batch
        return position, [self.prepare(raw) for raw in records]

    def prepare(self, raw: RawRecord) -> Prepared:
        """Read a record and work out what it says; never raises."""
        prepared = Prepared(raw, hashlib.sha256(raw.data).hexdigest())
        try:
            self._read(prepared)
        except Exception:  # whatever a record holds, it costs itself alone; the log says where, not what
            logger.exception("A MARC record could not be mapped")
            prepared.facts = None
            prepared.problems = [Problem("この記録を読む途中で誤りが起きました。記録を見てください。", fatal=True)]
        return prepared

    def _read(self, prepared: Prepared) -> None:
        reading = read(prepared.raw, encoding=self.encoding)
        prepared.problems += reading.problems
        if reading.record is None:
            return
        facts, problems = facts_of(reading.record)
        prepared.problems += problems
        if facts is None:
            return
        prepared.copies, problems = copies_of(reading.record, self.copy_rules, self.libraries)
        prepared.problems += problems
        prepared.columns = self._columns(facts, prepared.problems)
        prepared.derived = _derived(prepared.columns, facts)
        prepared.facts = facts

    def _columns(self, facts: TitleFacts, problems: list[Problem]) -> dict:
        columns = {name: getattr(facts, name) for name in SAME}
        for name, (length, words) in self.longest.items():
            if len(columns[name]) > length:
                columns[name] = columns[name][:length].rstrip()
                problems.append(Problem(f"{words}が長いため、途中で切りました。"))
        return columns


def _derived(columns: dict, facts: TitleFacts) -> dict[str, str]:
    series = SimpleNamespace(name=facts.series, reading=facts.series_reading)
    title = SimpleNamespace(**columns, series_id=bool(facts.series), series=series)
    return {
        "folded": plain_text(title),
        "title_key": title_key(title),
        "creator_key": creator_key(title),
        "volume_key": volume_key(title.series_volume or title.volume, title.volume_order),
    }
