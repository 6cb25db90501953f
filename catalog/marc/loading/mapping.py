"""The rules of the library for one import, read once: material types, copies, libraries."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from catalog.bibliography import labels
from catalog.marc.meaning.holdings import CopyRule, library_key
from catalog.marc.meaning.signs import Signs
from catalog.models import HoldingsRule, Library, LibraryCode, MaterialRule, MaterialType

SAME_IN_RULES = ("tag", "barcode", "library", "location", "call_number", "joined_with")


@dataclass
class Mapping:
    """What the rows said when the import began; ``libraries`` is what a record may call a library → its id."""

    rules: list[MaterialRule]
    refinements: list[MaterialType]
    fallback: MaterialType
    copy_rules: list[CopyRule] = field(default_factory=list)
    libraries: dict[str, int] = field(default_factory=dict)

    @classmethod
    def current(cls) -> "Mapping":
        """Read the rows; the library's own codes for records go before what libraries are called otherwise."""
        called: dict[str, int] = {}
        for library in Library.objects.all():
            for name in (library.code, library.name, library.short_name):
                called.setdefault(library_key(name), library.pk)
        return cls(
            rules=list(MaterialRule.objects.select_related("material_type")),
            refinements=list(MaterialType.objects.exclude(refines=None)),
            fallback=MaterialType.objects.order_by("position", "id")[0],
            copy_rules=[
                CopyRule(library_id=row.default_library_id, **{name: getattr(row, name) for name in SAME_IN_RULES})
                for row in HoldingsRule.objects.all()
            ],
            libraries=called | {library_key(row.code): row.library_id for row in LibraryCode.objects.all()},
        )

    def material_type(self, signs: Signs, call_numbers: Iterable[str]) -> tuple[MaterialType, bool]:
        """Return the type of a record with these copies, and whether their labels disagree."""
        base = next((rule.material_type for rule in self.rules if rule.applies_to(signs)), self.fallback)
        return labels.refined(base, call_numbers, self.refinements)
