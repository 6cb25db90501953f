"""「新着資料お知らせメール」, reminders, and the link that stops a mail."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notifications.letters import unsubscribe_link
from notifications.models import Alert, Kind, Notice, Reminders
from notifications.models.alert import MOST
from tests import build

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def hanako(client):
    patron = build.patron(email="hanako@example.org")
    client.force_login(patron.user)
    return patron


def alert(patron, **condition) -> Alert:
    return Alert.objects.create(patron=patron, created_at=timezone.now(), **condition)


def came(name: str, day: date) -> None:
    """Make a title whose first copy came on a day, long after its record."""
    build.item(build.title(name, added_on=day - timedelta(days=90)), build.library(), acquired_on=day)


def path(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def test_visitor_is_sent_to_the_login(client):
    for page in ("/my/alerts/", "/my/alerts/new/", "/my/reminders/"):
        assert client.get(page).headers["Location"] == f"/login/?next={page}"


def test_condition_is_saved_and_listed_with_what_it_would_have_found(client, hanako):
    today = timezone.localdate()
    came("岡山の歴史", today)
    came("岡山の古い本", today - timedelta(days=40))
    assert client.post("/my/alerts/new/", {"keyword": "岡山"}).headers["Location"] == "/my/alerts/"
    page = client.get("/my/alerts/")
    assert [(row["alert"].keyword, row["found"]) for row in page.context["rows"]] == [("岡山", 1)]
    assert "この30日に入った資料：1件" in page.text


def test_preview_shows_what_would_have_been_found_and_saves_nothing(client, hanako):
    came("岡山の歴史", timezone.localdate())
    page = client.post("/my/alerts/new/", {"keyword": "岡山", "preview": "1"})
    assert (page.context["found"], Alert.objects.count()) == (1, 0)
    assert "岡山の歴史" in page.text


def test_search_becomes_a_condition(client, hanako):
    at = build.library(code="chuo")
    page = client.get("/my/alerts/new/?q=%E5%B2%A1%E5%B1%B1&type=book&library=chuo&ndc=210")
    form = page.context["form"]
    first = {name: form[name].value() for name in form.fields}
    assert first == {"keyword": "岡山", "author": "", "ndc": "210", "material_type": "book", "library": "chuo"}
    assert f'value="chuo" selected>{at.short_name}' in page.text


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({}, "条件を1つ以上入力してください。"),
        ({"ndc": "小説"}, "分類は番号で入力してください。例：913、645.7"),
        ({"keyword": "岡山"}, "同じ条件が登録されています。"),
        ({"keyword": "あ" * 101}, "この値は 100 文字以下でなければなりません( 101 文字になっています)。"),
    ],
)
def test_condition_that_makes_no_sense_is_refused_in_words(client, hanako, given, error):
    alert(hanako, keyword="岡山")
    page = client.post("/my/alerts/new/", given)
    said = [words for several in page.context["form"].errors.values() for words in several]
    assert (said, error in page.text) == ([error], True)
    assert Alert.objects.count() == 1


def test_full_width_class_number_is_taken(client, hanako):
    client.post("/my/alerts/new/", {"ndc": "９１３．６"})
    assert Alert.objects.get().ndc == "913.6"


def test_number_of_conditions_is_bounded(client, hanako):
    for number in range(MOST):
        alert(hanako, keyword=f"ことば{number}")
    assert f"登録できる条件は{MOST}件までです" in client.post("/my/alerts/new/", {"keyword": "もう一つ"}).text


def test_condition_is_switched_off_and_on_and_deleted(client, hanako):
    mine = alert(hanako, keyword="岡山")
    client.post(f"/my/alerts/{mine.pk}/activity/", {"active": "0"})
    assert Alert.objects.get().active is False
    client.post(f"/my/alerts/{mine.pk}/activity/", {"active": "1"})
    assert Alert.objects.get().active is True
    client.post(f"/my/alerts/{mine.pk}/removal/")
    assert Alert.objects.count() == 0


@pytest.mark.parametrize("page", ["", "activity/", "removal/"])
def test_other_peoples_conditions_do_not_exist(client, hanako, page):
    theirs = alert(build.patron(email="taro@example.org"), keyword="ひみつ")
    answer = client.post(f"/my/alerts/{theirs.pk}/{page}") if page else client.get(f"/my/alerts/{theirs.pk}/")
    assert answer.status_code == 404
    assert Alert.objects.get().active is True


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_the_same_queries_for_any_number_of_conditions(client, hanako, django_assert_num_queries, rows):
    for number in range(rows):
        alert(hanako, keyword=f"ことば{number}", library=build.library(), material_type=build.kind())
    client.get("/my/alerts/")
    with django_assert_num_queries(8):
        client.get("/my/alerts/")


def test_page_of_a_condition_lists_what_is_new(client, hanako):
    mine = alert(hanako, keyword="岡山")
    came("岡山の歴史", timezone.localdate())
    page = client.get(f"/my/alerts/{mine.pk}/")
    assert [str(hit) for hit in page.context["hits"]] == ["岡山の歴史"]
    assert "この30日に入った資料：1件" in page.text


def test_reminders_are_chosen(client, hanako):
    assert client.get("/my/reminders/").context["form"].initial == {
        "last_day": True,
        "due_soon": False,
        "overdue": False,
    }
    client.post("/my/reminders/", {"due_soon": "on"})
    chosen = Reminders.objects.get(patron=hanako)
    assert (chosen.last_day, chosen.due_soon, chosen.overdue) == (False, True, False)


def test_one_click_stops_alerts_without_login_and_without_token(hanako):
    alert(hanako, keyword="岡山")
    notice = Notice.objects.create(
        kind=Kind.ARRIVALS, patron=hanako, day=build.TODAY, found=[], created_at=timezone.now()
    )
    program = Client(enforce_csrf_checks=True)
    address = path(unsubscribe_link(hanako, Kind.ARRIVALS))
    assert program.get(address).status_code == 200
    assert Alert.objects.get().active is True  # opening the link changes nothing
    assert program.post(address, ONE_CLICK).status_code == 200
    assert program.post(address, ONE_CLICK).status_code == 200
    notice.refresh_from_db()
    assert (Alert.objects.get().active, notice.state, program.cookies) == (False, "void", {})


@pytest.mark.parametrize("kind", [Kind.LAST_DAY, Kind.DUE_SOON, Kind.OVERDUE])
def test_one_click_stops_one_reminder_and_no_other(hanako, kind):
    Reminders.objects.create(patron=hanako, due_soon=True, overdue=True)
    Client().post(path(unsubscribe_link(hanako, kind)), ONE_CLICK)
    chosen = Reminders.objects.get()
    wanted = {"last_day": chosen.last_day, "due_soon": chosen.due_soon, "overdue": chosen.overdue}
    assert [name for name, is_wanted in wanted.items() if not is_wanted] == [kind]


@pytest.mark.parametrize("kind", [Kind.READY, Kind.ACCOUNT])
def test_link_for_mail_that_cannot_be_stopped_does_nothing(client, hanako, kind):
    assert client.post(path(unsubscribe_link(hanako, kind)), ONE_CLICK).status_code == 404


def test_link_made_up_does_nothing(client, hanako):
    alert(hanako, keyword="岡山")
    forged = path(unsubscribe_link(hanako, Kind.ARRIVALS)).replace(":", ":x", 1)
    assert client.post(forged, ONE_CLICK).status_code == 404
    assert client.post("/mail/stop/rubbish/", ONE_CLICK).status_code == 404
    assert Alert.objects.get().active is True
