"""A MARC record → what a Title knows of it."""

import hashlib
from dataclasses import dataclass, field

from pymarc import Record

from catalog.marc.files.problem import Problem
from catalog.marc.meaning import coded, described
from catalog.marc.meaning.script import Scripts
from catalog.marc.meaning.signs import Signs
from catalog.marc.meaning.titles import NO_TITLE, titles_of

LONGEST_NUMBER = 60


@dataclass(frozen=True)
class TitleFacts:
    """A record in the columns of a Title. Lists are joined with ``"; "``; yomi are katakana."""

    control_number: str
    agency: str = ""
    title: str = NO_TITLE
    title_reading: str = ""
    subtitle: str = ""
    other_titles: str = ""
    volume: str = ""
    volume_order: int | None = None
    series: str = ""
    series_reading: str = ""
    series_volume: str = ""
    creator: str = ""
    creator_reading: str = ""
    publisher: str = ""
    year: int | None = None
    isbn: str = ""
    other_isbns: str = ""
    ndc: str = ""
    language: str = coded.NO_LANGUAGE
    subjects: str = ""
    signs: Signs = field(default_factory=Signs)


def facts_of(record: Record) -> tuple[TitleFacts | None, list[Problem]]:
    """Return what a Title knows of a record, and what a cataloguer should look at.

    None comes with a fatal problem: there is neither a title nor anything else to know the record by.
    """
    scripts, problems = Scripts(record), []
    titles = titles_of(scripts)
    system = (value for field in record.get_fields("035") for value in field.get_subfields("a"))
    number = next((said for value in (coded.control(record, "001"), *system) if (said := value.strip())), "")
    if titles["title"] == NO_TITLE:
        if record.get_fields("200") and not record.get_fields("245"):
            return None, [Problem("UNIMARCの記録です。MARC 21に変換してください。", fatal=True)]
        if not number:
            return None, [Problem("書名も書誌番号もありません。", fatal=True)]
        problems.append(Problem("書名（245）がありません。"))
    if not number:
        problems.append(Problem("書誌番号（001）がないため、内容で見分けます。"))
        content = "\n".join(map(str, record.fields)).encode()
        number = f"none-{hashlib.sha256(content).hexdigest()[:24]}"
    if record.leader[5:6] == "d":
        problems.append(Problem("作成機関では削除された記録です（leader/05 = d）。"))
    isbns, isbn_problems = coded.isbns_of(record.get_fields("020"))
    creator, creator_yomi = described.makers_of(scripts)
    publisher, dates = described.imprint_of(scripts)
    facts = TitleFacts(
        control_number=fitting(number),
        agency=fitting(coded.control(record, "003").strip()),
        creator=creator,
        creator_reading=creator_yomi,
        publisher=publisher,
        year=coded.year_of(record, dates),
        isbn=isbns[0] if isbns else "",
        other_isbns="; ".join(isbns[1:]),
        ndc=coded.ndc_of(record),
        language=coded.language_of(record),
        subjects=described.subjects_of(scripts),
        signs=Signs.of(record),
        **titles,
    )
    return facts, problems + isbn_problems


def fitting(number: str) -> str:
    """Return a number in the length of its column; what is cut off is told apart by a digest."""
    if len(number) <= LONGEST_NUMBER:
        return number
    return f"{number[:35]}-{hashlib.sha256(number.encode()).hexdigest()[:24]}"
