"""How long a wait may be: a range from the title's own loans, or nothing where it cannot be known honestly."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db.models import Aggregate, Count, DurationField, F
from django.utils.translation import gettext as _

from catalog.models import Item

OBSERVED = timedelta(days=730)
FEWEST_LOANS = 5
WEEK = timedelta(days=7)


class Percentile(Aggregate):
    """The value below which a fraction of the rows lie, interpolated by PostgreSQL."""

    template = "percentile_cont(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Turnaround:
    """How long the copies of a title stay out: the quarter that comes back soonest, the quarter that stays longest."""

    short: timedelta
    long: timedelta


def turnarounds(title_ids: Collection[int], *, now: datetime) -> dict[int, Turnaround]:
    """Return turnarounds by title id in one query, from loans of the last two years that have ended.

    A title with fewer than five such loans is left out: nothing honest can be said of it.
    """
    ended = Item.objects.filter(title__in=title_ids, loans__returned_at__gte=now - OBSERVED).order_by().values("title")
    out = F("loans__returned_at") - F("loans__checked_out_at")
    rows = ended.annotate(n=Count("loans"), short=Percentile(out, fraction=0.25), long=Percentile(out, fraction=0.75))
    return {row["title"]: Turnaround(row["short"], row["long"]) for row in rows.filter(n__gte=FEWEST_LOANS)}


def expected_weeks(
    place: int, copies: int, turnaround: Turnaround | None, *, shelf_days: int
) -> tuple[int, int] | None:
    """Return the fewest and the most weeks until a copy is ready, None where that cannot be known.

    ``place`` counts from 1; ``copies`` are those that circulate; ``shelf_days`` is how long a copy may wait for
    each reader before.
    """
    if turnaround is None or copies < 1:
        return None
    rounds = ceil(place / copies)
    soonest = (rounds - 1) * turnaround.short
    latest = rounds * (turnaround.long + timedelta(days=shelf_days))
    return soonest // WEEK, ceil(latest / WEEK)


def in_words(weeks: tuple[int, int] | None) -> str:
    """Write the range for people, "" for None."""
    if weeks is None:
        return ""
    fewest, most = weeks
    words = _("およそ%(fewest)s～%(most)s週間") if fewest else _("%(most)s週間以内")
    return words % {"fewest": fewest, "most": most}
