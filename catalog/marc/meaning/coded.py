"""Facts in codes and numbers: ISBN, year, language, class number."""

import re
import unicodedata
from collections.abc import Iterator

from pymarc import Field, Record

from catalog.bibliography.isbn import isbn13
from catalog.marc.files.problem import Problem
from catalog.marc.meaning.dates import plausible, year_in

ISBN_LIKE = re.compile(r"[0-9][0-9\s‐-―−-]{7,}[0-9Xx](?![0-9])")
ISBN_DIGITS, LONGEST_PART = (10, 13), 30
MOST_ISBNS = 50  # of one record
OF_A_SET = re.compile(r"セット|全[0-9]*[巻冊]|\bset\b", re.IGNORECASE)
DATE_SINGLE = "stcdekmrpi"  # kinds of 008/06 whose first date is the year of publication or its beginning
LANGUAGE = re.compile("[a-z]{3}")
NDC = re.compile(r"[0-9]{1,3}(?:\.[0-9]+)?")
NDC_SCHEME = re.compile(r"^(?:njb|j?ndc)[/ ]?0*([0-9]*)", re.IGNORECASE)
NO_LANGUAGE = "und"


def isbns_of(fields: list[Field]) -> tuple[list[str], list[Problem]]:
    """Return the thirteen digits of the valid ISBN in 020, in their order, those of a single volume before a set's."""
    own: list[str] = []
    of_set: list[str] = []
    problems = []
    for field in fields:
        for text in field.get_subfields("a"):
            plain = unicodedata.normalize("NFKC", text)
            found = next(filter(None, map(isbn13, _isbn_like(plain))), "")
            if not found:
                if any(character.isdigit() for character in plain):
                    problems.append(Problem(f"ISBN「{text.strip()[:40]}」は正しくありません。"))
            elif OF_A_SET.search(f"{plain} {' '.join(field.get_subfields('q'))}"):
                of_set.append(found)
            else:
                own.append(found)
    return list(dict.fromkeys(own + of_set))[:MOST_ISBNS], problems


def _isbn_like(plain: str) -> Iterator[str]:
    """Yield what may be an ISBN: digits, which blanks may part, without what stands before or behind them."""
    for run in ISBN_LIKE.findall(plain):
        parts = [part[:LONGEST_PART] for part in run.split()]
        for first in range(len(parts)):
            for end in range(min(len(parts), first + ISBN_DIGITS[-1]), first, -1):
                like = "".join(parts[first:end])
                if sum(map(str.isalnum, like)) in ISBN_DIGITS:
                    yield like


def year_of(record: Record, imprint: str) -> int | None:
    """Return the year of publication from 008, else from the imprint's words; None where it has holes (19uu, 19--).

    A range of questionable dates (008/06 is q) tells no year. Years of the Japanese eras are understood.
    """
    coded = control(record, "008")
    if coded[6:7] in DATE_SINGLE and coded[6:7] and (year := plausible(coded[7:11])):
        return year
    if coded[6:7] not in "qbn|" and (year := plausible(coded[7:11])):
        return year
    return year_in(imprint)


def language_of(record: Record) -> str:
    """Return the code of the text's language from 008, else from 041."""
    codes = [
        control(record, "008")[35:38],
        *(code[:3] for f in record.get_fields("041") for code in f.get_subfields("a")),
    ]
    known = (code for code in map(str.lower, codes) if LANGUAGE.fullmatch(code) and code != NO_LANGUAGE)
    return next(known, NO_LANGUAGE)


def ndc_of(record: Record) -> str:
    """Return the class number of the newest edition of NDC that 084 (or 083) gives."""
    found = []
    for field in record.get_fields("084"):
        scheme = NDC_SCHEME.match(field.get("2", "").strip())
        number = NDC.search(unicodedata.normalize("NFKC", field.get("a", "")))
        if scheme and number:
            found.append((int(scheme[1] or 0), number[0]))
    return max(found, key=lambda edition: edition[0])[1] if found else ""


def control(record: Record, tag: str) -> str:
    """Return a control field's text, empty when there is none."""
    field = record.get(tag)
    return (field.data or "") if field else ""
