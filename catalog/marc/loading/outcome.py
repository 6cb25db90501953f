"""What became of a record, and how a report says it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from catalog.marc.loading.prepare import Prepared
from catalog.models import ImportLine, ImportRun
from catalog.spreadsheets.rows import safe

HEAD = ("ファイル", "件目", "位置", "書誌番号", "結果", "理由")


class Fate(StrEnum):
    """The four things that can become of a record; the values are columns of an ImportRun."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class ImportOutcome:
    """What became of one record, with everything that is to be said about it."""

    number: int
    offset: int
    control_number: str
    fate: Fate
    reasons: tuple[str, ...] = ()

    @classmethod
    def of(cls, prepared: Prepared, fate: Fate) -> "ImportOutcome":
        fatal = [problem for problem in prepared.problems if problem.fatal]
        reasons = tuple(dict.fromkeys(problem.reason for problem in fatal or prepared.problems))
        return cls(prepared.raw.number, prepared.raw.offset, prepared.facts.control_number, fate, reasons)

    def as_line(self, run: ImportRun) -> ImportLine:
        """Return the line that the run's page shows of this record."""
        return ImportLine(
            run=run,
            number=self.number,
            offset=self.offset,
            control_number=self.control_number,
            refused=self.fate is Fate.REFUSED,
            reason=" ".join(self.reasons)[:500],
        )


def lines(name: str, outcomes: Iterable[ImportOutcome]) -> list[str]:
    """Return the report's tab-separated lines: records that were refused, and those with something to look at.

    What records say stands in single lines, and no spreadsheet takes it for a formula.
    """
    cells = (
        (
            name,
            str(one.number),
            str(one.offset),
            one.control_number,
            "取り込めません" if one.fate is Fate.REFUSED else "取り込みました（注意）",
            " ".join(one.reasons),
        )
        for one in outcomes
        if one.reasons
    )
    return ["\t".join(safe(" ".join(cell.split())) for cell in line) for line in cells]
