"""A raw record → a pymarc record in Unicode, with everything that was wrong about it."""

import re
import unicodedata
from dataclasses import dataclass, field

from pymarc import Field, Indicators, Leader, Record, Subfield

from catalog.marc.files import iso2709, marcxml
from catalog.marc.files.charset import Charset, unfolded
from catalog.marc.files.problem import Problem

BLANK_LEADER = "00000nam a2200000   4500"
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
MARK = "\u0300-\u036f\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f"
MARKS = re.compile(f"[{MARK}]")
LETTER_AND_MARKS = re.compile(f"[^{MARK}][{MARK}]+")
SHAPE = re.compile("[0-9A-Za-z]{3}")


@dataclass(frozen=True)
class RawRecord:
    """One record as it came: its number in the file (from 1), where it stood in bytes, and its bytes."""

    number: int
    offset: int
    data: bytes
    form: str

    ISO2709 = "iso2709"
    MARCXML = "marcxml"


@dataclass
class ParsedRecord:
    """What a raw record turned out to be; ``record`` is None when it cannot be read at all."""

    record: Record | None
    problems: list[Problem] = field(default_factory=list)


def read(raw: RawRecord, *, encoding: str = "") -> ParsedRecord:
    """Read a record of either form; ``encoding`` (a Python codec) is believed instead of leaders and guesses."""
    if raw.form == RawRecord.MARCXML:
        return _read_xml(raw.data.decode(errors="replace"))
    found = iso2709.fields(raw.data)
    if any(problem.fatal for problem in found.problems):
        return ParsedRecord(None, found.problems)
    charset = Charset(raw.data, named=encoding)
    record = _empty(found.leader.decode("ascii", errors="replace"))
    for tag, value in found.fields:
        if made := _field_of(tag, value, charset, found.problems):
            record.add_field(made)
    problems = found.problems + charset.problems
    fatal = [problem for problem in problems if problem.fatal]
    return ParsedRecord(None, fatal) if fatal else ParsedRecord(record, problems)


def _empty(leader: str) -> Record:
    record = Record(to_unicode=True, force_utf8=True)
    record.leader = Leader(leader if len(leader) == len(BLANK_LEADER) else BLANK_LEADER)
    return record


def _field_of(tag: str, value: bytes, charset: Charset, problems: list[Problem]) -> Field | None:
    if not SHAPE.fullmatch(tag):
        problems.append(Problem(f"項目の名前「{_clean(tag)}」は正しくありません。"))
        return None
    first, *parts = value.split(iso2709.SUBFIELD)
    if tag < "010" and tag.isdigit():
        return Field(tag, data=_clean(charset.text(value)))
    texts = [text for part in parts if (text := _text(charset.text(part), problems))]
    subfields = [Subfield(text[0], text[1:]) for text in texts]
    if not subfields:
        problems.append(Problem(f"項目 {tag} は空か、サブフィールドがありません。"))
        return None
    indicators = first.decode("ascii", "replace")
    if len(indicators) != 2:
        problems.append(Problem(f"項目 {tag} の指示子が正しくありません。"))
        indicators = (indicators + "  ")[:2]
    return Field(tag, Indicators(*indicators), subfields)


def _text(text: str, problems: list[Problem]) -> str:
    """Return a subfield's text clean, and as it was before it was encoded twice."""
    plain, problem = unfolded(text)
    if problem and problem not in problems:
        problems.append(problem)
    return _clean(plain)


def _clean(text: str) -> str:
    """Take out what no text holds and PostgreSQL refuses (NUL), and write a letter and its marks as one.

    Only those: composing the whole text would also turn 神 (U+FA19) and its like into their everyday forms.
    """
    plain = NO_TEXT.sub("", text)
    if plain.isascii() or not MARKS.search(plain):
        return plain
    return LETTER_AND_MARKS.sub(lambda found: unicodedata.normalize("NFC", found[0]), plain)


def _read_xml(text: str) -> ParsedRecord:
    node, problems = marcxml.element(text)
    if node is None:
        return ParsedRecord(None, problems)
    record = _empty(next((child.text or "" for child in node if marcxml.local_name(child) == "leader"), ""))
    for child in node:
        tag = child.get("tag", "")
        if marcxml.local_name(child) == "leader":
            continue
        if tag.isdigit() and len(tag) < 3:
            problems.append(Problem(f"項目 {tag} を {tag.zfill(3)} と読みました。"))
            tag = tag.zfill(3)
        if not SHAPE.fullmatch(tag):
            problems.append(Problem(f"項目の名前「{tag[:10]}」は正しくありません。"))
        elif tag < "010" and tag.isdigit():
            record.add_field(Field(tag, data=_clean(child.text or "")))
        elif len(child):
            indicators = Indicators(*((child.get(name) or " ")[:1] for name in ("ind1", "ind2")))
            subfields = [Subfield((sub.get("code") or "?")[:1], _text(sub.text or "", problems)) for sub in child]
            record.add_field(Field(tag, indicators, subfields))
    return ParsedRecord(record, problems)
