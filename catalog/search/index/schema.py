"""The fields of the index. Whoever changes them, or how they are filled, raises ``FORMAT``: old indexes are rebuilt."""

from functools import cache

import tantivy

FORMAT = 6

SOUNDS = {"any": ("title_sound", "creator_sound"), "title": ("title_sound",), "creator": ("creator_sound",)}
"""Where readings stand by their sound, for the fields that can be asked so."""
PAIRS = ("all", "title", "creator", "publisher", "subject", *SOUNDS["any"])
"""Pairs of units with positions, asked by phrase."""
WHOLE = ("exact", "exact_reading", "name", "topic", "isbn", "class", "heard", "volume", "kind")
"""Whole values: title, reading, one creator, one subject, ISBN, class number and its prefixes, the sound of the title's
or a creator's reading, number of the volume."""
UNITS = {name: f"{name}_units" for name in ("all", "title", "creator", "publisher", "subject")}
BAGS = (*UNITS.values(), "head", "words", "forms")
"""Sets of tokens: single units of a field, first units of title and reading, words of the title, normal forms."""
FACET_TEXTS = ("type", "library", "ndc", "language")
FACET_NUMBERS = ("decade", "available")
TEXT_ORDERS = ("title_order", "creator_order")
NUMBER_ORDERS = ("year", "oldest", "rank")
"""``year`` is 0 and ``oldest`` 9999 where it is unknown, so that such titles come last in both orders."""
DIGEST = "digest"
"""A number made of everything else but the rank, by which ``check`` knows a document of today."""


@cache
def schema() -> tantivy.Schema:
    build = tantivy.SchemaBuilder()
    build.add_integer_field("id", indexed=True, fast=True)
    for name in PAIRS:
        build.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in WHOLE:
        build.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in BAGS:
        build.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in FACET_TEXTS:
        build.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in (*FACET_NUMBERS, *NUMBER_ORDERS):
        build.add_integer_field(name, indexed=True, fast=True)
    build.add_integer_field(DIGEST, fast=True)
    for name in TEXT_ORDERS:
        build.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    build.add_text_field("watermark", stored=True, tokenizer_name="raw", index_option="basic")
    return build.build()
