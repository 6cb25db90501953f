"""After a return nothing links patron and title, in no table and no file, and no log ever named either (SPEC V1, V2).

One story is told over HTTP: search, basket, reservation, counter, mail, loan, return, purge. Then everything the portal
has is read. Planted links show that the reading finds what it looks for.
"""

import logging
import random
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import Item, Library, Title
from loans.models import Loan
from notifications.models import Notice
from patrons.models import LoginSession, LookUp, Patron, SealedRead, Shelf, ShelfEntry, User
from patrons.models.session import SessionStore
from patrons.reading import reading_log
from reservations import queue
from reservations.models import Reservation
from tests import build
from tests.sure import sure
from tests.trace_scanner import Database, Marks, files_naming, kept_on_purpose

pytestmark = pytest.mark.django_db
PASSWORD = "Canary4ever"
FACTS = {
    "card_number": "31415926535",
    "name_reading": "カナリヤ カナエ",
    "email": "canary-31415@example.jp",
    "telephone": "086-314-1592",
    "address": "岡山市北区金糸雀町31番地",
}
NAME = "金糸雀 加奈恵"
BOOK = {"title": "鳴かない鳥の見分け方", "title_reading": "ナカナイ トリ ノ ミワケカタ", "isbn": "9784314159261"}
BARCODE = "2718281828"
SERIALS = ("patrons_user", "patrons_patron", "catalog_title", "catalog_item", "loans_loan", "reservations_reservation")


@dataclass
class Story:
    """The canary, the book it reads, and what it left in the world."""

    patron: Patron
    title: Title
    item: Item
    here: Library
    elsewhere: Library
    folders: tuple[Path, ...]

    @property
    def somebody(self) -> Marks:
        words = {NAME, *FACTS.values(), self.patron.name_reading}
        return Marks(frozenset(words), frozenset({self.patron.pk, self.patron.user_id}))

    @property
    def book(self) -> Marks:
        """Return by what the book is known; the number of its loan leads to it, too."""
        loans = Loan.objects.filter(item=self.item).values_list("pk", flat=True)
        return Marks(frozenset({*BOOK.values(), BARCODE}), frozenset({self.title.pk, self.item.pk, *loans}))

    def links(self, *, on_purpose: bool = False) -> list[str]:
        excepted = {} if on_purpose else {"excepted": kept_on_purpose(timezone.now())}
        return Database().links(self.somebody, self.book, **excepted)


@pytest.fixture
def story(db, settings, tmp_path) -> Story:
    """A canary with numbers that nothing else has, two libraries, and folders of its own for what is written."""
    settings.MEDIA_ROOT, settings.SEARCH_INDEX = str(tmp_path / "uploads"), tmp_path / "index"
    with connection.cursor() as cursor:
        for place, table in enumerate(SERIALS, 1):
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, 7_310_000 + place * 1_000])
    here, elsewhere = build.library("中央図書館"), build.library("幸町図書館")
    title = build.title(**{"name": BOOK["title"]} | {name: BOOK[name] for name in ("title_reading", "isbn")})
    item = build.item(title, elsewhere, barcode=BARCODE)
    patron = build.patron(NAME, password=PASSWORD, pickup_library=here, **FACTS)
    folders = (tmp_path / "uploads", tmp_path / "index", tmp_path / "dump")
    for folder in folders:
        folder.mkdir()
    return Story(patron, title, item, here, elsewhere, folders)


def logged_in(story: Story) -> Client:
    """Search and fill the basket as a visitor, then log in."""
    client = Client()
    assert BOOK["title"] in client.get("/search/", {"q": BOOK["title"]}).text
    client.get(story.title.get_absolute_url())
    client.post(reverse("reservations:basket_entries"), {"title": story.title.pk})
    client.post("/login/", {"card_number": story.patron.card_number, "password": "wrong"})
    client.post("/login/", {"card_number": story.patron.card_number, "password": PASSWORD})
    client.get("/basket/")
    return client


def reserve(client: Client, story: Story) -> None:
    form = client.get("/basket/").context["form"]
    sent = {"pickup_library": story.here.pk, "contact_method": "email", "titles": [story.title.pk]}
    client.post(reverse("reservations:reserve"), sent | {"submission": form["submission"].value()})
    assert Reservation.objects.filter(patron=story.patron, title=story.title).count() == 1


def desk(library: Library) -> Client:
    """Return the browser at a library's counter."""
    client, name = Client(), f"desk-{library.pk}"
    client.force_login(User.objects.filter(username=name).first() or build.staff(username=name, library=library))
    return client


