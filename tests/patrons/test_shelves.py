"""「My 本棚」: put on, mark, order, move, take out and put back; constraints, pages, files (SPEC M9)."""

import csv
import io
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from catalog.models import MarcRecord
from patrons.models import Mark, Shelf, ShelfEntry
from patrons.privacy import erase, held_about, purge
from patrons.reading import shelves
from patrons.views.shelves import PAGE_SIZE
from tests import build
from tests.catalog.marc.records import field, record
from tests.sure import sure

pytestmark = pytest.mark.django_db
NOW = build.NOON


@pytest.fixture
def hanako(client):
    patron = build.patron()
    client.force_login(patron.user)
    return patron


def shelf_of(patron, name="冬に読む本") -> Shelf:
    return Shelf.objects.create(patron=patron, name=name, created_at=NOW)


def put(shelf, *names, **said) -> list[ShelfEntry]:
    return [shelves.add(shelf, build.title(name), now=NOW, **said) for name in names]


def order(shelf) -> list[str]:
    return [str(entry) for entry in shelf.entries.standing()]


def post(client, page, row, **data):
    return client.post(reverse(f"patrons:{page}", args=(row.pk,)), data, follow=True)


def test_first_title_makes_the_first_shelf(client, hanako):
    title = build.title("銀河鉄道の夜")
    address = reverse("patrons:shelf_addition")
    assert client.get(address, {"title": title.pk}).status_code == 200
    answer = client.post(address, {"title": title.pk, "mark": "want"}, follow=True)
    entry = ShelfEntry.objects.get()
    assert (str(entry), entry.shelf.name, entry.mark, entry.position) == ("銀河鉄道の夜", "わたしの本棚", "want", 1)
    assert "「銀河鉄道の夜」を本棚「わたしの本棚」に入れました。" in answer.text


def test_title_stands_once_on_a_shelf_and_may_stand_on_two(client, hanako):
    one, other = shelf_of(hanako), shelf_of(hanako, "雨の日に")
    title = build.title("銀河鉄道の夜")
    for shelf in (one, other):
        shelves.add(shelf, title, now=NOW)
    answer = client.post(
        reverse("patrons:shelf_addition"), {"title": title.pk, "mark": "want", "shelf": one.pk}, follow=True
    )
    assert "「銀河鉄道の夜」は、もう本棚「冬に読む本」にあります。" in answer.text
    assert ShelfEntry.objects.count() == 2


@pytest.mark.parametrize(
    "typed",
    ["9784003101018", "978-4-00-310101-8", "４－００－３１０１０１－４", " ISBN:4 00 310101 4 ", "4-00-310101-8"],
)
def test_isbn_is_understood_however_it_is_typed(client, hanako, typed):
    build.title("吾輩は猫である", isbn="9784003101018")
    shelf = shelf_of(hanako)
    post(client, "shelf_isbn", shelf, isbn=typed)
    assert order(shelf) == ["吾輩は猫である"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("9784003101018", "この番号の資料は、図書館の目録に見つかりませんでした。"),
        ("9784003101019", "ISBNを読み取れませんでした。"),
        ("", "ISBNを読み取れませんでした。"),
        ("猫" * 500, "ISBNを読み取れませんでした。"),
    ],
)
def test_isbn_that_is_none_or_not_here_is_kept_and_answered_kindly(client, hanako, typed, said):
    shelf = shelf_of(hanako)
    answer = post(client, "shelf_isbn", shelf, isbn=typed)
    assert (answer.status_code, said in answer.text, f'value="{typed}"' in answer.text) == (422, True, True)
    assert "図書館にない本を書き入れる" in answer.text


