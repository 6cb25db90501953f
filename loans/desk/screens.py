"""The screens of the counter: what a scan does on each, and what stands beside its field (SPEC D1)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from catalog import copies
from catalog.models import Item, Library
from loans import circulation
from loans.answers import DeskAnswer, DeskOutcome, stop
from loans.desk.scan import find_item, find_patron
from loans.lists import hold_shelf, pull
from loans.models import Loan
from patrons.models import Patron, User
from patrons.people import look_ups
from reservations.models import Reservation, State


@dataclass(frozen=True)
class Scan:
    """One scan: what was typed, whose card was scanned before it, and who scanned where and when.

    ``reason`` is why a copy is lent although others wait for it.
    """

    typed: str
    patron: Patron | None
    reason: str
    at: Library
    by: User
    now: datetime

    def unknown(self) -> DeskAnswer:
        return stop("登録のない番号です", f"読み取った番号：{self.typed}")


Told = tuple[DeskAnswer, Patron | None]
"""What a scan answers, and who stands at the counter after it."""
Beside = dict[str, object]


def check_out(scan: Scan) -> Told:
    """Lend a copy to the patron whose card was scanned; a card turns to its patron."""
    if scan.patron and (item := find_item(scan.typed)):
        lent = circulation.check_out(item, scan.patron, at=scan.at, by=scan.by, now=scan.now, override=scan.reason)
        return lent, scan.patron
    if patron := find_patron(scan.typed):
        look_ups.record(patron, by=scan.by, page="admin:desk", now=scan.now)
        return DeskAnswer(DeskOutcome.NOTICE, "資料を読み取ってください"), patron
    if find_item(scan.typed):
        return stop("利用者カードが先です", "これは資料の番号です。先に利用者カードを読み取ってください。"), None
    return scan.unknown(), scan.patron


def check_in(scan: Scan) -> Told:
    """Take a copy in, whether it came by van, by hand or by the book drop."""
    if item := find_item(scan.typed):
        return circulation.check_in(item, at=scan.at, by=scan.by, now=scan.now), None
    if find_patron(scan.typed):
        return stop("これは利用者カードです", "返す資料の番号を読み取ってください。"), None
    return scan.unknown(), None


def look(scan: Scan) -> Told:
    """Tell what a copy is doing and change nothing."""
    item = find_item(scan.typed)
    return (DeskAnswer(DeskOutcome.NOTICE, item.get_status_display(), item=item) if item else scan.unknown()), None


def of_the_patron(library: Library, answer: DeskAnswer | None, patron: Patron | None) -> Beside:
    """Show what the patron has, and what waits for them on the shelf here and elsewhere."""
    if patron is None:
        return {}
    today = timezone.localdate()
    loans = list(Loan.objects.of(patron).select_related("item__title").order_by("-checked_out_at", "-id"))
    ready = Reservation.objects.filter(patron=patron, state=State.READY).select_related("title", "item")
    return {
        "loans": loans,
        "today": today,
        "overdue": sum(loan.due_on < today for loan in loans),
        "ready_here": [held for held in ready if held.pickup_library_id == library.pk],
        "ready_elsewhere": [held for held in ready if held.pickup_library_id != library.pk],
    }


def of_the_copy(library: Library, answer: DeskAnswer | None, patron: Patron | None) -> Beside:
    """Show what is known of the copy that was scanned; nobody's name."""
    if answer is None or answer.item is None:
        return {}
    fresh = Item.objects.select_related("title", "home_library", "library", "destination").get(pk=answer.item.pk)
    return {
        "copy": fresh,
        "loan": Loan.objects.open().filter(item=fresh).select_related("library").first(),
        "held": Reservation.objects.filter(item=fresh).select_related("pickup_library").first(),
        "waiting": Reservation.objects.filter(title=fresh.title_id).waiting().count(),
        "set_aside": [(status.value, status.label) for status in copies.SET_ASIDE],
    }


def to_fetch(library: Library, answer: DeskAnswer | None, patron: Patron | None) -> Beside:
    """Show today's pull list."""
    return {"copies": pull.pull_list(library, on=timezone.localdate())}


def on_the_shelf(library: Library, answer: DeskAnswer | None, patron: Patron | None) -> Beside:
    """Show the hold shelf: what is to be cleared, then what waits."""
    places = hold_shelf.on_hold_shelf(library)
    waiting = [place for place in places if place.held]
    return {"waiting": waiting, "cleared": hold_shelf.to_clear(places), "today": timezone.localdate()}


@dataclass(frozen=True)
class Screen:
    """One screen of the counter.

    ``mode`` names its template and its address, ``key`` is typed to come here from any other screen, ``tab`` is a
    shorter label for the row of screens. ``scanned`` answers a scan, None on a screen without the scanner's field;
    ``beside`` gathers what stands beside the field.
    """

    mode: str
    label: str
    key: str
    scanned: Callable[[Scan], Told] | None = None
    beside: Callable[[Library, DeskAnswer | None, Patron | None], Beside] | None = None
    tab: str = ""

    @property
    def template(self) -> str:
        return f"loans/desk/{self.mode}.html"

    @property
    def url(self) -> str:
        return "admin:desk" if self.mode == "check_out" else f"admin:desk_{self.mode}"


SCREENS = (
    Screen("check_out", "貸出", "1", check_out, of_the_patron),
    Screen("check_in", "返却", "2", check_in),
    Screen("arrival", "配送到着", "3", check_in),
    Screen("pull_list", "予約回収", "4", check_in, to_fetch),
    Screen("hold_shelf", "取置の棚", "5", check_in, on_the_shelf),
    Screen("contacts", "連絡", "6"),
    Screen("patrons", "利用者", "7"),
    Screen("copy", "資料", "8", look, of_the_copy),
    Screen("stranded", "渡せる資料がない予約", "N", tab="渡せない予約"),
)
BY_MODE = {screen.mode: screen for screen in SCREENS}
BY_KEY = {screen.key: screen for screen in SCREENS}