def borrow(client: Client, story: Story) -> None:
    """Reserve, let the copy travel and arrive, be told by mail, and take it home."""
    reserve(client, story)
    away, counter = desk(story.elsewhere), desk(story.here)
    away.post(reverse("admin:desk_check_in"), {"scan": BARCODE})
    counter.post(reverse("admin:desk_arrival"), {"scan": BARCODE})
    call_command("send_notices")
    for address in ("/my/", "/my/reservations/", "/my/data/", "/my/data/json/"):
        client.get(address)
    counter.post(reverse("admin:desk"), {"scan": story.patron.card_number})
    counter.get(reverse("admin:desk_patron", args=[story.patron.pk]))
    change = reverse("admin:patrons_patron_change", args=[story.patron.pk])
    sent = {name: value or "" for name, value in counter.get(change).context["adminform"].form.initial.items()}
    counter.post(change, sent | {"fax": "086-000-9999"})
    counter.post(reverse("admin:desk"), {"scan": BARCODE, "patron": story.patron.pk})
    assert Loan.objects.open().get(item=story.item).patron == story.patron


def give_back(client: Client, story: Story) -> None:
    """Bring the book back, and let every command run that writes something."""
    client.get("/my/loans/")
    desk(story.elsewhere).post(reverse("admin:desk_check_in"), {"scan": BARCODE})
    call_command("send_notices")
    call_command("index_catalogue", "--once")
    call_command("dump_catalogue", story.folders[2])
    call_command("purge")


@pytest.fixture
def returned(story, smtp) -> Story:
    client = logged_in(story)
    borrow(client, story)
    give_back(client, story)
    return story


def test_the_scanner_sees_the_links_that_there_are_while_a_book_is_waited_for_and_lent(story, smtp):
    client = logged_in(story)
    assert story.links() == ["reservations_basketentry"]
    reserve(client, story)
    assert set(story.links(on_purpose=True)) >= {"reservations_reservation", "reservations_reservationevent"}
    assert story.links() == []
    Reservation.objects.all().delete()
    build.loan(story.item, story.patron)
    assert (story.links(on_purpose=True), story.links()) == (["loans_loan"], [])


def test_nothing_links_patron_and_title_after_the_return(returned):
    assert returned.links(on_purpose=True) == []
    assert Loan.objects.filter(item=returned.item, patron=None).count() == 1
    assert LogEntry.objects.filter(object_id=str(returned.patron.pk)).count() == 1
    assert LoginSession.objects.filter(user=returned.patron.user).count() == 1


def test_no_file_names_the_patron(returned):
    assert len(list(returned.folders[1].rglob("*"))) > 1
    assert files_naming(returned.somebody, returned.folders) == []
    assert "catalogue.jsonl.gz" in files_naming(returned.book, returned.folders)
    for name, encoding in (("a.csv", "cp932"), ("b.txt", "utf-8")):
        (returned.folders[0] / name).write_text(f"{NAME} {BOOK['title']}", encoding=encoding)
    assert files_naming(returned.somebody, returned.folders) == ["a.csv", "b.txt"]


def test_what_is_kept_on_purpose_is_excepted_and_nothing_else(returned):
    kept = {"patron": returned.patron, "title": returned.title, "here": returned.here}
    shelf = Shelf.objects.create(patron=kept["patron"], name="鳥", created_at=timezone.now())
    entry = {"name": BOOK["title"], "position": 1, "added_at": timezone.now()}
    ShelfEntry.objects.create(shelf=shelf, title=kept["title"], **entry)
    for days in (30, 31):
        reservation = build.reservation(kept["title"], kept["patron"], kept["here"])
        closed = {"closed_by": Reservation.ClosedBy.PATRON, "by": kept["patron"].user}
        queue.cancel(reservation, now=timezone.now() - timedelta(days=days), **closed)
    build.reservation(kept["title"], kept["patron"], kept["here"])
    assert returned.links() != []
    call_command("purge")
    assert Reservation.objects.filter(patron=kept["patron"]).count() == 2
    assert returned.links() == []
    assert {"patrons_shelfentry", "reservations_reservation"} <= set(returned.links(on_purpose=True))


def test_the_reading_log_keeps_the_title_for_its_patron_and_says_nothing_in_the_tables(story, smtp):
    reading_log.answer(story.patron, keep=True, on=timezone.localdate())
    client = logged_in(story)
    borrow(client, story)
    give_back(client, story)
    assert [read.title for read in reading_log.read_between(story.patron)] == [BOOK["title"]]
    assert SealedRead.objects.count() == 1
    assert story.links(on_purpose=True) == []


