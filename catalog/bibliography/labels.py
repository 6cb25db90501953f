"""朗読CD and its like: a material type refined by the numbers on the copies' labels (decision 12).

The number is that of the library's own classification of AV material, which is not NDC; every rule reads only the
material type that follows from it.
"""

import re
from collections.abc import Iterable

from catalog.models.policy import MaterialType
from catalog.models.title import Title

NUMBER = re.compile("[0-9]+")


def refined(
    base: MaterialType, labels: Iterable[str], refinements: Iterable[MaterialType]
) -> tuple[MaterialType, bool]:
    """Return the type that the labels make of ``base``, and whether they disagree (then it stays as it is).

    ``refinements`` are types that refine others; labels without a number say nothing.
    """
    numbers = [int(found[0]) for label in labels if (found := NUMBER.search(label))]
    for fine in refinements:
        within = [fine.has_on_label(number) for number in numbers]
        if fine.refines_id == base.pk and any(within):
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
