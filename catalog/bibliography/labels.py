"""朗読CD and its like: a material type refined by the numbers on the copies' labels (decision 12).

The number is that of the library's own classification of AV material, which is not NDC; every rule reads only the
material type that follows from it. Which number of a label counts is a row: ``MaterialType.label_number``.
"""

import re
import unicodedata
from collections.abc import Iterable

from catalog.models.policy import MaterialType
from catalog.models.title import Title

NUMBER = re.compile(r"([0-9]+)(?:\.[0-9]+)?")


def number_on(label: str, fine: MaterialType) -> int | None:
    """Return the number of a label that counts for a type, in whatever width it is written; None if there is none."""
    plain = unicodedata.normalize("NFKC", label).casefold()
    if fine.label_number == MaterialType.LabelNumber.BEHIND:
        prefix = re.escape(unicodedata.normalize("NFKC", fine.label_prefix).casefold().strip())
        found = re.search(rf"{prefix}[\s./:-]*([0-9]+)", plain)
        return int(found[1]) if found else None
    numbers = [int(found[1]) for found in NUMBER.finditer(plain)]
    if fine.label_number == MaterialType.LabelNumber.LAST:
        return numbers[-1] if numbers else None
    if fine.label_number == MaterialType.LabelNumber.AS_WIDE:
        narrowest, widest = len(str(fine.label_first)), len(str(fine.label_last))
        numbers.sort(key=lambda number: not narrowest <= len(str(number)) <= widest)
    return numbers[0] if numbers else None


def refined(
    base: MaterialType, labels: Iterable[str], refinements: Iterable[MaterialType]
) -> tuple[MaterialType, bool]:
    """Return the type that the labels make of ``base``, and whether they disagree (then it stays as it is).

    ``refinements`` are types that refine others; labels without a number say nothing.
    """
    written = list(labels)
    for fine in refinements:
        if fine.refines_id != base.pk:
            continue
        numbers = (number_on(label, fine) for label in written)
        within = [fine.has_on_label(number) for number in numbers if number is not None]
        if any(within):
            return (fine, False) if all(within) else (base, True)
    return base, False


def settle(title: Title) -> bool:
    """Give a title the type that its copies' labels make of it; return False when they disagree."""
    refinements = list(MaterialType.objects.exclude(refines=None))
    base = title.material_type.refines or title.material_type
    labels = title.items.not_withdrawn().values_list("call_number", flat=True)
    kind, mixed = refined(base, labels, refinements)
    if not mixed and kind != title.material_type and labels:
        title.material_type = kind
        title.save(update_fields=("material_type",))
    return not mixed
