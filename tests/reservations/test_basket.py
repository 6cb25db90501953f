"""「予約かご」 before and after login, and what comes of reserving."""

from uuid import uuid4

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from catalog.models import Title
from patrons.models import Patron
from reservations.basket import COOKIE, MOST, moved
from reservations.models import BasketEntry, Reservation
from tests import build

pytestmark = pytest.mark.django_db
BASKET = reverse("reservations:basket")


@pytest.fixture
def here():
    return build.library()


@pytest.fixture
def patron(here) -> Patron:
    return build.patron(pickup_library=here)


@pytest.fixture
def at_home(patron) -> Client:
    client = Client()
    client.force_login(patron.user, "patrons.backends.LoginBackend")
    return client


def copied(here, name="吾輩は猫である", **fields) -> Title:
    title = build.title(name, **fields)
    build.item(title, here)
    return title


def put_in(client: Client, *titles: Title, **headers):
    for title in titles:
        answer = client.post(reverse("reservations:basket_entries"), {"title": title.pk}, headers=headers)
    return answer


def shown(client: Client) -> list[str]:
    return [str(entry["title"]) for entry in client.get(BASKET).context["entries"]]


def reserve(client: Client, here, *titles: Title, **changed):
    given = {
        "titles": [title.pk for title in titles],
        "pickup_library": here.pk,
        "contact_method": "none",
        "submission": uuid4(),
    }
    return client.post(reverse("reservations:reserve"), given | changed, follow=True)


def test_a_visitor_needs_no_session(here, client):
    answer = put_in(client, copied(here))
    assert set(client.cookies) == {COOKIE}
    assert (client.cookies[COOKIE]["samesite"], client.cookies[COOKIE]["httponly"]) == ("Lax", True)
    assert answer.url.startswith(f"{BASKET}?added=")
    assert shown(client) == ["吾輩は猫である"]


def test_a_visitors_basket_is_joined_at_login(here, patron, client):
    old, new, both = (copied(here, name) for name in ("前", "後", "両方"))
    BasketEntry.objects.create(patron=patron, title=old, position=0, added_at=build.NOON)
    BasketEntry.objects.create(patron=patron, title=both, position=1, added_at=build.NOON)
    put_in(client, both, new)
    client.force_login(patron.user, "patrons.backends.LoginBackend")
    assert client.get(BASKET).context["basket_count"] == 3
    assert shown(client) == ["前", "両方", "後"]
    assert client.cookies[COOKIE].value == ""


def test_a_forged_or_broken_cookie_is_an_empty_basket(here, client):
    title = copied(here)
    for value in ("1.2", f"{title.pk}:abc", signing.dumps([title.pk]), "\xe3\x81"):
        client.cookies[COOKIE] = value
        assert shown(client) == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 302),
        ({"Sec-Fetch-Site": "same-origin"}, 302),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://testserver"}, 302),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_another_site_puts_nothing_in(here, client, headers, status):
    answer = put_in(client, copied(here), **headers)
    assert (answer.status_code, COOKIE in client.cookies) == (status, status == 302)


def test_the_way_back_stays_on_this_site(here, client):
    answer = put_in(client, copied(here), Referer="http://testserver/search/?q=猫")
    assert client.get(answer.url).context["back"] == "/search/?q=猫"
    for address in ("//evil.example", "https://evil.example/", "//[x", "http://[x"):
        assert client.get(BASKET, {"back": address}).context["back"] == ""


def test_referer_that_is_no_address_is_no_error(here, client):
    answer = put_in(client, copied(here), Referer="http://[x")
    assert (answer.status_code, client.get(answer.url).context["back"]) == (302, "")


def test_a_title_that_vanished_is_no_error(here, client):
    title = copied(here)
    put_in(client, title)
    title.items.all().delete()
    title.delete()
    assert shown(client) == []
    for number in (0, 999_999, "x", "", "²", "9" * 5000):
        assert client.post(reverse("reservations:basket_entries"), {"title": number}).status_code == 404


