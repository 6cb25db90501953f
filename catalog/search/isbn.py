"""ISBN as patrons type it: ten or thirteen digits, with hyphens, in full width."""

import re
import unicodedata

from stdnum import isbn

NOT_PART_OF_IT = re.compile(r"[\s‐-―−-]|^isbn[:：]?", re.IGNORECASE)


def isbn13(text: str) -> str:
    """Return the thirteen digits when the text is an ISBN and nothing else, otherwise an empty text.

    Some lists drop the 978 from thirteen digits and keep the check digit (4-10-353422-8); that is understood too.
    """
    number = NOT_PART_OF_IT.sub("", unicodedata.normalize("NFKC", text[:40]).strip())
    for candidate in (number, f"978{number}"):
        if len(candidate) in (10, 13) and isbn.is_valid(candidate):
            return isbn.to_isbn13(candidate)
    return ""
