"""Words that a language chooses by where they stand: names of rows, a space between sentences."""

from django.utils.translation import get_language, gettext, gettext_noop

# Names of rows that the languages of the pages can say: material types and groups of the first migrations, and
# one that many libraries add.
KNOWN_ROWS = (
    gettext_noop("図書"),
    gettext_noop("雑誌"),
    gettext_noop("朗読CD"),
    gettext_noop("ビデオ"),
    gettext_noop("児童書"),
    gettext_noop("CD（音楽・落語など）"),
    gettext_noop("DVD・ビデオ"),
)


def in_reader_language(name: object) -> str:
    """Return the name of a row, or words that the database keeps, in the page's language where that knows them."""
    return gettext(str(name)) if name else ""


def gap() -> str:
    """Return what stands between two sentences, or a day and a time: a space where the language writes one."""
    return "" if (get_language() or "ja").startswith(("ja", "zh")) else " "