def test_after_purge_not_even_the_transaction_tells_which_return_a_row_is_of(story, smtp):
    reading_log.answer(story.patron, keep=True, on=timezone.localdate())
    client = logged_in(story)
    borrow(client, story)
    desk(story.elsewhere).post(reverse("admin:desk_check_in"), {"scan": BARCODE})
    assert same_transaction() == 1
    call_command("purge")
    assert same_transaction() == 0


def test_on_the_next_day_no_time_and_no_order_tells_whose_loan_it_was(returned, time_machine, monkeypatch):
    pages = sorted(LookUp.objects.values_list("page", flat=True), reverse=True)
    mixed = lambda _, rows: rows.sort(key=lambda row: row.page, reverse=True)  # noqa: E731
    monkeypatch.setattr(random.SystemRandom, "shuffle", mixed)
    time_machine.move_to(timezone.now() + timedelta(days=1))
    call_command("purge")
    call_command("purge")
    times = {row.at for row in LookUp.objects.all()}
    for loan in Loan.objects.all():
        times |= {loan.checked_out_at, sure(loan.returned_at)}
    assert {timezone.localtime(moment).time() for moment in times} == {time(0)}
    assert list(LookUp.objects.order_by("id").values_list("page", flat=True)) == pages


def same_transaction() -> int:
    """Count the pairs of a row of a log and a loan, or a change for the index, that one transaction wrote."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM patrons_sealedread s WHERE EXISTS (SELECT 1 FROM loans_loan l WHERE l.xmin = s.xmin)"
            " OR EXISTS (SELECT 1 FROM catalog_titlechange c WHERE c.transaction::text = s.xmin::text)"
        )
        return cursor.fetchone()[0]


def plant_admin_log(story: Story) -> None:
    LogEntry.objects.create(
        user=build.staff(),
        content_type=ContentType.objects.get_for_model(Patron),
        object_id=str(story.patron.pk),
        object_repr="-",
        action_flag=CHANGE,
        change_message=f"{BOOK['title']}を返した",
    )


def plant_session(story: Story) -> None:
    session = SessionStore()
    session["last"] = {"patron": story.patron.pk, "titles": [story.title.pk]}
    session.save()


def plant_notice(story: Story) -> None:
    found = [[1, 1, [story.title.pk]]]
    facts = {"day": timezone.localdate(), "created_at": timezone.now()}
    Notice.objects.create(kind="arrivals", patron=story.patron, found=found, **facts)


def plant_word_in_a_loan(story: Story) -> None:
    Loan.objects.filter(item=story.item).update(override_reason=f"{NAME}さんのご希望")


def plant_fulfilled_reservation(story: Story) -> None:
    facts = {"state": "fulfilled", "closed_at": timezone.now(), "closed_by": "library"}
    build.reservation(story.title, story.patron, story.here, **facts)


def plant_table_nobody_knows(story: Story) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE history (who bigint, what jsonb)")
        cursor.execute("INSERT INTO history VALUES (%s, '{\"read\": %s}')", [story.patron.pk, story.item.pk])


@pytest.mark.parametrize(
    ("plant", "tables"),
    [
        (plant_admin_log, ["django_admin_log"]),
        (plant_session, ["patrons_loginsession"]),
        (plant_notice, ["notifications_notice"]),
        (plant_word_in_a_loan, ["loans_loan"]),
        (plant_fulfilled_reservation, ["reservations_reservation"]),
        (plant_table_nobody_knows, ["history"]),
    ],
)
def test_a_planted_link_is_found(returned, plant, tables):
    plant(returned)
    assert returned.links() == tables


def test_no_log_names_patron_or_title_at_any_level(story, smtp, caplog):
    caplog.set_level(logging.DEBUG)
    client = logged_in(story)
    borrow(client, story)
    client.get("/nowhere/", {"q": BOOK["title"]})
    client.post("/my/password/", {"current": PASSWORD, "password": "Canary4never", "again": "Canary4ever"})
    client.post("/forgotten/", {"card_number": story.patron.card_number})
    smtp.refused[FACTS["email"]] = "550 5.1.1 no such mailbox"
    give_back(client, story)
    ours = [record for record in caplog.records if record.name != "mail.log"]  # which is the mail server of the test
    said = "\n".join(f"{record.getMessage()} {record.exc_text or ''} {record.args}" for record in ours)
    secrets = (NAME, *FACTS.values(), PASSWORD, "Canary4never", *BOOK.values(), BARCODE)
    assert [secret for secret in secrets if secret in said] == []
    logging.getLogger("portal").warning("%s", NAME)
    assert NAME in caplog.text
