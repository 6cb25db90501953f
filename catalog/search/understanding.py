"""How a search was understood beyond what was typed, and how that is said (SPEC S4).

Every widening is said above the results and can be switched off with one link; what nobody would call a change (width,
case, kana for kana) is not worth a sentence.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from catalog.japanese import variants
from catalog.search.engine import name_parts, other_forms
from catalog.search.query import Query

MOST_FORMS = 4


def notes(query: Query) -> Iterator[str]:
    """Yield a sentence for each term that was widened by its kanji, its word's normal form, or the order of a name."""
    for term in query.terms:
        if others := other_kanji(term.typed):
            forms = {"word": term.typed, "others": "・".join(others)}
            yield _("「%(word)s」は %(others)s も含めて検索しました。") % forms
        if written := [word for folded, word in other_forms(term).items() if folded not in term.folded]:
            forms = {"word": term.typed, "others": "・".join(written)}
            yield _("「%(word)s」は %(others)s も含めて検索しました。") % forms
        if name_parts(term):
            yield _("「%(word)s」は ことばの順が違うものも含めて検索しました。") % {"word": term.typed}


def other_kanji(word: str) -> list[str]:
    """Return the word with its name kanji (斉藤) or its old kanji (國史) in their other forms, those met today."""
    chosen_here = variants.OWN.keys() | set("".join(variants.OWN.values()))
    others = []
    for place, kanji in enumerate(word):
        if kanji in chosen_here or kanji in variants.table():
            # What only dictionaries have is not in the code page of Japanese Windows.
            met_today = variants.family(kanji).encode("cp932", "ignore").decode("cp932")
            others += [word[:place] + other + word[place + 1 :] for other in met_today]
    return others[:MOST_FORMS]
