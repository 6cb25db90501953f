"""Telephone and FAX numbers as people write them, in a form or in a spreadsheet."""

import re
import unicodedata

FEWEST_DIGITS, MOST_DIGITS = 10, 15
_WRITTEN = re.compile(r"\+?[0-9]+(-[0-9]+)*")


def read_telephone(typed: str) -> str:
    """Return a number in half width with single hyphens: «０８６（０００）１２３４» → «086-000-1234»."""
    number = re.sub(r"[‐-―−ー()]", "-", unicodedata.normalize("NFKC", typed))
    return re.sub("-+", "-", re.sub(r"\s+", "", number)).strip("-")


def is_written_in_digits(number: str) -> bool:
    """Tell whether a number is digits and hyphens, with a plus in front at most."""
    return bool(_WRITTEN.fullmatch(number))


def has_area_code(number: str) -> bool:
    """Tell whether a number has as many digits as one with its area code has."""
    return FEWEST_DIGITS <= sum(map(str.isdigit, number)) <= MOST_DIGITS
