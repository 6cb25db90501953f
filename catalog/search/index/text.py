"""What of a record is looked through: folded lines per field, the same for both engines."""

import re
from typing import TYPE_CHECKING

from catalog.japanese.fold import fold

if TYPE_CHECKING:
    from catalog.models import Title

WIDE = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# A space that parts nothing: everywhere but between two words of letters, or two numbers.
NEEDLESS = re.compile(f"(?<=[{WIDE}]) | (?=[{WIDE}])|(?<=[0-9]) (?=[^0-9])|(?<=[^0-9]) (?=[0-9])")
# Library readings write particles as they are spoken; people type them as they are written.
WRITTEN = {
    "ワ": "ハ",
    "エ": "ヘ",
    "ニワ": "ニハ",
    "デワ": "デハ",
    "トワ": "トハ",
    "マデワ": "マデハ",
    "カラワ": "カラハ",
}
WRITTEN |= {"ヨリワ": "ヨリハ", "エノ": "ヘノ", "エト": "ヘト", "エモ": "ヘモ", "アルイワ": "アルイハ"}
WRITTEN |= {"コンニチワ": "コンニチハ", "コンバンワ": "コンバンハ", "デワナク": "デハナク", "デワナイ": "デハナイ"}
# Capitals, which no folded text holds, mark the field of a line.
MARKS = {"title": "T", "creator": "C", "publisher": "P", "subject": "S", "isbn": "I"}


def squeeze(folded: str) -> str:
    """Take out the spaces that nobody needs, so that 夏目 漱石 is 夏目漱石, and EPUB 3 入門 is EPUB3入門."""
    return NEEDLESS.sub("", folded)


def readings(reading: str) -> list[str]:
    """Return a reading unbroken: as libraries write it, and with particles as people type them (わがはいは…)."""
    if not reading:
        return []
    written = " ".join(WRITTEN.get(word, word) for word in reading.split())
    return list(dict.fromkeys(squeeze(fold(spelling)) for spelling in (reading, written)))


def fields(title: "Title") -> dict[str, list[str]]:
    """Return field → folded values; the first value of ``title`` is the title proper, alone."""
    series = title.series if title.series_id else None
    titles = [title.title, f"{title.title} {title.volume} {title.subtitle}", series.name if series else ""]
    titles += title.other_titles.split("; ")
    names = title.creator.split("; ")
    texts = {
        "title": [squeeze(fold(text)) for text in titles]
        + readings(title.title_reading)
        + readings(series.reading if series else ""),
        "creator": [squeeze(fold(name)) for name in names] + _each_reading(title.creator_reading),
        "publisher": [squeeze(fold(title.publisher))],
        "subject": [squeeze(fold(subject)) for subject in title.subjects.split("; ")],
        "isbn": [title.isbn, *title.other_isbns.split("; ")],
    }
    return {name: list(dict.fromkeys(filter(None, values))) for name, values in texts.items()}


def _each_reading(creator_reading: str) -> list[str]:
    return [text for name in creator_reading.split("; ") for text in readings(name.replace(",", " "))]


def plain_text(title: "Title") -> str:
    """Return the lines that a search without the index looks through, each after the mark of its field."""
    lines = [f"{MARKS[name]}{value}" for name, values in fields(title).items() for value in values]
    return "\n".join(("", *lines, ""))
