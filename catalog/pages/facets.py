"""What stands beside the results: the ways to narrow them, in words, with their numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.bibliography.ndc import ndc_class
from catalog.languages.words import in_reader_language
from catalog.models import Library, MaterialType
from catalog.search.result import SearchResult

MOST_CHOICES = 12
HEADINGS = {
    "available": gettext_lazy("貸出の状況"),
    "type": gettext_lazy("資料種別"),
    "library": gettext_lazy("所蔵館"),
    "ndc": gettext_lazy("分類"),
    "decade": gettext_lazy("出版年"),
    "language": gettext_lazy("言語"),
}
LANGUAGES = {
    "jpn": gettext_lazy("日本語"),
    "eng": gettext_lazy("英語"),
    "chi": gettext_lazy("中国語"),
    "kor": gettext_lazy("韓国・朝鮮語"),
    "vie": gettext_lazy("ベトナム語"),
    "fre": gettext_lazy("フランス語"),
    "ger": gettext_lazy("ドイツ語"),
    "spa": gettext_lazy("スペイン語"),
    "por": gettext_lazy("ポルトガル語"),
    "ita": gettext_lazy("イタリア語"),
    "rus": gettext_lazy("ロシア語"),
    "tgl": gettext_lazy("タガログ語"),
    "nep": gettext_lazy("ネパール語"),
    "ind": gettext_lazy("インドネシア語"),
    "tha": gettext_lazy("タイ語"),
    "mul": gettext_lazy("多言語"),
}


@dataclass(frozen=True)
class FacetValue:
    """One value of a facet: its words, how many titles, and the address that sets it or takes it off."""

    label: str
    count: int | None
    href: str
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """One way to narrow a search."""

    name: str
    heading: str
    choices: list[FacetValue]

    @property
    def chosen(self) -> bool:
        return any(choice.chosen for choice in self.choices)


def facets(result: SearchResult, libraries: Sequence[Library], types: Sequence[MaterialType]) -> list[Facet]:
    """Return the facets in which there is something to choose."""
    names = labels(libraries, types)
    made = []
    for name, heading in HEADINGS.items():
        chosen = result.query.filters.get(name, ())
        counts = dict(result.facets.get(name, ()))
        values = list(chosen) + [value for value in counts if value not in chosen][:MOST_CHOICES]
        if name == "decade":
            values.sort(reverse=True)
        choices = [
            FacetValue(
                label=names[name](value),
                count=counts.get(value),
                href=result.query.without(name) if value in chosen else result.query.narrowed(name, value),
                chosen=value in chosen,
            )
            for value in values
        ]
        made.append(Facet(name, str(heading), choices))
    return [facet for facet in made if facet.choices]


def labels(libraries: Sequence[Library], types: Sequence[MaterialType]) -> dict[str, Callable[[str], str]]:
    """Return for each facet how its values are said."""
    library_names = {library.code: library.short_name for library in libraries}
    type_names = {kind.code: kind.label for kind in types}
    return {
        "available": lambda value: _("いま貸出できる"),
        "type": lambda code: type_names.get(code, code),
        "library": lambda code: library_names.get(code, code),
        "ndc": lambda number: f"{number} {in_reader_language(found.name)}" if (found := ndc_class(number)) else number,
        "decade": lambda year: _("%(year)s年代") % {"year": year},
        "language": lambda code: str(LANGUAGES.get(code, code)),
    }
