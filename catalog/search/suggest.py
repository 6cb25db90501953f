"""Suggestions while typing: titles, creators and subjects that begin so, by form or by reading."""

import re

import tantivy

from catalog.derived import yomi
from catalog.japanese.fold import fold, squeeze
from catalog.models import Title
from catalog.search.index import on_disk
from catalog.search.index.hits import ids_of
from catalog.search.index.schema import schema
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
    hits = searcher.search(tantivy.Query.boolean_query(parts), LOOKED_AT, weight_by_field="rank")
    found = Title.objects.in_bulk(ids_of(searcher, hits))
    words: dict[str, None] = {}
    for title in found.values():
        said = [(title.title, title.title_reading), *title.creators_with_readings]
        for word, reading in (*said, *((subject, "") for subject in title.subject_list)):
            spellings = (squeeze(fold(word)), *yomi(reading.replace(",", " ")))
            if word and any(spelling.startswith(begun) for spelling in spellings):
                words[word] = None
    return list(words)[:MOST]
