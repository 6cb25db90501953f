"""「読書チャレンジ」 and 「読書通帳」: counted from marks and log, each title once, in books or pages (SPEC M10)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.marc.meaning.extent import pages_in
from catalog.models import MarcRecord
from patrons.models import Challenge, Mark, Shelf
from patrons.privacy import erase, held_about
from patrons.reading import reading_log, shelves
from patrons.reading.challenges import SLOTS, WIDTH, progress
from patrons.reading.read_books import each_once, told
from tests import build
from tests.catalog.marc.records import field, record

pytestmark = pytest.mark.django_db
NOW, TODAY = build.NOON, build.TODAY


@pytest.fixture
def hanako(client):
    patron = build.patron()
    client.force_login(patron.user)
    return patron


@pytest.fixture
def shelf(hanako):
    return Shelf.objects.create(patron=hanako, name="ことし", created_at=NOW)


def challenge(patron, **given) -> Challenge:
    usual = {"name": "秋の読書", "goal": 4, "first": date(2026, 10, 1), "last": date(2026, 12, 31), "created_at": NOW}
    return Challenge.objects.create(patron=patron, **usual | given)


def read(shelf, name, on, pages=None, title=None):
    return shelves.add(shelf, title or build.title(name), now=NOW, mark=Mark.READ, read_on=on, pages=pages)


def of(patron, one, on=TODAY):
    [shown] = progress(patron, [one], on=on)
    return shown


def test_only_what_was_read_in_its_time_counts(hanako, shelf):
    for name, on in (
        ("前", date(2026, 9, 30)),
        ("初日", date(2026, 10, 1)),
        ("終日", date(2026, 12, 31)),
        ("後", date(2027, 1, 1)),
    ):
        read(shelf, name, on)
    shelves.add(shelf, build.title("読みたい"), now=NOW)
    shelves.add(shelf, build.title("日がわからない"), now=NOW, mark=Mark.READ)
    shelves.take_out(read(shelf, "出した", TODAY), now=NOW)
    shown = of(hanako, challenge(hanako))
    assert ([book.name for book in shown.books], shown.done, shown.left, shown.percent) == (
        ["初日", "終日"],
        2,
        2,
        50,
    )


def test_title_counts_once_over_shelves_and_log(hanako, shelf):
    other = Shelf.objects.create(patron=hanako, name="ほか", created_at=NOW)
    title = build.title("猫")
    read(shelf, "", date(2026, 10, 5), title=title)
    read(other, "", date(2026, 11, 5), pages=200, title=title)
    reading_log.answer(hanako, keep=True, on=TODAY)
    reading_log.remember(hanako, title.pk, "猫", on=date(2026, 11, 7))
    borrowed = build.title("犬", creator="岡山 花; 倉敷 次郎")
    reading_log.remember(hanako, borrowed.pk, "犬", on=date(2026, 11, 8))
    said = [(one.name, one.by, one.on.isoformat(), one.pages) for one in of(hanako, challenge(hanako)).books]
    assert said == [("猫", "", "2026-10-05", 200), ("犬", "岡山 花、倉敷 次郎", "2026-11-08", None)]


def test_title_read_again_counts_in_each_challenge(hanako, shelf):
    other = Shelf.objects.create(patron=hanako, name="ほか", created_at=NOW)
    title = build.title("猫")
    read(shelf, "", date(2026, 1, 5), title=title)
    read(other, "", date(2026, 11, 5), title=title)
    spring = challenge(hanako, name="春", first=date(2026, 1, 1), last=date(2026, 3, 31))
    assert [one.done for one in progress(hanako, [spring, challenge(hanako)], on=TODAY)] == [1, 1]


def test_pages_are_counted_and_what_nobody_knows_is_said(client, hanako, shelf):
    read(shelf, "厚い本", TODAY, pages=300)
    read(shelf, "薄い本", TODAY)
    borrowed = build.title("借りた本")
    made = record("0001", field("300", a="150p ;"))
    MarcRecord.objects.create(title=borrowed, number="1", form="iso2709", digest="-", data=made.as_marc(), taken_at=NOW)
    reading_log.answer(hanako, keep=True, on=TODAY)
    reading_log.remember(hanako, borrowed.pk, "借りた本", on=TODAY)
    mine = challenge(hanako, unit=Challenge.Unit.PAGES, goal=1000)
    shown = of(hanako, mine)
    assert (shown.done, shown.left, shown.without_pages) == (450, 550, 1)
    page = client.get(mine.get_absolute_url()).text
    assert "目標 1000ページのうち、450ページ読みました。" in page
    assert "ページ数のわからない本があります。" in page


def test_months_keep_the_rhythm_until_today(hanako, shelf):
    read(shelf, "一", date(2026, 10, 5))
    read(shelf, "二", date(2026, 10, 6))
    shown = of(hanako, challenge(hanako))
    assert [(month.first.month, month.count, month.share) for month in shown.months] == [(10, 2, 100), (11, 0, 0)]
    long = challenge(hanako, name="長い", first=date(2022, 1, 1), last=date(2026, 12, 31))
    assert len(of(hanako, long).months) == 36


@pytest.mark.parametrize("goal", [1, 15, 16, 30, 31, 1_000_000])
@pytest.mark.parametrize("count", [0, 1, 3])
def test_picture_fills_as_the_words_say(hanako, shelf, goal, count):
    for number in range(count):
        read(shelf, f"{number}", TODAY)
    shown = of(hanako, challenge(hanako, goal=goal))
    slots = min(goal, SLOTS)
    assert len(shown.tomes) == slots
    assert sum(tome.cloth > 0 for tome in shown.tomes) == min(slots, count * slots // goal)
    assert all(tome.x + tome.width <= WIDTH and 0 <= tome.y < shown.height for tome in shown.tomes)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "あと 3冊です。ご自分のペースでお楽しみください。"),
        ({"goal": 1}, "目標にとどきました。おめでとうございます。"),
        ({"first": TODAY + timedelta(days=3)}, "2026年11月27日（金）から始まります。"),
        ({"last": TODAY - timedelta(days=1)}, "おつかれさまでした。読んだ本は、みな残っています。"),
    ],
)
def test_words_are_gentle(client, hanako, shelf, given, said, time_machine):
    time_machine.move_to(NOW)
    client.force_login(hanako.user)
    read(shelf, "猫", date(2026, 10, 5))
    mine = challenge(hanako, **given)
    assert said in client.get(mine.get_absolute_url()).text
    assert said in client.get(reverse("patrons:challenges")).text


def test_challenge_is_set_changed_and_deleted(client, hanako):
    given = {"name": "夏の読書", "unit": "books", "goal": "１２", "first": "2026/07/01", "last": "２０２６年８月３１日"}
    assert client.post(reverse("patrons:new_challenge"), given).status_code == 302
    mine = Challenge.objects.get()
    assert (mine.goal, mine.first, mine.last) == (12, date(2026, 7, 1), date(2026, 8, 31))
    assert client.post(reverse("patrons:new_challenge"), given).status_code == 422
    client.post(reverse("patrons:challenge_settings", args=(mine.pk,)), given | {"goal": "5"})
    assert Challenge.objects.get().goal == 5
    assert (
        "読書チャレンジを消しました。"
        in client.post(reverse("patrons:challenge_removal", args=(mine.pk,)), follow=True).text
    )
    assert not Challenge.objects.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "チャレンジの名前"),
        ({"goal": "0"}, "1以上の数を入力してください。"),
        ({"goal": "たくさん"}, "数字で入力してください。"),
        ({"goal": "9" * 40}, "数が大きすぎます。"),
        ({"unit": "kilos"}, "数えるもの"),
        ({"first": "いつか"}, "日付を読み取れませんでした。"),
        ({"last": "2026-06-30"}, "終わりの日は、始まりの日よりあとにしてください。"),
        ({"last": "2036-06-30"}, "期間は3年までにしてください。"),
        ({"last": "2026-02-30"}, "日付を読み取れませんでした。"),
    ],
)
def test_challenge_that_makes_no_sense_is_refused_and_kept(client, hanako, change, said):
    given = {"name": "夏の読書", "unit": "books", "goal": "12", "first": "2026-07-01", "last": "2026-08-31"} | change
    answer = client.post(reverse("patrons:new_challenge"), given)
    assert (answer.status_code, said in answer.text, Challenge.objects.count()) == (422, True, 0)
    assert given["goal"] in answer.text


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_the_same_queries(client, hanako, shelf, django_assert_num_queries, number):
    for name in range(number):
        challenge(hanako, name=str(name))
        read(shelf, str(name), TODAY)
    client.get(reverse("patrons:challenges"))
    with django_assert_num_queries(8):
        client.get(reverse("patrons:challenges"))


def test_passbook_lists_by_day_and_by_year(client, hanako, shelf):
    read(shelf, "二", date(2026, 1, 5), pages=120)
    read(shelf, "一", date(2025, 12, 5))
    address = reverse("patrons:passbook")
    assert [one.name for one in client.get(address).context["page"]] == ["一", "二"]
    assert [one.name for one in client.get(address, {"year": "2025"}).context["page"]] == ["一"]
    for nonsense in ("1999", "x", "²", "9" * 30):
        assert len(client.get(address, {"year": nonsense, "page": nonsense}).context["page"]) == 2


def test_family_members_have_each_their_own(client, hanako, shelf):
    other = build.patron("岡山 太郎")
    theirs = challenge(other, name="太郎のチャレンジ")
    read(shelf, "猫", TODAY)
    assert of(other, theirs).done == 0
    assert "太郎のチャレンジ" not in client.get(reverse("patrons:challenges")).text
    for page in ("challenge", "challenge_settings", "challenge_removal"):
        address = reverse(f"patrons:{page}", args=(theirs.pk,))
        assert {client.get(address).status_code, client.post(address).status_code} <= {404, 405}
    assert Challenge.objects.count() == 1


def test_patron_sees_and_erases_challenges(hanako):
    challenge(hanako)
    assert [row["名前"] for row in held_about(hanako)["読書チャレンジ"]] == ["秋の読書"]
    erase(hanako)
    assert not Challenge.objects.exists()


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("a_challenge_has_a_name", {"name": ""}),
        ("challenge_unit_is_known", {"unit": "kilos"}),
        ("a_challenge_has_a_goal", {"goal": 0}),
        ("a_challenge_has_a_goal", {"goal": 1_000_001}),
        ("a_challenge_ends_after_it_begins", {"last": date(2026, 9, 30)}),
    ],
)
def test_database_refuses_what_cannot_be(hanako, constraint, change):
    challenge(hanako)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Challenge.objects.update(**change)
    with pytest.raises(IntegrityError, match="a_patron_sets_a_challenge_once"), transaction.atomic():
        challenge(hanako)


def test_nothing_read_is_nothing_said(client, hanako):
    assert (told(hanako), each_once([])) == ([], [])
    assert "記録はまだありません" in client.get(reverse("patrons:passbook")).text
    assert "チャレンジはまだありません" in client.get(reverse("patrons:challenges")).text
    first = client.get(reverse("patrons:new_challenge")).context["form"].initial
    assert (first["first"], first["last"]) == (timezone.localdate(), timezone.localdate().replace(month=12, day=31))


@pytest.mark.parametrize(
    ("extent", "pages"),
    [
        ("345p ;", 345),
        ("８，２４５ｐ", 253),
        ("xii, 345 p. :", 345),
        ("285ページ", 285),
        ("[32]p", 32),
        ("120, 30頁", 150),
        ("245 pages", 245),
        ("2冊", None),
        ("1冊（ページ付なし）", None),
        ("録音ディスク 1枚 (60分) : デジタル", None),
        ("DVDビデオディスク 1枚 ; 12cm", None),
        ("99999999p", None),
        ("0p", None),
        ("", None),
    ],
)
def test_pages_are_read_from_an_extent(extent, pages):
    assert pages_in(extent) == pages


@pytest.mark.parametrize(("unit", "asked"), [("books", False), ("pages", True)])
def test_records_are_read_for_pages_alone(hanako, unit, asked):
    """A log may be long, and a record is read to its end to know its pages."""
    reading_log.answer(hanako, keep=True, on=TODAY)
    with transaction.atomic():
        reading_log.remember(hanako, build.title("猫").pk, "猫", on=TODAY)
    with CaptureQueriesContext(connection) as queries:
        assert len(of(hanako, challenge(hanako, unit=unit)).books) == 1
    assert any("catalog_marcrecord" in query["sql"] for query in queries) is asked
