"""The counter's pages over HTTP: who may open them, what their forms do, how many queries they need."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import Item
from loans import circulation
from loans.desk.urls import VIEWS
from loans.models import ContactAttempt, Loan
from patrons.models import LookUp
from reservations.models import Reservation, State, VolumeOrder
from tests import build
from tests.sure import sure

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return build.library("中央図書館")


@pytest.fixture
def counter(here) -> Client:
    user = build.staff(library=here, is_superuser=False)
    user.user_permissions.add(Permission.objects.get(codename="work_at_the_desk"))
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, name: str, *args) -> str:
    answer = client.get(reverse(f"admin:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def post(client: Client, name: str, *args, **data):
    return client.post(reverse(f"admin:{name}", args=args), data, follow=True)


def lent(here, patron=None, name="こころ") -> Loan:
    item = build.item(build.title(name), here)
    circulation.check_out(item, patron or build.patron(), at=here, by=None, now=timezone.now())
    return Loan.objects.get(item=item)


@pytest.mark.parametrize("name", [name for _, _, name, _ in VIEWS])
def test_only_staff_of_the_desk_come_in(here, name):
    route = next(route for route, _, found, _ in VIEWS if found == name)
    url = reverse(f"admin:{name}", args=(1,) if "<int" in route else ())
    cataloguer, patron = Client(), Client()
    cataloguer.force_login(build.staff(username="cataloguer1", is_superuser=False))
    patron.force_login(build.patron().user)
    answers = [client.post(url) for client in (Client(), patron, cataloguer)]
    assert [answer.status_code for answer in answers] == [302, 302, 403]
    assert all("/admin/login/" in answer["Location"] for answer in answers[:2])


def test_the_desk_is_the_first_page_of_the_counter_and_lists_that_of_others(here, counter):
    cataloguer = Client()
    cataloguer.force_login(build.staff(username="cataloguer1", is_superuser=False))
    assert counter.get("/admin/")["Location"] == "/admin/desk/"
    assert cataloguer.get("/admin/").status_code == 200


def test_scanning_over_http_answers_in_one_round_trip(here, counter):
    item, patron = build.item(build.title(), here), build.patron()
    card = post(counter, "desk", scan=patron.card_number)
    lending = post(counter, "desk", scan=f"a{item.barcode}b", patron=patron.pk)
    assert (card.redirect_chain, lending.redirect_chain, Loan.objects.get().patron) == ([], [], patron)
    returning = post(counter, "desk_check_in", scan=item.barcode)
    assert ("書架へ" in returning.content.decode(), Loan.objects.get().patron) == (True, None)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("name", "allowed"), [("desk_pull_list", 9), ("desk_hold_shelf", 9), ("desk_contacts", 10), ("desk", 7)]
)
def test_a_page_needs_as_many_queries_for_three_rows_as_for_one(
    here, counter, django_assert_max_num_queries, name, allowed, rows
):
    for number in range(rows):
        title = build.title(f"資料{number}")
        held = build.reservation(
            title, build.patron(telephone="1"), here, contact_method="telephone", made_at="counter"
        )
        circulation.check_in(build.item(title, here), at=here, by=None, now=timezone.now())
        ContactAttempt.objects.create(reservation=held, at=timezone.now(), result="no_answer")
        wanted = build.title(f"棚の資料{number}")
        build.reservation(wanted, build.patron(), here)
        build.item(wanted, here)
    page(counter, "desk")
    with django_assert_max_num_queries(allowed):
        page(counter, name)


def test_the_lists_show_what_stands_where(here, counter):
    wanted, title = build.title("草枕"), build.title("門")
    build.reservation(wanted, build.patron(), here)
    build.item(wanted, here, call_number="913.6/ナ")
    patron = build.patron("津山 太郎", telephone="086-000-1234")
    build.reservation(title, patron, here, contact_method="telephone", made_at="counter")
    circulation.check_in(build.item(title, here), at=here, by=None, now=timezone.now())
    assert all(words in page(counter, "desk_pull_list") for words in ("草枕", "913.6/ナ", "見つからない"))
    assert all(words in page(counter, "desk_contacts") for words in ("津山 太郎", "086-000-1234", "電話"))
    shelf = page(counter, "desk_hold_shelf")
    assert ("門" in shelf, "津山" in shelf) == (True, False)


def test_a_slip_bears_neither_name_nor_title(here, counter):
    title, patron = build.title("それから"), build.patron("倉敷 次郎")
    build.reservation(title, patron, build.library("幸町図書館"))
    item = build.item(title, here)
    circulation.check_in(item, at=here, by=None, now=timezone.now())
    slip = page(counter, "desk_slip", item.pk)
    assert [words in slip for words in ("幸町図書館", item.barcode, "倉敷", "それから")] == [True, True, False, False]


def test_a_copy_is_looked_at_without_changing_it_and_without_a_name(here, counter):
    loan = lent(here, build.patron("高梁 五郎"), "虞美人草")
    text = post(counter, "desk_copy", scan=loan.item.barcode).content.decode()
    assert [words in text for words in ("虞美人草", "貸出中", "高梁")] == [True, True, False]
    free = build.item(build.title("道草"), here)
    assert post(counter, "desk_copy_status", free.pk, status="withdrawn").status_code == 403
    post(counter, "desk_copy_status", free.pk, status="in_processing")
    free.refresh_from_db()
    assert (free.get_status_display(), Loan.objects.open().count()) == ("整理中", 1)


def test_a_slip_is_asked_for_with_one_key(here, counter):
    item = build.item(build.title(), here)
    asked = counter.post(reverse("admin:desk_check_in"), {"scan": "ｓ", "slip": item.pk})
    assert asked["Location"] == reverse("admin:desk_slip", args=(item.pk,))


def test_without_a_library_the_desk_says_what_is_missing():
    client = Client()
    client.force_login(build.staff())
    assert "先に図書館を登録してください。" in client.get("/admin/desk/", follow=True).content.decode()


def test_not_found_and_contact_results_are_written(here, counter):
    title = build.title()
    item, held = build.item(title, here), build.reservation(title, build.patron(), here)
    post(counter, "desk_not_found", item.pk)
    assert Item.objects.get().get_status_display() == "調査中"
    circulation.check_in(item, at=here, by=None, now=timezone.now())
    post(counter, "desk_contact", held.pk, result="told")
    held.refresh_from_db()
    assert (held.contacted_at is not None, ContactAttempt.objects.get().result) == (True, "told")


def test_a_card_leads_to_the_patron_and_a_name_to_a_list(here, counter):
    patron = build.patron("玉野 三郎", name_reading="タマノ サブロウ")
    by_card = counter.get(reverse("admin:desk_patrons"), {"q": patron.card_number})
    by_name = counter.get(reverse("admin:desk_patrons"), {"q": "タマノ"})
    assert by_card["Location"] == reverse("admin:desk_patron", args=(patron.pk,))
    assert "玉野 三郎" in by_name.content.decode()


def test_staff_reserve_change_order_release_and_cancel_for_a_patron(here, counter):
    patron, there = build.patron(telephone="086-000-0000"), build.library("幸町図書館")
    items = [build.item(build.title(name), here) for name in ("上巻", "下巻")]
    wish = {"pickup_library": here.pk, "contact_method": "telephone"}
    for item in items:
        lent_out = build.patron()
        circulation.check_out(item, lent_out, at=here, by=None, now=timezone.now())
        post(counter, "desk_patron_reservations", patron.pk, scan=item.barcode, **wish)
    first, second = Reservation.objects.order_by("pk")
    assert (first.made_at, first.contact_method) == ("counter", "telephone")
    post(counter, "desk_patron_sequence", patron.pk, **{f"order-{second.pk}": "1", f"order-{first.pk}": "2"})
    lane = VolumeOrder.objects.get()
    assert list(lane.members.order_by("sequence_position")) == [second, first]
    post(counter, "desk_patron_release", patron.pk, sequence=lane.pk)
    assert VolumeOrder.objects.count() == 0
    post(counter, "desk_patron_change", patron.pk, reservation=first.pk, pickup_library=there.pk, contact_method="none")
    first.refresh_from_db()
    assert (first.pickup_library, first.contact_method) == (there, "none")
    without = post(counter, "desk_patron_cancellation", patron.pk, reservation=first.pk, reason=" ")
    assert "理由を入れてください" in without.content.decode()
    post(counter, "desk_patron_cancellation", patron.pk, reservation=first.pk, reason="お申し出")
    first.refresh_from_db()
    assert (first.state, first.closed_by, first.close_reason) == (State.CANCELLED, "library", "お申し出")


def test_every_look_at_a_patron_is_recorded(here, counter):
    patron = build.patron()
    page(counter, "desk_patron", patron.pk)
    post(counter, "desk", scan=patron.card_number)
    looks = LookUp.objects.order_by("pk").values_list("patron", "by__username", "page")
    assert list(looks) == [(patron.pk, "counter1", page) for page in ("admin:desk_patron", "admin:desk")]


def test_a_refusal_says_why(here, counter):
    loan = lent(here)
    patron = sure(loan.patron)
    answer = post(counter, "desk_patron_extension", patron.pk, loan=loan.pk)
    assert "延長は、貸出期限の当日" in answer.content.decode()
    unknown = post(counter, "desk_patron_reservations", patron.pk, scan="999999")
    assert "資料が見つかりません" in unknown.content.decode()


def test_rows_of_another_patron_are_not_found(here, counter):
    loan, other = lent(here), build.patron()
    assert post(counter, "desk_patron_extension", other.pk, loan=loan.pk).status_code == 404


@pytest.mark.parametrize("sent", ["", "x", "-1", "²", "9" * 30, "9" * 5000])
def test_a_form_that_sends_no_number_of_a_row_finds_none(here, counter, sent):
    patron = sure(lent(here).patron)
    assert post(counter, "desk_patron_extension", patron.pk, loan=sent).status_code == 404
    assert post(counter, "desk_patron_sequence", patron.pk, **{"order-1": sent}).status_code == 200
    assert post(counter, "desk_library", library=sent).status_code == 200


def test_staff_put_the_password_back(here, counter):
    patron = build.patron()
    post(counter, "desk_patron_initial_password", patron.pk)
    patron.refresh_from_db()
    assert patron.own_password_set_at is None


@pytest.mark.parametrize("typed", ["", "🙂", "'; --", "9" * 400, "ABC", "00", "\u3000"])
def test_nothing_a_scanner_sends_is_an_error(here, counter, typed):
    for name in ("desk", "desk_check_in", "desk_arrival", "desk_pull_list", "desk_hold_shelf", "desk_copy"):
        assert post(counter, name, scan=typed, patron=typed, undo="y").status_code == 200