def test_book_the_library_does_not_have_is_written_down(client, hanako):
    shelf = shelf_of(hanako)
    given = {
        "name": "祖母の日記",
        "creator": "岡山 花",
        "mark": "read",
        "read_on": "2026年11月3日",
        "pages": "１２０",
        "shelf": shelf.pk,
    }
    client.post(reverse("patrons:shelf_addition"), given)
    entry = ShelfEntry.objects.get()
    assert (str(entry), entry.by, sure(entry.read_on).isoformat(), entry.pages) == (
        "祖母の日記",
        "岡山 花",
        "2026-11-03",
        120,
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"mark": "read", "read_on": "きのう"}, "日付を読み取れませんでした。"),
        ({"mark": "read", "read_on": "2099-01-01"}, "読んだ日は、今日までの日にしてください。"),
        ({"mark": "lost"}, "しるし"),
        ({"mark": "want", "pages": "たくさん"}, "数字で入力してください。"),
        ({"mark": "want", "pages": "0"}, "1以上の数を入力してください。"),
        ({"mark": "want", "pages": "9" * 30}, "数が大きすぎます。"),
        ({"mark": "want", "note": "あ" * 1001}, "1000 文字以下"),
        ({"mark": "want", "shelf": "999999999"}, "本棚"),
        ({"mark": "want", "place": "-3"}, "1以上の数を入力してください。"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words_and_kept(client, hanako, given, said):
    [entry] = put(shelf_of(hanako), "猫")
    answer = post(client, "shelf_entry", entry, **{"shelf": entry.shelf_id, "note": "たいせつなメモ"} | given)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert given.get("note", "たいせつなメモ") in answer.text
    entry.refresh_from_db()
    assert (entry.mark, entry.note) == ("want", "")


def test_marks_note_pages_shelf_and_place_are_changed(client, hanako):
    shelf, other = shelf_of(hanako), shelf_of(hanako, "雨の日に")
    entries = put(shelf, "一", "二", "三")
    given = {
        "mark": "read",
        "read_on": "2026-11-01",
        "pages": "300",
        "note": "よかった",
        "shelf": shelf.pk,
        "place": "１",
    }
    post(client, "shelf_entry", entries[2], **given)
    assert order(shelf) == ["三", "一", "二"]
    post(client, "shelf_entry", entries[2], **given | {"shelf": other.pk, "place": ""})
    assert (order(shelf), order(other)) == (["一", "二"], ["三"])
    moved = ShelfEntry.objects.get(pk=entries[2].pk)
    assert (moved.mark, sure(moved.read_on).isoformat(), moved.pages, moved.note) == (
        "read",
        "2026-11-01",
        300,
        "よかった",
    )


def test_title_that_stands_on_the_other_shelf_does_not_move_there(client, hanako):
    shelf, other = shelf_of(hanako), shelf_of(hanako, "雨の日に")
    title = build.title("猫")
    entry = shelves.add(shelf, title, now=NOW)
    shelves.add(other, title, now=NOW)
    answer = post(client, "shelf_entry", entry, mark="want", shelf=other.pk)
    assert "「猫」は、もう本棚「雨の日に」にあります。" in answer.text
    assert (order(shelf), order(other)) == (["猫"], ["猫"])


def test_one_press_says_read_today_and_forgets_the_day_again(client, hanako):
    [entry] = put(shelf_of(hanako), "猫")
    post(client, "shelf_mark", entry, mark="read")
    entry.refresh_from_db()
    assert (entry.mark, entry.read_on) == ("read", timezone.localdate())
    post(client, "shelf_mark", entry, mark="reading")
    entry.refresh_from_db()
    assert (entry.mark, entry.read_on) == ("reading", None)
    post(client, "shelf_mark", entry, mark="nonsense")
    entry.refresh_from_db()
    assert entry.mark == "reading"


@pytest.mark.parametrize(
    ("which", "steps", "result"),
    [
        (0, 1, "bacde"),
        (4, -1, "abced"),
        (0, 3, "bcdae"),
        (3, -2, "adbce"),
        (4, -99, "eabcd"),
        (0, 99, "bcdea"),
        (0, -1, "abcde"),
        (4, 1, "abcde"),
        (2, 0, "abcde"),
    ],
)
def test_order_is_by_hand(hanako, which, steps, result):
    shelf = shelf_of(hanako)
    entries = put(shelf, *"abcde")
    shelves.move(entries[which], steps=steps)
    assert "".join(order(shelf)) == result


def test_order_passes_over_what_was_taken_out(client, hanako):
    shelf = shelf_of(hanako)
    entries = put(shelf, *"abcd")
    shelves.take_out(entries[1], now=NOW)
    shelves.move(entries[2], steps=-1)
    assert order(shelf) == ["c", "a", "d"]
    shelves.put_back(entries[1])
    assert sorted(order(shelf)) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("number", ["0", "-1", "²", "x", "9" * 15, "9" * 20, "9" * 5000])
def test_a_title_that_is_none_is_not_found(client, hanako, number):
    client.force_login(hanako.user)
    for ask in (client.get, client.post):
        assert ask(reverse("patrons:shelf_addition"), {"title": number}).status_code == 404


@pytest.mark.parametrize("steps", ["", "x", "--1", "1.5", "²", "９", "9" * 20, "9" * 5000, "----5", "-"])
def test_steps_that_are_no_number_move_nothing_or_as_far_as_there_is(client, hanako, steps):
    shelf = shelf_of(hanako)
    first, _ = put(shelf, "a", "b")
    assert post(client, "shelf_position", first, steps=steps).status_code == 200
    assert sorted(order(shelf)) == ["a", "b"]


def test_taken_out_title_is_put_back_where_it_stood(client, hanako):
    shelf = shelf_of(hanako)
    entries = put(shelf, *"abc")
    answer = post(client, "shelf_taking", entries[1])
    assert "「b」は、10分のあいだ、もとに戻せます。" in answer.text
    assert order(shelf) == ["a", "c"]
    assert "「b」を本棚に戻しました。" in post(client, "shelf_return", entries[1]).text
    assert order(shelf) == ["a", "b", "c"]


def test_taken_out_title_that_was_put_on_anew_stays_out(client, hanako):
    shelf = shelf_of(hanako)
    [entry] = put(shelf, "猫")
    post(client, "shelf_taking", entry)
    shelves.add(shelf, entry.title, now=NOW)
    assert "もう本棚「冬に読む本」にあります。" in post(client, "shelf_return", entry).text
    assert order(shelf) == ["猫"]


def test_what_was_taken_out_is_forgotten_by_the_next_and_by_purge(hanako):
    shelf = shelf_of(hanako)
    entries = put(shelf, *"abc")
    shelves.take_out(entries[0], now=NOW - timedelta(days=2))
    shelves.take_out(entries[1], now=NOW)
    assert set(shelf.entries.values_list("name", flat=True)) == {"b", "c"}
    assert sum(purge(on=build.TODAY).values()) == 0
    assert sum(purge(on=build.TODAY + timedelta(days=2)).values()) == 1
    assert order(shelf) == ["c"]


def test_shelf_with_titles_goes_only_when_that_was_meant(client, hanako):
    shelf = shelf_of(hanako)
    put(shelf, "猫")
    assert "確認の欄に印をつけてください" in post(client, "shelf_removal", shelf).text
    assert "本棚を片づけました。" in post(client, "shelf_removal", shelf, sure="1").text
    assert (Shelf.objects.count(), ShelfEntry.objects.count()) == (0, 0)


def test_shelf_names_are_the_patrons_own_and_differ(client, hanako):
    shelf, other = shelf_of(hanako), shelf_of(build.patron("倉敷 太郎"), "ひみつ")
    assert "同じ名前の本棚があります。" in client.post(reverse("patrons:shelves"), {"name": " 冬に読む本 "}).text
    assert client.post(reverse("patrons:shelves"), {"name": "ひみつ"}).status_code == 302
    assert "同じ名前の本棚があります。" in post(client, "shelf_settings", shelf, name="ひみつ").text
    post(client, "shelf_settings", shelf, name="雨の日に")
    assert sorted(hanako.shelves.values_list("name", flat=True)) == ["ひみつ", "雨の日に"]
    assert client.post(reverse("patrons:shelves"), {"name": "   "}).status_code == 422
    assert other.name == "ひみつ"


def test_numbers_of_shelves_and_titles_are_bounded(client, hanako, monkeypatch):
    shelf = shelf_of(hanako)
    Shelf.objects.bulk_create(
        Shelf(patron=hanako, name=f"{n}", created_at=NOW) for n in range(shelves.MOST_SHELVES - 1)
    )
    assert "本棚の数がいっぱいです。" in client.post(reverse("patrons:shelves"), {"name": "もう一つ"}).text
    monkeypatch.setattr(shelves, "MOST_TITLES", 1)
    put(shelf, "一")
    given = {"title": build.title("二").pk, "mark": "want", "shelf": shelf.pk}
    answer = client.post(reverse("patrons:shelf_addition"), given, follow=True)
    assert ("はいっぱいです。" in answer.text, order(shelf)) == (True, ["一"])


def test_title_the_library_gave_up_keeps_its_words(client, hanako):
    shelf = shelf_of(hanako)
    entry = shelves.add(shelf, build.title("絶版の本", creator="岡山 花; 倉敷 次郎"), now=NOW, note="また読みたい")
    sure(entry.title).delete()
    page = client.get(shelf.get_absolute_url()).text
    assert (
        "絶版の本" in page,
        "岡山 花、倉敷 次郎" in page,
        "図書館の目録にはない本です。" in page,
        "また読みたい" in page,
    ) == (True,) * 4
    assert client.get(reverse("patrons:shelf_entry", args=(entry.pk,))).status_code == 200


def test_pages_come_from_the_record(hanako):
    title = build.title("吾輩は猫である")
    made = record("0001", field("300", a="8, 512p ;", c="15cm"))
    MarcRecord.objects.create(title=title, number="0001", form="iso2709", digest="-", data=made.as_marc(), taken_at=NOW)
    assert shelves.add(shelf_of(hanako), title, now=NOW).pages == 520
    assert shelves.add(shelf_of(hanako, "雨の日に"), title, now=NOW, pages=500).pages == 500


def test_what_is_in_stock_is_shown_and_sent_to_the_basket(client, hanako):
    shelf, at = shelf_of(hanako), build.library()
    entries = put(shelf, "ある本", "ない本", "もう読んだ本")
    shelves.mark(entries[2], Mark.READ)
    for entry in (entries[0], entries[2]):
        build.item(sure(entry.title), at)
    page = client.get(shelf.get_absolute_url()).text
    assert [f'value="{entry.title_id}" id="title-{entry.title_id}"' in page for entry in entries] == [True, False, True]
    chosen = [entry.title_id for entry in entries]
    answer = client.post(reverse("reservations:basket_entries"), {"title": [*chosen, 0, "x"]}, follow=True)
    assert "3点を予約かごに入れました。" in answer.text
    assert list(hanako.basket.values_list("title_id", flat=True)) == chosen


@pytest.mark.parametrize("rows", [1, 3, PAGE_SIZE + 5])
def test_shelf_takes_the_same_queries_for_any_number_of_titles(client, hanako, django_assert_num_queries, rows):
    shelf, at = shelf_of(hanako), build.library()
    for number, entry in enumerate(put(shelf, *map(str, range(rows)))):
        build.item(sure(entry.title), at)
        shelves.mark(entry, Mark.READ if number % 2 else Mark.WANT)
    client.get(shelf.get_absolute_url())
    with django_assert_num_queries(12):
        client.get(shelf.get_absolute_url())


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_shelves_takes_the_same_queries(client, hanako, django_assert_num_queries, number):
    for name in range(number):
        put(shelf_of(hanako, str(name)), "猫")
    client.get(reverse("patrons:shelves"))
    with django_assert_num_queries(6):
        client.get(reverse("patrons:shelves"))


def test_two_thousand_titles_page_well(client, hanako, django_assert_num_queries):
    shelf = shelf_of(hanako)
    title = build.title()
    entries = (ShelfEntry(shelf=shelf, name=f"本{n}", position=n, added_at=NOW) for n in range(1, 2001))
    ShelfEntry.objects.bulk_create(entries)
    last = shelves.add(shelf, title, now=NOW)
    client.get(shelf.get_absolute_url())
    with django_assert_num_queries(10):
        page = client.get(shelf.get_absolute_url(), {"page": 60})
    assert (len(page.context["rows"]), len(page.content) < 120_000) == (PAGE_SIZE, True)
    assert client.get(shelf.get_absolute_url(), {"page": "nonsense"}).status_code == 200
    answer = post(client, "shelf_entry", last, mark="want", shelf=shelf.pk, place="1")
    assert (answer.redirect_chain[0][0], order(shelf)[:2]) == (shelf.get_absolute_url(), [str(title), "本1"])
    assert len(json.loads(client.get(reverse("patrons:shelf_file", args=(shelf.pk, "json"))).content)["資料"]) == 2001


def test_files_are_read_again_as_they_were(client, hanako):
    shelf = shelf_of(hanako)
    put(shelf, "普通の本", note='改行\nと,"引用"', mark="read", read_on=build.TODAY)
    put(shelf, '=HYPERLINK("http://example.jp")', note="+1")
    answer = client.get(reverse("patrons:shelf_file", args=(shelf.pk, "csv")))
    assert (answer.content[:3], answer["Content-Disposition"]) == (
        b"\xef\xbb\xbf",
        f'attachment; filename="hondana-{shelf.pk}.csv"',
    )
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [(row["順番"], row["書名"], row["しるし"], row["読んだ日"], row["メモ"]) for row in rows] == [
        ("1", "普通の本", "読んだ", "2026-11-24", '改行\nと,"引用"'),
        ("2", '\'=HYPERLINK("http://example.jp")', "読みたい", "", "'+1"),
    ]
    told = json.loads(client.get(reverse("patrons:shelf_file", args=(shelf.pk, "json"))).content)
    assert [(row["書名"], row["メモ"]) for row in told["資料"]] == [
        ("普通の本", '改行\nと,"引用"'),
        ('=HYPERLINK("http://example.jp")', "+1"),
    ]
    assert client.get(reverse("patrons:shelf_file", args=(shelf.pk, "exe"))).status_code == 404


def test_other_patrons_shelves_are_not_there(client, hanako):
    theirs = shelf_of(build.patron("倉敷 太郎"), "ひみつ")
    [entry] = put(theirs, "猫")
    mine = put(shelf_of(hanako), "犬")[0]
    for name in ("shelf_mark", "shelf_position", "shelf_taking", "shelf_return", "shelf_entry"):
        assert post(client, name, entry, mark="read", steps="1").status_code == 404
    assert post(client, "shelf_entry", mine, mark="want", shelf=theirs.pk).status_code == 422
    assert post(client, "shelf_isbn", theirs, isbn="1").status_code == 404
    given = {"title": build.title().pk, "mark": "want", "shelf": theirs.pk}
    assert client.post(reverse("patrons:shelf_addition"), given).status_code == 422
    assert order(theirs) == ["猫"]


@pytest.mark.parametrize("number", ["0", "x", "99999999999999999999", "²"])
def test_title_that_does_not_exist_is_not_there(client, hanako, number):
    assert client.get(reverse("patrons:shelf_addition"), {"title": number}).status_code == 404


BROKEN = [
    ("shelf_mark_is_known", {"mark": "lost"}),
    ("only_what_was_read_has_a_reading_day", {"read_on": build.TODAY}),
    ("shelf_pages_are_believable", {"pages": 0}),
    ("shelf_pages_are_believable", {"pages": 20_001}),
    ("a_shelf_entry_says_what_it_is", {"name": ""}),
]


@pytest.mark.parametrize(("constraint", "change"), BROKEN)
def test_database_refuses_what_cannot_be(hanako, constraint, change):
    put(shelf_of(hanako), "猫")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ShelfEntry.objects.update(**change)


def _stand_at(entry, position):
    ShelfEntry.objects.filter(pk=entry.pk).update(position=position)
    connection.check_constraints()


def test_database_keeps_titles_places_and_names_apart(hanako):
    shelf = shelf_of(hanako)
    one, other = put(shelf, "一", "二")
    with pytest.raises(IntegrityError, match="a_title_is_once_on_a_shelf"), transaction.atomic():
        ShelfEntry.objects.filter(pk=other.pk).update(title=one.title)
    with pytest.raises(IntegrityError, match="one_entry_per_place_on_a_shelf"), transaction.atomic():
        _stand_at(other, one.position)
    with pytest.raises(IntegrityError, match="a_patron_has_a_shelf_name_once"), transaction.atomic():
        shelf_of(hanako, shelf.name)
    with pytest.raises(IntegrityError, match="a_shelf_has_a_name"), transaction.atomic():
        shelf_of(hanako, "")


def test_patron_sees_and_erases_everything(hanako):
    shelf = shelf_of(hanako)
    entries = put(shelf, "猫", "犬", note="わたしのメモ")
    shelves.take_out(entries[1], now=NOW)
    held = held_about(hanako)["My 本棚"]
    assert [(row["本棚"], row["資料"], row["メモ"], row["取り出し"]) for row in held] == [
        ("冬に読む本", "猫", "わたしのメモ", None),
        ("冬に読む本", "犬", "わたしのメモ", NOW),
    ]
    erase(hanako)
    assert (Shelf.objects.count(), ShelfEntry.objects.count()) == (0, 0)


def test_touch_panel_has_no_shelves_and_a_terminal_no_files():
    from opac.faces.face import TERMINAL, TOUCH, WEB

    pages = (
        "patrons:shelves",
        "patrons:shelf_addition",
        "patrons:challenges",
        "patrons:passbook",
        "patrons:shelf_file",
    )
    assert [[face.offers(page) for page in pages] for face in (WEB, TERMINAL, TOUCH)] == [
        [True] * 5,
        [True, True, True, False, False],
        [False] * 5,
    ]


def test_catalogue_leads_to_the_shelf_without_a_cookie(client):
    title = build.title("猫")
    answer = client.get(title.get_absolute_url())
    assert f'href="/my/shelves/addition/?title={title.pk}"' in answer.text
    assert not answer.cookies
    assert client.get(f"/my/shelves/addition/?title={title.pk}").url.startswith(
        "/login/?next=/my/shelves/addition/%3Ftitle%3D"
    )


@pytest.mark.django_db(transaction=True)
def test_many_hands_at_once_lose_and_double_nothing():
    """Phones of a family on one card: adding, moving and taking out at the same moment."""
    shelf = shelf_of(build.patron())
    entries, same = put(shelf, *"abcd"), build.title("同じ本")
    fresh = [build.title(f"新しい本{number}") for number in range(4)]
    titles = (*fresh, same, same, same)
    acts: list[Callable[[], object]] = [partial(shelves.add, shelf, title, now=NOW) for title in titles]
    acts += [partial(shelves.move, entry, steps=steps) for entry, steps in zip(entries, (3, -2, 1, -3), strict=True)]
    acts += [partial(shelves.take_out, entries[1], now=NOW), partial(shelves.put_back, entries[1])]
    with ThreadPoolExecutor(8) as hands:
        done = list(hands.map(_at_once, acts))
    shelves.put_back(entries[1])
    assert sorted(order(shelf)) == sorted([*"abcd", *map(str, fresh), "同じ本"])
    assert done.count("there") == 2


def _at_once(act) -> str:
    try:
        act()
    except shelves.AlreadyThereError:
        return "there"
    finally:
        connection.close()
    return "done"
