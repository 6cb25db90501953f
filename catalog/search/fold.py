"""One folding for indexing and asking, so that many spellings of a word find the same record."""

import unicodedata


def fold(text: str) -> str:
    """Return the text in the one form that is compared."""
    return unicodedata.normalize("NFKC", text).casefold()


def sort_key(reading: str) -> str:
    """Return a key that sorts readings in 五十音 order in a column with collation "C"."""
    return fold(reading).replace(" ", "")
