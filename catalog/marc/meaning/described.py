"""Facts in words: who made the work, who published it, what it is about."""

import re

from pymarc import Field

from catalog.marc.meaning import wording
from catalog.marc.meaning.script import WRITTEN, Scripts, raw
from catalog.marc.meaning.statement import responsible

NAMES = ("100", "110", "111", "700", "710", "711")
PUBLISHING = re.compile(r"\s+(?:pub|fl)\.\s*[0-9]{4}.*$")  # «active in», which JAPAN/MARC puts behind a name
NOT_MAKERS = ("former owner", "旧蔵", "dedicatee")
SUBJECTS = ("600", "610", "611", "630", "650", "651")
SUBJECT_PARTS = "abtxyzv"
UNKNOWN_PUBLISHERS = ("s.n", "出版者不明", "発行者不明", "publisher not identified")
DISTRIBUTOR = ("発売", "製作", "distributor")


def makers_of(scripts: Scripts) -> tuple[str, str]:
    """Return the names of those who made the work and their yomi, from the headings, else from the words of 245 $c."""
    names: list[str] = []
    spoken: list[str] = []
    for pair in scripts.fields(*NAMES):
        role = " ".join(pair.written.get_subfields("e", "i")).lower()
        if "t" in {code for code, _ in pair.written.subfields} or any(word in role for word in NOT_MAKERS):
            continue
        name = wording.person(_name(pair.written))
        if name and name not in names:
            names.append(name)
            spoken.append(wording.name_yomi(_name(pair.yomi)) if pair.yomi else "")
    if not names:
        statements = (raw(pair.written, "c") for pair in scripts.fields("245"))
        names = [name for statement in statements for name in responsible(statement)]
    filed = [yomi or name for yomi, name in zip(spoken, names, strict=False)] if any(spoken) else []
    return "; ".join(names), "; ".join(filed)


def _name(field: Field) -> str:
    codes = "abc" if field.tag.endswith("0") else "ab"
    said = [plain for code, value in field.subfields if code in codes and (plain := wording.bare(value))]
    if "b" in field and WRITTEN.search("".join(said[1:])) and not WRITTEN.search(said[0]):
        said = said[1:]  # Japan. 外務省, as libraries overseas write
    return PUBLISHING.sub("", " ".join(said))


def imprint_of(scripts: Scripts) -> tuple[str, str]:
    """Return the publisher, and the dates in words, from 264 (second indicator 1) or 260."""
    produced = [
        pair for pair in scripts.fields("264") if pair.written.indicators and pair.written.indicators[1] in "1 "
    ]
    pairs = produced or scripts.fields("260")
    publishers = [value for pair in pairs for value in pair.written.get_subfields("b")]
    named = [
        wording.bare(value).strip("[]")
        for value in publishers
        if not any(word in value.lower() for word in UNKNOWN_PUBLISHERS)
    ]
    makers = [name for name in named if not any(word in name for word in DISTRIBUTOR)]
    dates = " ".join(value for pair in pairs for value in pair.written.get_subfields("c"))
    return next(iter(makers or named), ""), dates


def subjects_of(scripts: Scripts) -> str:
    """Return headings with their parts, and the words of 653, each once."""
    found: list[str] = []
    for pair in scripts.fields(*SUBJECTS):
        parts = [wording.bare(value) for code, value in pair.written.subfields if code in SUBJECT_PARTS]
        if pair.written.tag in ("600", "610"):
            parts[:1] = [wording.person(parts[0])] if parts else []
        found.append("--".join(filter(None, parts)))
    for pair in scripts.fields("653"):
        found += [wording.bare(word) for value in pair.written.get_subfields("a") for word in value.split(" / ")]
    return "; ".join(dict.fromkeys(subject.replace("; ", ", ") for subject in found if subject))
