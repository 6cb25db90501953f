"""Words that a language chooses by where they stand: names of rows, a space between sentences."""

from django.utils.translation import gettext

from catalog.languages.table import current


def in_reader_language(name: object) -> str:
    """Return the name of a row, or words that the database keeps, in the page's language where that knows them."""
    return gettext(str(name)) if name else ""


def gap() -> str:
    """Return what stands between two sentences, or a day and a time: a space where the language writes one."""
    return " " if current().spaced else ""
