"""A MARC record → what a Title knows of it."""

import hashlib
import re
from dataclasses import dataclass

from pymarc import Field, Record

from catalog.japanese.volumes import POSITIONS, volume_number
from catalog.marc.files.problem import Problem
from catalog.marc.meaning import coded, wording
from catalog.marc.meaning.script import WRITTEN, Scripts, text

NAMES = ("100", "110", "111", "700", "710", "711")
PUBLISHING = re.compile(r"\s+(?:pub|fl)\.\s*[0-9]{4}.*$")  # «active in», which JAPAN/MARC puts behind a name
NOT_MAKERS = ("former owner", "旧蔵", "dedicatee")
SUBJECTS = ("600", "610", "611", "630", "650", "651")
SUBJECT_PARTS = "abtxyzv"
OTHER_TITLES = ("130", "240", "242", "246", "740")
UNKNOWN_PUBLISHERS = ("s.n", "出版者不明", "発行者不明", "publisher not identified")
DISTRIBUTOR = ("発売", "製作", "distributor")
LONGEST_NUMBER = 60
NO_TITLE = "［書名なし］"


@dataclass(frozen=True)
class Signs:
    """What tells the kind of material: leader/06, leader/07, every 007, and the words of 245 $h and 300."""

    record_type: str = ""
    level: str = ""
    physical: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class TitleFacts:
    """A record in the columns of a Title. Lists are joined with ``"; "``; readings are katakana."""

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
    signs: Signs = Signs()


def facts_of(record: Record) -> tuple[TitleFacts | None, list[Problem]]:
    """Return what a Title knows of a record, and what a cataloguer should look at.

    None comes with a fatal problem: there is neither a title nor anything else to know the record by.
    """
    scripts, problems = Scripts(record), []
    number = _control_number(record)
    titles = _titles(scripts)
    if titles["title"] == NO_TITLE:
        if refusal := _no_title(record, number):
            return None, [refusal]
        problems.append(Problem("書名（245）がありません。"))
    if not number:
        problems.append(Problem("書誌番号（001）がないため、内容で見分けます。"))
    if record.leader[5:6] == "d":
        problems.append(Problem("作成機関では削除された記録です（leader/05 = d）。"))
    isbns, isbn_problems = coded.isbns_of(record.get_fields("020"))
    facts = TitleFacts(
        control_number=fitting(number) or _number_from_content(record),
        agency=fitting(coded.control(record, "003").strip()),
        isbn=isbns[0] if isbns else "",
        other_isbns="; ".join(isbns[1:]),
        ndc=coded.ndc_of(record),
        language=coded.language_of(record),
        subjects=_subjects(scripts),
        signs=_signs(record),
        **titles,
        **_makers(scripts),
        **_imprint(scripts, record),
    )
    return facts, problems + isbn_problems


def _control_number(record: Record) -> str:
    own = coded.control(record, "001").strip()
    system = (value for field in record.get_fields("035") for value in field.get_subfields("a"))
    return own or next((value.strip() for value in system if value.strip()), "")


def fitting(number: str) -> str:
    """Return a number in the length of its column; what is cut off is told apart by a digest."""
    if len(number) <= LONGEST_NUMBER:
        return number
    return f"{number[:35]}-{hashlib.sha256(number.encode()).hexdigest()[:24]}"


def _number_from_content(record: Record) -> str:
    content = "\n".join(map(str, record.fields)).encode()
    return f"none-{hashlib.sha256(content).hexdigest()[:24]}"


def _no_title(record: Record, number: str) -> Problem | None:
    if record.get_fields("200") and not record.get_fields("245"):
        return Problem("UNIMARCの記録です。MARC 21に変換してください。", fatal=True)
    return None if number else Problem("書名も書誌番号もありません。", fatal=True)


def _titles(scripts: Scripts) -> dict:
    """Return title, subtitle, volume, series and what else the work is called."""
    pairs = scripts.fields("245")
    main = pairs[0] if pairs else None
    others = [_first(pair.written, "at") for pair in scripts.fields(*OTHER_TITLES)]
    if main is None:
        name = next(filter(None, others), NO_TITLE)
        return {"title": name, **_series(scripts, "", "", None), "other_titles": _joined(others, name)}
    title = (
        _first(main.written, "a")
        or _first(main.written, "bpk")
        or wording.bare(text(main.written))
        or next(filter(None, others), NO_TITLE)
    )
    subtitle, parallel = _rest(main.written)
    volume, part = wording.split_volume(" ".join(main.written.get_subfields("n")))
    parts = [subtitle, *map(wording.bare, main.written.get_subfields("p")), part]
    order = _order(volume, _volume_reading(main.reading) if main.reading else "")
    reading = wording.reading(_first(main.reading, "a")) if main.reading else ""
    if main.romaji and main.written.tag == "880":
        others.insert(0, _first(main.romaji, "a"))
    series = _series(scripts, title if volume else "", reading if volume else "", order)
    statements = [_first(pair.written, "a") for pair in scripts.fields("490", "440", "830")]
    return {
        "title": title,
        "title_reading": reading,
        "subtitle": " : ".join(filter(None, parts)),
        "volume": volume,
        **series,
        "other_titles": _joined([*others, parallel, *(s for s in statements if s != series["series"])], title),
    }


