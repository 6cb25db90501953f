"""A card number as people type it, and as it is kept: half-width digits, leading zeros included."""

import re
import unicodedata

_SEPARATORS = re.compile(r"[\s\-‐-―−ー]")


def read_card_number(typed: str) -> str:
    """Return what was typed in half width without spaces and hyphens (SPEC P1); «０１２-34567» → «01234567».

    Anything else stays, so that the caller can tell that it is no number.
    """
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed))
