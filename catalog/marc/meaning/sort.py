"""Which sort of record it is: only a bibliographic one says what a title is called (leader/06)."""

from pymarc import Record

from catalog.marc.files.problem import Problem
from catalog.marc.meaning.coded import control

HOLDINGS = "uvxy"
PASSED_OVER = {
    "z": Problem("典拠の記録です。書誌ではないため取り込みません（leader/06 = z）。", fatal=True),
    "w": Problem("分類の記録です。書誌ではないため取り込みません（leader/06 = w）。", fatal=True),
    "q": Problem("地域情報の記録です。書誌ではないため取り込みません（leader/06 = q）。", fatal=True),
}


def tells_copies_only(record: Record) -> bool:
    """Tell whether it is a record of holdings, which belongs to the record of a title."""
    return record.leader[6:7] in HOLDINGS


def number_of_title(record: Record) -> str:
    """Return the number of the record whose holdings these are: 004, else 014, else its own."""
    linked = (value for field in record.get_fields("014") for value in field.get_subfields("a"))
    said = (control(record, "004"), *linked, control(record, "001"))
    return next((number for value in said if (number := value.strip())), "")