def _rest(field: Field) -> tuple[str, str]:
    """Return (subtitle, parallel title) from $b, where ``=`` in front of it means that it begins with the latter."""
    rest = wording.bare(" : ".join(map(wording.bare, field.get_subfields("b"))))
    if not _raw(field, "a").rstrip().endswith("="):
        return rest, ""
    parallel, _, subtitle = rest.partition(" : ")
    return subtitle, parallel


def _order(volume: str, spoken: str) -> int | None:
    """Return where a volume stands; the reading of 上 is often a number, which says more, but knows no years."""
    heard, written = volume_number(spoken), volume_number(volume)
    return heard if heard is not None and (written is None or POSITIONS.match(volume)) else written


def _volume_reading(reading: Field) -> str:
    return wording.split_volume(" ".join(reading.get_subfields("n")))[0]


def _series(scripts: Scripts, work: str, work_reading: str, order: int | None) -> dict:
    """Return the series: the work itself where the record is a volume of it, else the first series statement."""
    if work:
        return {"series": work, "series_reading": work_reading, "volume_order": order}
    for pair in scripts.fields("490", "440", "830"):
        if name := wording.bare(_first(pair.written, "a").partition(" / ")[0]):
            reading = wording.reading(_first(pair.reading, "a")) if pair.reading else ""
            number = wording.bare(" ".join(pair.written.get_subfields("v")))
            said = {"series_volume": number, "volume_order": volume_number(number)}
            return {"series": name, "series_reading": reading, **said}
    return {"series": "", "series_reading": "", "volume_order": order}


def _makers(scripts: Scripts) -> dict:
    """Return the names of those who made the work, from the headings, else from the statement in 245 $c."""
    names, readings = [], []
    for pair in scripts.fields(*NAMES):
        role = " ".join(pair.written.get_subfields("e", "i")).lower()
        if "t" in {code for code, _ in pair.written.subfields} or any(word in role for word in NOT_MAKERS):
            continue
        name = wording.person(_name(pair.written))
        if name and name not in names:
            names.append(name)
            readings.append(wording.name_reading(_name(pair.reading)) if pair.reading else "")
    if not names:
        statements = (_raw(pair.written, "c") for pair in scripts.fields("245"))
        names = [name for statement in statements for name in wording.responsible(statement)]
    spoken = [reading or name for reading, name in zip(readings, names, strict=False)] if any(readings) else []
    return {"creator": "; ".join(names), "creator_reading": "; ".join(spoken)}


def _name(field: Field) -> str:
    codes = "abc" if field.tag.endswith("0") else "ab"
    said = [plain for code, value in field.subfields if code in codes and (plain := wording.bare(value))]
    if "b" in field and WRITTEN.search("".join(said[1:])) and not WRITTEN.search(said[0]):
        said = said[1:]  # Japan. 外務省, as libraries overseas write
    return PUBLISHING.sub("", " ".join(said))


def _imprint(scripts: Scripts, record: Record) -> dict:
    """Return publisher and year from 264 (second indicator 1) or 260."""
    produced = [pair for pair in scripts.fields("264") if pair.written.indicators[1] in "1 "]
    pairs = produced or scripts.fields("260")
    publishers = [value for pair in pairs for value in pair.written.get_subfields("b")]
    named = [wording.bare(value).strip("[]") for value in publishers if not _unknown(value)]
    dates = " ".join(value for pair in pairs for value in pair.written.get_subfields("c"))
    made = [name for name in named if not any(word in name for word in DISTRIBUTOR)]
    return {"publisher": next(iter(made or named), ""), "year": coded.year_of(record, dates)}


def _unknown(publisher: str) -> bool:
    return any(word in publisher.lower() for word in UNKNOWN_PUBLISHERS)


def _subjects(scripts: Scripts) -> str:
    found = []
    for pair in scripts.fields(*SUBJECTS):
        parts = [wording.bare(value) for code, value in pair.written.subfields if code in SUBJECT_PARTS]
        if pair.written.tag in ("600", "610"):
            parts[:1] = [wording.person(parts[0])] if parts else []
        found.append("--".join(filter(None, parts)))
    for pair in scripts.fields("653"):
        found += [wording.bare(word) for value in pair.written.get_subfields("a") for word in value.split(" / ")]
    return "; ".join(dict.fromkeys(subject.replace("; ", ", ") for subject in found if subject))


def _signs(record: Record) -> Signs:
    leader = str(record.leader)
    physical = tuple((field.data or "") for field in record.get_fields("007"))
    words = [_raw(field, codes) for tag, codes in (("245", "h"), ("300", "ae")) for field in record.get_fields(tag)]
    return Signs(leader[6:7], leader[7:8], physical, " ".join(filter(None, words)))


def _raw(field: Field, codes: str) -> str:
    return " ".join(value for code, value in field.subfields if code in codes)


def _first(field: Field, codes: str) -> str:
    return next((plain for code, value in field.subfields if code in codes and (plain := wording.bare(value))), "")


def _joined(names: list[str], title: str) -> str:
    return "; ".join(name for name in dict.fromkeys(names) if name and name != title)
