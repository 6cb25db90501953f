"""ISBN as patrons type it: ten or thirteen digits, with hyphens, in full width."""

import re
import unicodedata

from stdnum import isbn

INSIDE = re.compile(r"[\s‐-―−-]")
BEFORE = re.compile(r"^[^\w]*(?:isbn(?:-1[03](?=[^0-9]))?[^\w]*)?", re.IGNORECASE)
BEHIND = re.compile(r"[^\w]*(?:c[0-9]{4}\b.*)?[^\w]*$", re.IGNORECASE)  # C0095 ¥1600E, as on a cover


def isbn13(text: str) -> str:
    """Return the thirteen digits when the text is an ISBN and nothing else, otherwise an empty text.

    Some lists drop the 978 from thirteen digits and keep the check digit (4-10-353422-8); that is understood too.
    """
    plain = BEHIND.sub("", BEFORE.sub("", unicodedata.normalize("NFKC", text[:60])))
    number = INSIDE.sub("", plain)
    for candidate in (number, f"978{number}"):
        if len(candidate) in (10, 13) and isbn.is_valid(candidate):
            return isbn.to_isbn13(candidate)
    return ""
