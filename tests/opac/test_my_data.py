"""「わたしのデータ」: everything is on the page and in both files, and what may go can be erased."""

import csv
import io
import json
from datetime import date, datetime

import pytest
from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from notifications.models import Alert, Reminders
from opac import privacy_rooms
from opac.pages import my_data
from patrons.models import Challenge, Shelf, ShelfEntry
from patrons.people import look_ups
from patrons.reading import reading_log
from tests import build

pytestmark = pytest.mark.django_db
DATA, ERASURE = "/my/data/", "/my/data/erasure/"


@pytest.fixture
def hanako(client):
    """A patron of whom every room holds something, with signs in it that break careless files."""
    patron = build.patron(address='=cmd|" /C calc"!A0, 岡山市"北区"\n二日市町', email="hanako@example.jp")
    at = build.library()
    build.reservation(build.title('待つ本, "上"'), patron, at)
    build.loan(build.item(build.title("借りた本"), at), patron)
    build.read("読んだ本", patron)
    shelf = Shelf.objects.create(patron=patron, name="秋の本", created_at=build.NOON)
    ShelfEntry.objects.create(shelf=shelf, name="本棚の本", position=1, added_at=build.NOON, note="-1+2")
    challenge = {"name": "冬に五冊", "goal": 5, "first": build.TODAY, "last": build.TODAY}
    Challenge.objects.create(patron=patron, created_at=build.NOON, **challenge)
    Alert.objects.create(patron=patron, keyword="猫", created_at=build.NOON)
    Reminders.objects.create(patron=patron, overdue=True)
    look_ups.record(patron, by=build.staff(username="clerk-with-a-name"), page="admin:desk", now=build.NOON)
    client.post("/login/", {"card_number": patron.card_number, "password": "abcd1234"})
    client.get("/my/")
    return patron


def iso(value: object) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    assert isinstance(value, date)
    return value.isoformat()


def test_every_kind_is_on_the_page_with_its_time(client, hanako):
    page = client.get(DATA)
    held = privacy_rooms.held_about(hanako)
    kept = privacy_rooms.kept()
    assert (set(kept), page.status_code) == (set(held), 200)
    assert [name for name in held if f">{name}</h2>" not in page.text or kept[name] not in page.text] == []
    things = ("待つ本, &quot;上&quot;", "借りた本", "読んだ本", "本棚の本", "冬に五冊", "キーワード：猫")
    assert [thing for thing in things if thing not in page.text] == []


def test_of_the_staff_the_page_tells_role_and_day_only(client, hanako):
    page = client.get(DATA).text
    assert ("カウンターの画面" in page, "clerk-with-a-name" in page) == (True, False)
    assert privacy_rooms.held_about(hanako)["職員が利用者情報を見た記録"] == [
        {"日": build.TODAY, "担当": "管理者", "画面": "カウンターの画面", "回数": 1}
    ]


def test_json_read_again_is_what_is_held(client, hanako):
    answer = client.get("/my/data/json/")
    told = json.loads(answer.content)
    assert told.pop("作成").startswith(f"{timezone.localdate()}")
    held = json.loads(json.dumps(privacy_rooms.held_about(hanako), default=iso))
    assert told == held
    assert set(told) >= {"利用者情報", "予約", "借りている資料", "読書の記録", "My 本棚", "読書チャレンジ"}


def test_csv_read_again_is_what_is_held(client, hanako):
    answer = client.get("/my/data/csv/")
    columns, *lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    held = [
        [name, str(number), term, value]
        for name, rows in privacy_rooms.held_about(hanako).items()
        for number, row in enumerate(rows, 1)
        for term, value in my_data.flat(row)
    ]
    assert columns == ["区分", "番号", "項目", "値"]
    assert [[*line[:3], line[3].removeprefix("'")] for line in lines] == held
    assert next(line[3] for line in lines if line[2] == "住所").startswith("'=cmd")


def test_files_are_downloads_that_name_nobody_and_are_never_stored(client, hanako):
    for ending in ("json", "csv"):
        answer = client.get(f"/my/data/{ending}/")
        assert answer["Content-Disposition"] == f'attachment; filename="mydata-{timezone.localdate():%Y%m%d}.{ending}"'
        assert "no-store" in answer["Cache-Control"]


