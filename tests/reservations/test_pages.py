"""「予約している資料」 and 「取消済予約一覧」."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opac.faces.face import WEB
from reservations.models import State
from reservations.sequences import make_sequence
from tests import build
from tests.reservations.queue_setup import in_state, placed

pytestmark = pytest.mark.django_db
LIST = reverse("reservations:list")


@pytest.fixture
def here():
    return build.library()


@pytest.fixture
def patron(here):
    return build.patron()


@pytest.fixture
def at_home(patron) -> Client:
    client = Client()
    client.force_login(patron.user, "patrons.backends.LoginBackend")
    return client


def waiting(patron, here, name="吾輩は猫である"):
    title = build.title(name)
    build.item(title, here)
    return placed(patron, title, at=here)


def address(name: str, reservation) -> str:
    return reverse(f"reservations:{name}", args=(reservation.pk,))


def said(page) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def test_the_list_tells_where_each_stands(here, patron, at_home):
    there = build.library("幸町図書館")
    in_state(State.READY, patron=patron, at=here, title=build.title("とどいた"))
    in_state(State.IN_TRANSIT, patron=patron, at=there, title=build.title("くる"))
    waiting(patron, here, "まつ")
    lines = at_home.get(LIST).context["lines"]
    assert [(line.reservation.get_state_display(), line.note) for line in lines] == [
        (
            "取置／貸出可",
            f"中央図書館でお渡しできます。取置期限は{lines[0].reservation.collect_by:%Y年%-m月%-d日}（火）です。",
        ),
        ("配送中", "幸町図書館へ配送中です。準備ができるまで、もうしばらくお待ちください。"),
        ("予約中", "順番は 1 番目です。"),
    ]


def test_a_change_and_what_the_rules_say_to_it(here, patron, at_home):
    there = build.library("幸町図書館")
    reservation = waiting(patron, here)
    change = {"pickup_library": there.pk, "contact_method": "email"}
    page = at_home.post(address("detail", reservation), change)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["contact_method"])
    page = at_home.post(address("detail", reservation), change | {"contact_method": "none"}, follow=True)
    reservation.refresh_from_db()
    assert (said(page), reservation.pickup_library) == (["受取館・連絡方法を変更しました。"], there)


@pytest.mark.parametrize("forged", [{"pickup_library": "0"}, {"contact_method": "fax"}, {"contact_method": ""}])
def test_a_forged_change_is_refused(here, patron, at_home, forged):
    reservation = waiting(patron, here)
    given = {"pickup_library": here.pk, "contact_method": "none"}
    assert at_home.post(address("detail", reservation), given | forged).status_code == 422


def test_cancel_and_take_back(here, patron, at_home):
    reservation = waiting(patron, here)
    page = at_home.post(address("cancellation", reservation), follow=True)
    assert page.context["returnable"] == [reservation]
    page = at_home.post(address("take_back", reservation), follow=True)
    assert [line.reservation for line in page.context["lines"]] == [reservation]


@pytest.mark.parametrize("state", [State.IN_TRANSIT, State.READY])
def test_what_changed_between_page_and_click_shows_the_telephone_to_press(here, patron, at_home, state):
    held = in_state(state, patron=patron, at=here)
    page = at_home.post(address("cancellation", held), follow=True)
    assert page.redirect_chain[-1][0] == address("detail", held)
    assert here.telephone in said(page)[0]
    assert f'href="tel:{here.telephone.replace("-", "")}"' in page.content.decode()
    assert "予約を取り消す" not in page.content.decode()
    change = {"pickup_library": here.pk, "contact_method": "none"}
    assert at_home.post(address("detail", held), change).status_code == 422
    held.refresh_from_db()
    assert held.state == state


def test_pause_and_wake(here, patron, at_home):
    reservation = waiting(patron, here)
    until = timezone.localdate() + timedelta(days=9)
    page = at_home.post(address("pause", reservation), {"sleeps_until": until.isoformat()}, follow=True)
    assert page.context["lines"][0].note.startswith("お休み中です。")
    assert "休止中" in at_home.get(address("detail", reservation)).content.decode()
    at_home.post(address("pause", reservation), {"wake": "1"})
    reservation.refresh_from_db()
    assert reservation.sleeps_until is None
    for day in ("", "x", timezone.localdate().isoformat(), "9999-01-01"):
        assert at_home.post(address("pause", reservation), {"sleeps_until": day}).status_code == 422


def test_a_sequence_is_ordered_set_shown_and_released(here, patron, at_home):
    upper, lower = waiting(patron, here, "上巻"), waiting(patron, here, "下巻")
    page = at_home.get(reverse("reservations:sequence"), {"volume": [lower.pk, upper.pk]})
    assert page.context["rows"][0]["up"] == ""
    page = at_home.get(page.context["rows"][1]["up"])
    order = [row["reservation"].pk for row in page.context["rows"]]
    page = at_home.post(reverse("reservations:sequence"), {"volume": order}, follow=True)
    [lane] = page.context["volume_orders"]
    assert [(member["name"], member["state"]) for member in lane.members] == [("上巻", "active"), ("下巻", "waiting")]
    page = at_home.post(reverse("reservations:sequence_release", args=(lane.pk,)), follow=True)
    assert page.context["volume_orders"] == []


def test_a_sequence_of_one_or_of_nonsense_says_what_to_do(here, patron, at_home):
    reservation = waiting(patron, here)
    for volumes in ([], [reservation.pk], ["x", "²", reservation.pk], [reservation.pk, 999_999], ["9" * 5000]):
        page = at_home.get(reverse("reservations:sequence"), {"volume": volumes}, follow=True)
        assert said(page) == ["「順番予約」にする資料を2点以上お選びください。"]


def test_the_list_of_the_cancelled(here, patron, at_home):
    now = timezone.now()
    for days, state, by in ((0, "cancelled", "patron"), (30, "cancelled", "library"), (3, "expired", "library")):
        closed = {"closed_at": now - timedelta(days=days), "closed_by": by, "close_reason": f"{days}日前"}
        in_state(state, patron=patron, at=here, title=build.title(), **closed)
    in_state("cancelled", patron=patron, at=here, closed_at=now - timedelta(days=31))
    page = at_home.get(reverse("reservations:cancelled"))
    ended = [(row.get_state_display(), row.close_reason, row.returnable) for row in page.context["ended"]]
    assert ended == [("取消", "0日前", True), ("取置期限切れ", "3日前", False), ("取消", "30日前", False)]
    assert "理由：30日前" in page.content.decode()


@pytest.mark.parametrize("name", ["detail", "cancellation", "take_back", "pause"])
def test_another_patrons_reservation_does_not_exist(here, at_home, name):
    other = waiting(build.patron(), here)
    assert at_home.post(address(name, other)).status_code == 404


def test_another_patrons_sequence_does_not_exist(here, patron, at_home):
    other = build.patron()
    reservations = [waiting(other, here), waiting(other, here)]
    lane = other.sequences.create(created_at=timezone.now())
    for position, reservation in enumerate(reservations):
        reservation.sequence, reservation.sequence_position = lane, position
        reservation.save()
    assert at_home.post(reverse("reservations:sequence_release", args=(lane.pk,))).status_code == 404


@pytest.mark.parametrize("name", ["list", "cancelled", "sequence"])
def test_a_visitor_is_led_to_the_login(client, name):
    page = reverse(f"reservations:{name}")
    assert client.get(page).url == f"{reverse('patrons:login')}?next={page}"


@pytest.mark.parametrize(("page", "queries"), [("list", 11), ("cancelled", 7)])
def test_three_hundred_take_as_many_queries_as_one(here, patron, at_home, django_assert_num_queries, page, queries):
    state = State.WAITING if page == "list" else State.CANCELLED
    closed = {} if page == "list" else {"closed_at": timezone.now()}
    at_home.get(reverse(f"reservations:{page}"))  # the session is written once a minute, by its first page
    for number in range(300):
        title = build.title()
        build.item(title, here)
        build.reservation(title, patron, here, state=state, **closed)
        if number in {0, 2, 299}:
            with django_assert_num_queries(queries):
                assert at_home.get(reverse(f"reservations:{page}")).status_code == 200


def test_patron_reads_that_no_copy_can_serve_and_what_can_be_done(here, patron, at_home):
    """Withdrawn, lost, reference only, or no copy at all: nobody is told a place in a queue that does not move."""
    rows = [waiting(patron, here, name) for name in ("除籍された本", "なくした本", "参考になった本", "所蔵が消えた本")]
    rows[0].title.items.update(status="withdrawn")
    rows[1].title.items.update(status="missing")
    rows[2].title.items.update(lendable=False)
    rows[3].title.items.all().delete()
    served = waiting(patron, here, "ある本")
    truth = (
        "いま貸出できる資料がありません。図書館からご連絡します。このままお待ちいただくことも、取り消すこともできます。"
    )
    notes = {line.reservation.pk: line.note for line in at_home.get(LIST).context["lines"]}
    assert notes == {row.pk: truth for row in rows} | {served.pk: "順番は 1 番目です。"}
    page = at_home.get(address("detail", rows[0])).content.decode()
    assert truth in page
    assert address("cancellation", rows[0]) in page


def test_volume_behind_one_that_cannot_be_served_is_offered_the_release(here, patron, at_home):
    upper, lower = waiting(patron, here, "上"), waiting(patron, here, "下")
    order = make_sequence(patron, [upper, lower], face=WEB, now=timezone.now())
    release = reverse("reservations:sequence_release", args=(order.pk,))
    behind = "先にお渡しする資料の準備ができてから、この資料をご用意します。予約した順番は変わりません。"
    assert [line.note for line in at_home.get(LIST).context["lines"]] == ["順番は 1 番目です。", behind]
    assert release not in at_home.get(address("detail", lower)).content.decode()
    upper.title.items.update(status="missing")
    page = at_home.get(LIST)
    asked = "先にお渡しする資料が、いま貸出できません。順番予約を解除すると、この資料だけ先にご用意できます。"
    assert page.context["lines"][1].note == asked
    assert page.content.decode().count(release) == 2
    assert release in at_home.get(address("detail", lower)).content.decode()
    at_home.post(release)
    assert at_home.get(LIST).context["lines"][1].note == "順番は 1 番目です。"
