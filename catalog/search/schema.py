"""The fields of the index. Whoever changes them, or how they are filled, raises ``FORMAT``: old indexes are rebuilt."""

from functools import cache

import tantivy

FORMAT = 1

PAIRS = ("all", "title", "creator", "publisher", "subject", "sound")
"""Pairs of units with positions, asked by phrase."""
WHOLE = ("exact", "exact_reading", "name", "topic", "isbn", "class", "kind")
"""Whole values: title, reading, one creator, one subject, ISBN, class number and its prefixes."""
BAGS = ("all_units", "title_units", "creator_units", "head", "words", "forms")
"""Sets of tokens: single units, first units of title and reading, words of the title, normal forms."""
FACET_TEXTS = ("type", "library", "ndc", "language")
FACET_NUMBERS = ("decade", "available")
ORDERS = {"title": "title_order", "creator": "creator_order"}


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
    for name in (*FACET_NUMBERS, "year"):
        build.add_integer_field(name, indexed=True, fast=True)
    for name in ORDERS.values():
        build.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    build.add_integer_field("rank", fast=True)
    build.add_text_field("watermark", stored=True, tokenizer_name="raw", index_option="basic")
    return build.build()
