"""The rules of the library for one import, read once: material types, copies, libraries."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from catalog.bibliography import labels
from catalog.marc.meaning.facts import Signs
from catalog.marc.meaning.holdings import CopyRule, library_key
from catalog.models import HoldingsRule, Library, LibraryCode, MaterialRule, MaterialType


@dataclass
class Mapping:
    """What the rows said when the import began."""

    rules: list[MaterialRule]
    refinements: list[MaterialType]
    fallback: MaterialType
    copy_rules: list[CopyRule] = field(default_factory=list)
    libraries: dict[str, int] = field(default_factory=dict)

    @classmethod
    def current(cls) -> "Mapping":
        return cls(
            rules=list(MaterialRule.objects.select_related("material_type")),
            refinements=list(MaterialType.objects.exclude(refines=None)),
            fallback=MaterialType.objects.order_by("position", "id")[0],
            copy_rules=list(map(_copy_rule, HoldingsRule.objects.all())),
            libraries=_libraries(),
        )

    def material_type(self, signs: Signs, call_numbers: Iterable[str]) -> tuple[MaterialType, bool]:
        """Return the type of a record with these copies, and whether their labels disagree."""
        base = next((rule.material_type for rule in self.rules if rule.applies_to(signs)), self.fallback)
        return labels.refined(base, call_numbers, self.refinements)


def _copy_rule(row: HoldingsRule) -> CopyRule:
    same = ("tag", "barcode", "library", "location", "call_number", "joined_with")
    return CopyRule(library_id=row.default_library_id, **{name: getattr(row, name) for name in same})


def _libraries() -> dict[str, int]:
    """Return what a record may call a library → its id; the library's own codes for records go before the rest."""
    known: dict[str, int] = {}
    for library in Library.objects.all():
        for name in (library.code, library.name, library.short_name):
            known.setdefault(library_key(name), library.pk)
    return known | {library_key(row.code): row.library_id for row in LibraryCode.objects.all()}
