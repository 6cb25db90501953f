"""CSV in and out: every line answers for itself, twice is once, nothing written in a dry run."""

from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from catalog.models import Item
from catalog.spreadsheets.cells import plain
from catalog.spreadsheets.files import FileError
from catalog.spreadsheets.items import ItemImporter
from catalog.spreadsheets.rows import CREATED, UNCHANGED, UPDATED, WRONG, csv_file, run
from patrons.models import Patron
from patrons.people.spreadsheet import PatronImporter
from tests import build

pytestmark = pytest.mark.django_db

ITEMS = """資料番号,書誌番号,ISBN,所蔵館,配架場所,請求記号,貸出,受入日
910000001,JP1,,中央図書館,2階,913.6/ナ,可,2026-04-01
910000002,,978-4-00-310101-1,中央図書館,,913.6/ナ,不可,2026/4/1
910000003,JP9,,中央図書館,,,,
910000004,JP1,,見知らぬ館,,,,
910000005,JP1,,中央図書館,,,たぶん,
910000006,JP1,,中央図書館,,,,2026-13-01
だめ,JP1,,中央図書館,,,,
,JP1,,中央図書館,,,,
"""
PATRONS = """カード番号,氏名,フリガナ,生年月日,電話番号,受取館,連絡方法
０１２３－４５６７,髙橋 花子,タカハシ ハナコ,2020-09-10,086-000-0000,中央図書館,電話
12,みじかい 番号,,1990-01-01,,,
00000009,日なし,,,,,
00000010,方法なし,,1990-01-01,,,伝書鳩
"""


@pytest.fixture
def house():
    build.title("草枕", control_number="JP1")
    build.title("こころ", isbn="9784003101011")
    return build.library("中央図書館")


def did(data: bytes | str, importer, *, dry_run: bool = False) -> list[str]:
    data = data.encode() if isinstance(data, str) else data
    return [line.did for line in run(data, importer(), dry_run=dry_run)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_good_lines_are_written_and_bad_ones_say_why(house, encoding):
    lines = list(run(ITEMS.encode(encoding), ItemImporter(), dry_run=False))
    assert [line.did for line in lines] == [CREATED] * 2 + [WRONG] * 6
    assert [line.number for line in lines] == list(range(2, 10))
    assert [line.problem for line in lines[2:6]] == [
        "書誌が見つかりません。",
        "所蔵館「見知らぬ館」は登録されていません。",
        "貸出は「可」か「不可」です（たぶん）。",
        "受入日は「2026-11-24」の形で入れてください（2026-13-01）。",
    ]
    first, second = Item.objects.order_by("barcode")
    assert (first.home_library, first.location, first.status, second.lendable) == (house, "2階", "available", False)


@pytest.mark.parametrize("isbn", ["4-10-133575-3", "４１０１３３５７５３", "978-4-10-133575-9", "ISBN 9784101335759"])
def test_a_copy_is_hung_on_its_title_by_isbn_however_it_is_written(house, isbn):
    build.title("虚空の冠", isbn="9784101335759")
    assert did(f"資料番号,ISBN,所蔵館\n910000001,{isbn},中央図書館\n", ItemImporter) == [CREATED]
    assert Item.objects.get().title.title == "虚空の冠"


def test_a_dry_run_writes_nothing_and_twice_is_once(house):
    assert did(ITEMS, ItemImporter, dry_run=True)[:2] == [CREATED, CREATED]
    assert Item.objects.count() == 0
    did(ITEMS, ItemImporter)
    assert (did(ITEMS, ItemImporter)[:2], Item.objects.count()) == ([UNCHANGED, UNCHANGED], 2)
    assert did(ITEMS.replace("2階", "書庫"), ItemImporter)[:2] == [UPDATED, UNCHANGED]


def test_a_file_never_moves_a_copy_or_hangs_it_elsewhere(house):
    did(ITEMS, ItemImporter)
    Item.objects.update(status="missing", library=build.library("幸町図書館"))
    moved = ITEMS.replace("910000001,JP1,,", "910000001,,9784003101011,").replace("2階", "書庫")
    assert did(moved, ItemImporter)[0] == WRONG
    did(ITEMS.replace("2階", "書庫"), ItemImporter)
    item = Item.objects.get(barcode="910000001")
    assert (item.status, item.library.short_name, item.location) == ("missing", "幸町図書館", "書庫")


def test_patrons_come_in_with_the_initial_password_and_no_address(house):
    lines = list(run(PATRONS.encode(), PatronImporter(), dry_run=False))
    assert [line.did for line in lines] == [CREATED, WRONG, WRONG, WRONG]
    patron = Patron.objects.get()
    assert (patron.card_number, patron.name, patron.pickup_library) == ("01234567", "髙橋 花子", house)
    assert (patron.initial_password, patron.own_password_set_at, patron.email) == ("45670910", None, "")
    assert (patron.user.username, patron.user.has_usable_password()) == ("01234567", False)
    assert did(PATRONS, PatronImporter)[0] == UNCHANGED


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe\x00\x01\x00", b"a,b\n1,2\n", b"", '資料番号,"所蔵館\n1,2'.encode(), b"\x00" * 50, b"0" * 20_000_001],
)
def test_a_file_that_cannot_be_read_says_so(house, data):
    with pytest.raises(FileError):
        list(run(data, ItemImporter(), dry_run=False))


@pytest.mark.parametrize("cell", ["=1+1", "+81", "-5", "@SUM(A1)", "普通", "'引用"])
def test_formulas_are_harmless_and_come_back_as_they_were(cell):
    written = csv_file(("値",), [(cell,)]).decode("utf-8-sig").splitlines()[1]
    assert written.strip('"')[0] not in "=+-@"
    assert plain(written.strip('"')) == cell


def test_the_command_reports_and_exits_with_an_error_for_wrong_lines(house, tmp_path):
    source, report, told = tmp_path / "items.csv", tmp_path / "report.csv", StringIO()
    source.write_text(ITEMS)
    with pytest.raises(CommandError, match="6 lines"):
        call_command("import_items", source, report=report, stdout=told)
    assert "登録 2、誤り 6" in told.getvalue()
    assert report.read_text(encoding="utf-8-sig").splitlines()[3] == "4,910000003,誤り,書誌が見つかりません。"


def test_staff_check_a_file_first_and_then_write_it(house):
    client = Client()
    client.force_login(build.staff(library=house))

    def upload(**more) -> str:
        file = SimpleUploadedFile("items.csv", ITEMS.encode("cp932"))
        return client.post("/admin/catalog/item/csv/", {"file": file} | more).content.decode()

    assert ("何も書き込んでいません" in upload(), Item.objects.count()) == (True, 0)
    assert ("書き込みました" in upload(write="on"), Item.objects.count()) == (True, 2)
    exported = client.post(
        "/admin/catalog/item/", {"action": "write_csv", "_selected_action": [item.pk for item in Item.objects.all()]}
    )
    again = did(exported.content, ItemImporter)
    assert again == [UNCHANGED, UNCHANGED]


def test_who_may_not_change_copies_may_not_upload(house):
    client = Client()
    client.force_login(build.staff("counter3", is_superuser=False))
    assert client.get("/admin/catalog/item/csv/").status_code == 403
