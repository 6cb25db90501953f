"""Suggestions while typing: titles, creators and subjects that begin so, by form or by reading."""

import re
from itertools import islice

import tantivy

from catalog.japanese.fold import fold
from catalog.models import Title
from catalog.search.index import on_disk
from catalog.search.index.schema import schema
from catalog.search.index.text import readings, squeeze
from catalog.search.query import LONGEST

MOST = 8
LONGEST_BEGINNING = 40  # letters; the index follows no longer pattern
LOOKED_AT = 24  # titles, from which names and subjects are read too


def suggestions(typed: str) -> list[str]:
    """Return what could be meant, best first; nothing without an index. One query reads the titles."""
    reader, begun = on_disk.reader(), squeeze(fold(typed[:LONGEST]))[:LONGEST_BEGINNING]
    if not reader or not begun:
        return []
    begins = re.escape(begun) + ".*"
    fields = ("exact", "exact_reading", "name", "topic")
    parts = [(tantivy.Occur.Should, tantivy.Query.regex_query(schema(), field, begins)) for field in fields]
    searcher = reader.searcher()
    hits = searcher.search(tantivy.Query.boolean_query(parts), LOOKED_AT, weight_by_field="rank").hits
    found = Title.objects.in_bulk(searcher.fast_field_values("id", [address for _, address in hits]))
    words = (word for title in found.values() for word in _words(title, begun))
    return list(islice(dict.fromkeys(words), MOST))


def _words(title: Title, begun: str) -> list[str]:
    """Return what of a title begins so: the title itself, a creator, a subject."""
    creator_readings = title.creator_reading.split("; ")
    pairs = [(title.title, title.title_reading)]
    pairs += zip(title.creators, [*creator_readings, *[""] * len(title.creators)], strict=False)
    pairs += [(subject, "") for subject in title.subject_list]
    return [word for word, reading in pairs if _begins(word, reading, begun)]


def _begins(word: str, reading: str, begun: str) -> bool:
    spellings = [squeeze(fold(word)), *readings(reading.replace(",", " "))]
    return any(spelling.startswith(begun) for spelling in spellings)