def test_titles_are_moved_and_taken_out(here, client, at_home):
    for anyone in (client, at_home):
        first, second, third = (copied(here, name) for name in ("一", "二", "三"))
        put_in(anyone, first, second, third)
        anyone.get(BASKET)
        anyone.post(reverse("reservations:basket_position", args=(third.pk,)), {"steps": "-1"})
        assert shown(anyone) == ["一", "三", "二"]
        anyone.post(reverse("reservations:basket_removal", args=(first.pk,)))
        assert shown(anyone) == ["三", "二"]
        for pk in (second.pk, third.pk):
            anyone.post(reverse("reservations:basket_removal", args=(pk,)))
        assert shown(anyone) == []


@pytest.mark.parametrize("steps", ["--5", "²", "-²", "----5", "9" * 5000, "-" + "9" * 5000, "1.5", ""])
def test_steps_that_are_no_number_move_nothing(here, client, at_home, steps):
    for anyone in (client, at_home):
        first, second = (copied(here, name) for name in ("一", "二"))
        put_in(anyone, first, second)
        anyone.get(BASKET)
        answer = anyone.post(reverse("reservations:basket_position", args=(first.pk,)), {"steps": steps})
        assert (answer.status_code, shown(anyone)) == (302, ["一", "二"])
        for pk in (first.pk, second.pk):
            anyone.post(reverse("reservations:basket_removal", args=(pk,)))


def test_moving_stops_at_the_ends():
    assert [moved([1, 2, 3], 3, steps=steps) for steps in (-9, -1, 0, 1)] == [
        [3, 1, 2],
        [1, 3, 2],
        [1, 2, 3],
        [1, 2, 3],
    ]


def test_a_basket_is_not_endless(here, client):
    titles = Title.objects.bulk_create(
        Title(title=str(number), material_type=build.kind(), added_on=build.TODAY) for number in range(MOST + 1)
    )
    put_in(client, *titles)
    assert len(shown(client)) == MOST


def test_what_fits_is_reserved_and_the_rest_is_kept_with_the_reason(here, patron, at_home):
    ishima = build.library("伊島図書館", hands_out_av=False)
    book, dvd = copied(here, "本"), copied(here, "映画", code="dvd")
    put_in(at_home, book, dvd)
    page = reserve(at_home, ishima, book, dvd)
    assert [row.title for row in page.context["accepted"]] == [book]
    assert [[one.rule for one in entry["refusals"]] for entry in page.context["kept"]] == [["audiovisual_pickup"]]
    assert "順番は <strong>1</strong> 番目です。" in page.content.decode()
    assert shown(at_home) == ["映画"]


def test_a_sequence_from_the_basket_keeps_its_order(here, patron, at_home):
    upper, lower = copied(here, "上"), copied(here, "下")
    put_in(at_home, lower, upper)
    at_home.get(BASKET)
    at_home.post(reverse("reservations:basket_position", args=(upper.pk,)), {"steps": "-1"})
    reserve(at_home, here, lower, upper, as_sequence="on")
    members = patron.sequences.get().members.order_by("sequence_position")
    assert [str(member.title) for member in members] == ["上", "下"]


def test_a_sequence_with_a_refusal_reserves_nothing_and_says_so(here, patron, at_home):
    upper, lower = copied(here, "上"), copied(here, "下")
    build.loan(lower.items.get(), patron)
    put_in(at_home, upper, lower)
    page = reserve(at_home, here, upper, lower, as_sequence="on")
    rules = [[one.rule for one in entry["refusals"]] for entry in page.context["kept"]]
    assert (rules, patron.reservations.count()) == ([["whole_sequence"], ["on_loan"]], 0)


def test_a_form_sent_twice_shows_the_first_result(here, patron, at_home):
    title, submission = copied(here), uuid4()
    put_in(at_home, title)
    first = reserve(at_home, here, title, submission=submission)
    again = reserve(at_home, here, title, submission=submission)
    assert first.redirect_chain == again.redirect_chain
    assert patron.reservations.count() == 1


