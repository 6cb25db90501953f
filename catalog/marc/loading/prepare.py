"""Raw records → all that can be said of them without the database, so that another process can say it."""

import hashlib
import logging
from dataclasses import dataclass, field, fields, replace
from typing import Any

from pymarc import Record

from catalog.derived import DERIVED
from catalog.marc.files.parsed import RawRecord, read
from catalog.marc.files.problem import Problem
from catalog.marc.meaning import sort
from catalog.marc.meaning.coded import control
from catalog.marc.meaning.facts import TitleFacts, facts_of, fitting
from catalog.marc.meaning.holdings import Copy, CopyRule, copies_of

logger = logging.getLogger(__name__)

SAME = (
    "title",
    "title_reading",
    "subtitle",
    "other_titles",
    "volume",
    "volume_order",
    "series_volume",
    "creator",
    "creator_reading",
    "publisher",
    "year",
    "isbn",
    "other_isbns",
    "ndc",
    "language",
    "subjects",
)
NOTHING_KNOWN = TitleFacts(control_number="")


@dataclass(frozen=True)
class RecordText:
    """A record's words as its Title will have them: what its derived columns follow from (``Described``)."""

    title: str
    title_reading: str
    subtitle: str
    other_titles: str
    volume: str
    volume_order: int | None
    series_volume: str
    series_name: str
    series_reading: str
    creator: str
    creator_reading: str
    publisher: str
    isbn: str
    other_isbns: str
    subjects: str

    @classmethod
    def of(cls, columns: dict[str, Any], facts: TitleFacts) -> "RecordText":
        """Take the words of a Title's columns, and those of the series as the facts have it."""
        words = columns | {"series_name": facts.series, "series_reading": facts.series_reading}
        return cls(**{field.name: words[field.name] for field in fields(cls)})

    @property
    def derived(self) -> dict[str, str]:
        return {name: follow(self) for name, follow in DERIVED.items()}


@dataclass
class Prepared:
    """A record that was read but not yet written; one with a fatal problem cannot be taken, and tells no facts.

    ``columns`` are those of its Title, ``derived`` the ones computed from them when the series is as the facts say.
    """

    raw: RawRecord
    digest: str
    facts: TitleFacts = NOTHING_KNOWN
    columns: dict = field(default_factory=dict)
    derived: dict[str, str] = field(default_factory=dict)
    copies: list[Copy] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    copies_only: bool = False
    """A record of holdings, whose facts are the number of its title and nothing else."""

    @property
    def refused(self) -> bool:
        return any(problem.fatal for problem in self.problems)

    @property
    def key(self) -> tuple[str, str]:
        return self.facts.agency, self.facts.control_number


@dataclass(frozen=True)
class Preparer:
    """The rules needed: where copies stand, what records call our libraries, how long a column may be.

    ``longest`` maps a column to its length and its name in words; ``source`` is the agency of
    records that name none.
    """

    copy_rules: list[CopyRule]
    libraries: dict[str, int]
    longest: dict[str, tuple[int, str]]
    encoding: str = ""
    source: str = ""

    def prepare_batch(self, batch: tuple[int, list[RawRecord]]) -> tuple[int, list[Prepared]]:
        """Prepare records; their position in the file, in bytes, goes with them."""
        position, records = batch
        return position, [self.prepare(raw) for raw in records]

    def prepare(self, raw: RawRecord, *, source: str = "") -> Prepared:
        """Read a record and work out what it says; never raises.

        ``source`` is the agency of a record that names none, instead of the one of the whole file.
        """
        prepared = Prepared(raw, hashlib.sha256(raw.data).hexdigest())
        try:
            parsed = read(raw, encoding=self.encoding)
            prepared.problems += parsed.problems
            if parsed.record is not None:
                self._fill(prepared, parsed.record, fitting(source or self.source))
        except Exception:  # whatever a record holds, it costs itself alone; the log says where, not what
            logger.exception("A MARC record could not be mapped")
            prepared.facts = NOTHING_KNOWN
            prepared.problems = [Problem("この記録を読む途中で誤りが起きました。記録を見てください。", fatal=True)]
        return prepared

    def _fill(self, prepared: Prepared, record: Record, source: str) -> None:
        """Say what a record says, by its sort."""
        if passed_over := sort.PASSED_OVER.get(record.leader[6:7]):
            prepared.problems.append(passed_over)
            return
        prepared.copies, problems = copies_of(record, self.copy_rules, self.libraries)
        if sort.tells_copies_only(record):
            agency = fitting(control(record, "003").strip()) or source
            prepared.facts = TitleFacts(control_number=fitting(sort.number_of_title(record)), agency=agency)
            prepared.copies_only = True
            prepared.problems += problems
            return
        facts, fact_problems = facts_of(record)
        prepared.problems += fact_problems
        if facts is None:
            return
        facts = replace(facts, agency=facts.agency or source)
        prepared.problems += problems
        prepared.columns = {name: getattr(facts, name) for name in SAME}
        for name, (length, words) in self.longest.items():
            if len(prepared.columns[name]) > length:
                prepared.columns[name] = prepared.columns[name][:length].rstrip()
                prepared.problems.append(Problem(f"{words}が長いため、途中で切りました。"))
        prepared.derived = RecordText.of(prepared.columns, facts).derived
        prepared.facts = facts
