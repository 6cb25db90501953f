"""Numbers as people and programs send them: full width, signs, superscripts, five thousand digits.

``int`` believes more than a page should (١, ``1_000``), ``str.isdigit`` more than ``int`` (²), and both look at any
length. Views read the numbers of an address or a form here.
"""

import re

LARGEST_ROW = 2**63 - 1  # PostgreSQL's bigint
WHOLE = re.compile(r"[+-]?[0-9]{1,19}")
HALF_WIDTH = str.maketrans("０１２３４５６７８９＋－−", "0123456789+--")
LONGEST = 40  # letters looked at, blanks around the number included


def typed_number(text: str | None, *, least: int = 0, most: int = LARGEST_ROW) -> int | None:
    """Return the whole number that was typed, None for anything else and for one out of bounds.

    ``least`` and ``most`` are themselves within bounds; a row's number is one of the default's.
    """
    if not text or len(text) > LONGEST:
        return None
    plain = text.strip().translate(HALF_WIDTH)
    if not WHOLE.fullmatch(plain):
        return None
    number = int(plain)
    return number if least <= number <= most else None
