"""Whether a record and a title that bear the same number are the same work: a number alone tells nobody apart.

Two vendors may both count from 1, and a record without an agency (003) does not say whose number it has.
"""

from collections.abc import Iterable
from difflib import SequenceMatcher

from catalog.japanese.fold import fold, squeeze
from catalog.marc.files.problem import Problem
from catalog.marc.loading.prepare import Prepared
from catalog.models import Title

ALIKE = 0.5


def is_another_work(title: Title, one: Prepared, *, in_use: bool) -> bool:
    """Tell whether nothing that a record says fits a title: neither its name, nor an ISBN, nor an author.

    Another name with another ISBN is enough; where either has none, the authors decide, and where these are not told
    either, a title that somebody holds or waits for (``in_use``) is not renamed.
    """
    names = _folded([title.title, title.title_reading, title.subtitle, *title.other_titles.split("; ")])
    told = [one.columns[name] for name in ("title", "title_reading", "subtitle")]
    if _any_alike(names, _folded([*told, *one.columns["other_titles"].split("; ")])):
        return False
    own = _numbers(title.isbn, title.other_isbns)
    other = _numbers(one.columns["isbn"], one.columns["other_isbns"])
    if own and other:
        return not own & other
    makers, others = _folded(title.creator.split("; ")), _folded(one.columns["creator"].split("; "))
    if makers and others:
        return not _any_alike(makers, others)
    return in_use


def refusal(title: Title, one: Prepared) -> Problem:
    """Return why a record is not taken, with both named."""
    held, told = (" ".join(filter(None, (name[:60], isbn))) for name, isbn in _named(title, one))
    return Problem(
        f"書誌番号 {one.facts.control_number} は別の書誌「{held}」の番号です。"
        f"「{told}」は取り込みません。作成機関（003）がないため、--source で指定してください。",
        fatal=True,
    )


def _named(title: Title, one: Prepared) -> tuple[tuple[str, str], tuple[str, str]]:
    return (title.title, title.isbn), (one.columns["title"], one.columns["isbn"])


def _folded(names: Iterable[str]) -> list[str]:
    return [squeeze(fold(name)) for name in names if name]


def _any_alike(names: list[str], others: list[str]) -> bool:
    return any(_alike(name, other) for name in names for other in others)


def _alike(name: str, other: str) -> bool:
    """Tell whether one is the other with something added or some letters changed."""
    return name in other or other in name or SequenceMatcher(None, name, other).ratio() >= ALIKE


def _numbers(isbn: str, others: str) -> set[str]:
    return {number for number in (isbn, *others.split("; ")) if number}