@pytest.mark.parametrize(
    ("forged", "field"),
    [
        ({"pickup_library": "999999"}, "pickup_library"),
        ({"pickup_library": ""}, "pickup_library"),
        ({"contact_method": "telephone"}, "contact_method"),
        ({"contact_method": "' OR 1=1"}, "contact_method"),
        ({"titles": []}, "titles"),
        ({"titles": ["999999"]}, "titles"),
        ({"titles": ["x"]}, "titles"),
        ({"titles": ["²"]}, "titles"),
        ({"titles": ["9" * 5000]}, "titles"),
        ({"submission": "x"}, "submission"),
    ],
)
def test_a_forged_form_is_refused_kindly(here, patron, at_home, forged, field):
    title = copied(here)
    put_in(at_home, title)
    page = reserve(at_home, here, title, **forged)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert patron.reservations.count() == 0


def test_an_expired_session_leads_back_to_the_basket(here, client):
    title = copied(here)
    put_in(client, title)
    page = reserve(client, here, title)
    assert page.redirect_chain[0][0].startswith(reverse("patrons:login"))
    assert client.get(reverse("reservations:reserve")).url == BASKET


def test_another_patrons_result_shows_nothing(here, patron, at_home):
    submission = uuid4()
    build.reservation(copied(here), build.patron(), here, submission=submission)
    assert at_home.get(reverse("reservations:placed", args=(submission,))).url == BASKET


def test_the_basket_takes_as_many_queries_for_many_titles_as_for_one(here, patron, at_home, django_assert_num_queries):
    for number in range(30):
        BasketEntry.objects.create(patron=patron, title=copied(here), position=number, added_at=build.NOON)
        if number in {0, 2, 29}:
            at_home.get(BASKET)
            with django_assert_num_queries(12):
                at_home.get(BASKET)


def test_refusals_stand_in_the_basket_before_anything_is_sent(here, patron, at_home):
    title = copied(here)
    build.loan(title.items.get(), patron)
    put_in(at_home, title)
    [entry] = at_home.get(BASKET).context["entries"]
    assert ([one.rule for one in entry["refusals"]], entry["chosen"]) == (["on_loan"], False)
    assert Reservation.objects.count() == 0


def test_confirmation_shows_the_order_of_volumes_and_that_later_ones_wait(here, at_home):
    volumes = [copied(here, name) for name in ("上", "中", "下")]
    put_in(at_home, *volumes)
    at_home.get(BASKET)
    page = reserve(at_home, here, *volumes, as_sequence="on")
    [order] = page.context["volume_orders"]
    assert [(member["name"], member["state"]) for member in order.members] == [
        ("上", "active"),
        ("中", "waiting"),
        ("下", "waiting"),
    ]
    told = page.content.decode()
    waits = "先にお渡しする資料の準備ができてから、この資料をご用意します。予約した順番は変わりません。"
    assert "上から順にお渡しします。前の資料の準備ができてから、次の資料をご用意します。" in told
    assert (told.count(waits), "番目です" in told, "の巻" in told) == (4, True, False)
    assert "予約かごには、まだ" not in told


def test_confirmation_counts_what_stayed_in_the_basket(here, at_home):
    chosen, left, refused = copied(here, "選んだ"), copied(here, "選ばない"), copied(here, "禁帯出")
    refused.items.update(lendable=False)
    put_in(at_home, chosen, left, refused)
    at_home.get(BASKET)
    page = reserve(at_home, here, chosen, refused)
    assert [entry["title"] for entry in page.context["kept"]] == [refused]
    assert "予約かごには、まだ2点の資料が残っています。" in page.content.decode()
    page = reserve(at_home, here, left)
    assert "予約かごには、まだ1点の資料が残っています。" in page.content.decode()
