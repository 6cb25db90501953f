"""「新着資料お知らせメール」 (SPEC M8): what is new and fits a patron's conditions, once a week."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone

from catalog.models import Item, Title
from notifications.matching import NewTitles, new_titles
from notifications.models import Alert, Announced, AnnouncementDay, Kind, MailPolicy, Notice
from notifications.run_facts import RunFacts
from patrons.models import Patron

TOLD_WITHIN = timedelta(days=6)


@dataclass(frozen=True)
class Arrival:
    """One title that came, the libraries that have it for lending, and its page."""

    title: Title
    libraries: list[str]
    href: str

    @classmethod
    def of(cls, title: Title) -> "Arrival":
        """Return a title that was fetched with its copies for lending only."""
        libraries = dict.fromkeys(copy.home_library.short_name for copy in title.items.all())
        return cls(title, list(libraries), settings.SITE_URL.rstrip("/") + title.get_absolute_url())


@dataclass(frozen=True)
class Section:
    """What fits one condition: the first titles, how many there are in all, and where they all stand."""

    words: list[str]
    arrivals: list[Arrival]
    count: int
    href: str

    @property
    def more(self) -> int:
        return self.count - len(self.arrivals)


def collect(now: datetime) -> int:
    """On the first morning since the day of the week, write a notice for every patron for whom something is new.

    The titles are then new no longer. Two runs at once read the same and one of them writes.
    """
    today, rules = timezone.localdate(now), MailPolicy.current()
    scheduled = today - timedelta(days=(today.weekday() - rules.arrivals_weekday) % 7)
    if AnnouncementDay.objects.filter(day__range=(scheduled, today)).exists():
        return 0
    new = new_titles(today, rules.arrivals_days)
    found = _found(new, rules.arrivals_shown)
    with transaction.atomic():
        _, created = AnnouncementDay.objects.get_or_create(
            day=today, defaults={"titles": len(new.titles), "digests": len(found)}
        )
        if not created:
            return 0
        looked_through = (
            Announced(title_id=title.pk, library_id=library, day=today)
            for title in new.titles
            for library in (None, *title.libraries)
        )
        Announced.objects.bulk_create(looked_through, batch_size=1000, ignore_conflicts=True)
        Notice.objects.bulk_create(
            (
                Notice(kind=Kind.ARRIVALS, patron_id=patron, day=today, found=parts, created_at=now)
                for patron, parts in found.items()
            ),
            batch_size=1000,
            ignore_conflicts=True,
        )
    return len(found)


def _found(new: NewTitles, most: int) -> dict[int, list]:
    """Return for each patron the conditions that something fits: [alert, how many, ids of the first]."""
    found: dict[int, list] = {}
    if not new.titles:
        return found
    alerts = Alert.objects.filter(active=True, patron__email_failing_since=None).exclude(patron__email="")
    for alert in alerts.order_by("id").iterator():
        if mask := new.fitting(alert):
            found.setdefault(alert.patron_id, []).append([alert.pk, mask.bit_count(), new.ids(mask, most)])
    return found


def still_due(notices: QuerySet[Notice], now: datetime) -> QuerySet[Notice]:
    """Narrow to digests of this week for patrons who still want one."""
    wanted = Alert.objects.filter(patron=OuterRef("patron"), active=True)
    return notices.filter(Exists(wanted), day__gte=timezone.localdate(now) - TOLD_WITHIN)


def compose(patron: Patron, notices: list[Notice], facts: RunFacts, now: datetime) -> dict[str, object]:
    """Return a section for every condition that found something."""
    parts = [part for notice in notices for part in notice.found or ()]
    conditions = Alert.objects.filter(patron=patron, active=True).select_related("material_type", "library")
    alerts = conditions.in_bulk([alert for alert, _, _ in parts])
    to_lend = Item.objects.servable().select_related("home_library").order_by("home_library__position", "pk")
    found = Title.objects.select_related("material_type").prefetch_related(Prefetch("items", to_lend))
    titles = found.in_bulk({pk for _, _, ids in parts for pk in ids})
    sections = [
        Section(
            words=alerts[alert].words,
            arrivals=[Arrival.of(titles[pk]) for pk in ids if pk in titles],
            count=count,
            href=settings.SITE_URL.rstrip("/") + reverse("notifications:alert", args=(alert,)),
        )
        for alert, count, ids in parts
        if alert in alerts
    ]
    return {"sections": sections}


def stop(patron: Patron) -> None:
    """Switch all conditions of a patron off."""
    Alert.objects.filter(patron=patron, active=True).update(active=False)