def test_another_patron_gets_their_own(client, hanako):
    client.force_login(build.patron("倉敷 太郎").user)
    for address in (DATA, "/my/data/json/", "/my/data/csv/"):
        text = client.get(address).content.decode()
        assert (hanako.card_number in text, "読んだ本" in text) == (False, False)


@pytest.mark.parametrize("rows", [1, 30])
def test_page_takes_the_same_queries_for_any_number_of_rows(client, django_assert_num_queries, rows):
    patron, clerk, at = build.patron(), build.staff(), build.library()
    client.force_login(patron.user)
    for number in range(rows):
        build.reservation(build.title(f"本{number}"), patron, at)
        look_ups.record(patron, by=clerk, page="admin:desk", now=build.NOON)
    client.get(DATA)
    with django_assert_num_queries(24):
        page = client.get(DATA).text
    assert ("ほかに10件あります" in page) == (rows == 30)


def test_nothing_is_erased_before_it_is_confirmed(client, hanako):
    keys = list(privacy_rooms.ERASABLE)
    asked = client.get(ERASURE, {"what": "reading_log"}).text
    assert ("読書の記録（1件）" in asked, asked.count("checked")) == (True, 1)
    confirm = client.post(ERASURE, {"what": keys}).text
    counts = {key: one.count(hanako) for key, one in privacy_rooms.ERASABLE.items()}
    assert ("次のデータを消しますか" in confirm, counts) == (True, dict.fromkeys(keys, 1))


def test_what_was_chosen_is_erased_and_the_rest_stays(client, hanako):
    done = client.post(ERASURE, {"what": ["reading_log", "shelves"], "confirmed": "1"}, follow=True)
    assert ("読書の記録を1件消しました。" in done.text, "My 本棚を1件消しました。" in done.text) == (True, True)
    assert {key: one.count(hanako) for key, one in privacy_rooms.ERASABLE.items()} == {
        "reading_log": 0,
        "shelves": 0,
        "challenges": 1,
        "alerts": 1,
    }
    assert reading_log.is_on(hanako)


@pytest.mark.parametrize("what", [[], ["patron"], ["shelves\0"]])
def test_a_wrong_choice_is_told_and_erases_nothing(client, hanako, what):
    answer = client.post(ERASURE, {"what": what, "confirmed": "1"})
    assert (answer.status_code, "選んでください" in answer.text) == (200, True)
    assert {one.count(hanako) for one in privacy_rooms.ERASABLE.values()} == {1}


def test_erasing_again_is_no_error(client, hanako):
    sent = {"what": ["alerts"], "confirmed": "1"}
    client.post(ERASURE, sent)
    again = client.post(ERASURE, sent)
    assert (again.status_code, "もう一度選んでください。" in again.text) == (200, True)


def test_who_has_nothing_to_erase_is_told(client):
    client.force_login(build.patron().user)
    assert "ご自身で消せるデータは、いまはありません" in client.get(ERASURE).text


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "はい"),
        (None, ""),
        ("", ""),
        (date(2026, 11, 24), "2026年11月24日（火）"),
        ([{"状態": "予約中"}], "予約中"),
    ],
)
def test_values_are_written_for_people(value, words):
    assert my_data.words_of(value) == words


def test_no_two_terms_are_said_alike_in_any_language(hanako):
    shapes = {}
    for code, _ in settings.LANGUAGES:
        with override(code):
            held = privacy_rooms.held_about(hanako)
            kept = set(privacy_rooms.kept())
        shapes[code] = ([[len(row) for row in rows] for rows in held.values()], kept == set(held))
    assert shapes == dict.fromkeys(shapes, (shapes["ja"][0], True))


def test_files_are_the_same_in_every_language(client, hanako):
    shelf = f"/my/shelves/{hanako.shelves.get().pk}/file"
    for address in ("/my/data/csv/", f"{shelf}.csv", f"{shelf}.json"):
        japanese, english = client.get(address), client.get(f"/en{address}")
        assert (japanese.status_code, english.content == japanese.content) == (200, True)
