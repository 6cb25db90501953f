"""The facts the rules of ``limits`` judge by, read for one patron or several titles at once."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import Count, Min, Q

from catalog.models import Item
from patrons.models import Patron
from reservations.limits import Copies, Standing
from reservations.models import State


def standing_of(patron: Patron) -> Standing:
    """Read what a patron has now, in three queries."""
    active = patron.reservations.active()
    groups = active.filter(material_type__limit_group__isnull=False).order_by().values("material_type__limit_group")
    counted = groups.annotate(n=Count("*"), frees=Min("collect_by", filter=Q(state=State.READY)))
    rows = [(row["material_type__limit_group"], row["n"], row["frees"]) for row in counted]
    borrowed = Item.objects.filter(loans__patron=patron, loans__returned_at=None)
    return Standing(
        reserved=set(active.values_list("title_id", flat=True)),
        on_loan=dict(borrowed.values_list("title_id", "loans__due_on")),
        counted={group: count for group, count, _ in rows},
        frees_on={group: frees + timedelta(days=1) for group, _, frees in rows if frees},
    )


def copies_of(title_ids: Collection[int]) -> dict[int, Copies]:
    """Count the copies of titles by title id, in one query; a title without copies is left out."""
    lendable = Q(lendable=True)
    counted = Item.objects.not_withdrawn().filter(title__in=title_ids).order_by().values("title")
    rows = counted.annotate(
        kept=Count("*"),
        lendable_ones=Count("pk", filter=lendable),
        missing=Count("pk", filter=lendable & Q(status=Item.Status.MISSING)),
    )
    return {row["title"]: Copies(row["kept"], row["lendable_ones"], row["missing"]) for row in rows}
