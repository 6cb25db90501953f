"""What spreadsheets do to lists of copies: columns that are missing, numbers bent, days, files that break off."""

import io
from datetime import date, datetime
from io import StringIO

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from catalog.models import Item
from catalog.spreadsheets.cells import RowError, read_day
from catalog.spreadsheets.files import FileError
from catalog.spreadsheets.items import ItemImporter
from catalog.spreadsheets.rows import CREATED, UNCHANGED, UPDATED, WRONG, Line, run
from tests import build

pytestmark = pytest.mark.django_db

HEAD = "資料番号,書誌番号,所蔵館\n"
FULL = "資料番号,書誌番号,所蔵館,配架場所,請求記号,貸出\n990000001,JP1,中央図書館,参考,R291/ミ,不可\n"


@pytest.fixture
def house():
    build.title("草枕", control_number="JP1")
    return build.library("中央図書館")


def lines(data: str | bytes, **wishes) -> list[Line]:
    data = data.encode() if isinstance(data, str) else data
    return list(run(data, ItemImporter(), **({"dry_run": False} | wishes)))


def did(data: str | bytes, **wishes) -> list[str]:
    return [line.did for line in lines(data, **wishes)]


def test_a_column_that_is_not_there_is_left(house):
    did(FULL)
    assert did("資料番号,所蔵館,配架場所\n990000001,中央図書館,書庫\n") == [UPDATED]
    item = Item.objects.get()
    assert (item.location, item.call_number, item.lendable) == ("書庫", "R291/ミ", False)


@pytest.mark.parametrize(("erase", "left"), [(False, ("参考", "R291/ミ")), (True, ("", ""))])
def test_an_empty_cell_empties_only_where_that_was_asked_and_never_makes_a_copy_lendable(house, erase, left):
    did(FULL)
    did("資料番号,所蔵館,配架場所,請求記号,貸出\n990000001,中央図書館,,,\n", empty_cells_erase=erase)
    item = Item.objects.get()
    assert ((item.location, item.call_number), item.lendable) == (left, False)


def test_columns_nobody_knows_stop_the_file_unless_they_are_named(house):
    file = "資料番号,書誌番号,所蔵館,状態,備考\n990000001,JP1,中央図書館,貸出中,\n"
    with pytest.raises(FileError, match="状態、備考。取り込める列は、資料番号、"):
        lines(file)
    assert Item.objects.count() == 0
    assert did(file, ignore=("状態", "備考")) == [CREATED]
    with pytest.raises(FileError, match="同じ名前"):
        lines("資料番号,所蔵館,所蔵館\n1,2,3\n")


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize("second", ["990000001", "９９０００００１", "0990000001"])
def test_two_lines_with_one_number_are_never_one_copy(house, dry_run, second):
    second = "990000001" if second.startswith("９") else second
    found = lines(f"{HEAD}990000001,JP1,中央図書館\n{second},JP1,中央図書館\n", dry_run=dry_run)
    assert [line.did for line in found] == [CREATED, WRONG]
    assert "2行" in found[1].problem or "先頭の0" in found[1].problem


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("９９０００８２", "9900082"),
        ("9900-083", "9900083"),
        ("*9900084*", "9900084"),
        ("a9900085a", "9900085"),
        ("ab12", "AB12"),
        ('"=""009900086"""', "009900086"),
    ],
)
def test_a_number_is_read_as_scanners_read_it(house, typed, read):
    assert did(f"{HEAD}{typed},JP1,中央図書館\n") == [CREATED]
    assert Item.objects.get().barcode == read


@pytest.mark.parametrize(
    ("typed", "why"),
    [("9900081", "先頭の0が違う009900081"), ("9.9E+06", "表計算ソフト"), ("9900081.0", "小数"), ("あ", "数字と英字")],
)
def test_a_number_that_a_spreadsheet_has_bent_is_no_second_copy(house, typed, why):
    did(f"{HEAD}009900081,JP1,中央図書館\n")
    (line,) = lines(f"{HEAD}{typed},JP1,中央図書館\n")
    assert (line.did, why in line.problem, "制約" in line.problem) == (WRONG, True, False)
    assert Item.objects.count() == 1


@pytest.mark.parametrize(
    "written",
    [
        "1980-04-05",
        "1980/4/5",
        "1980.4.5",
        "19800405",
        "1980年4月5日",
        "1980年4月5日(土)",
        "1980-04-05 00:00:00",
        "１９８０／４／５",
        "昭和55年4月5日",
        "昭和五十五年4月5日",
        "S55.4.5",
        "S55/04/05",
        "s550405",
        "昭55.4.5",
        "㍼55年4月5日",
    ],
)
def test_a_day_is_read_as_people_write_it(written):
    assert read_day(written, "生年月日") == date(1980, 4, 5)


@pytest.mark.parametrize("written", ["令和元年5月1日", "R1.5.1", "R元.5.1", "平成31年5月1日"])
def test_the_first_year_of_an_era_has_its_own_name(written):
    assert read_day(written, "受入日") == date(2019, 5, 1)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("29316", "通し番号"),
        ("43586.0", "通し番号"),
        ("2026-02-30", "の形で"),
        ("05/04/1980", "の形で"),
        ("昭和65年1月1日", "の形で"),
        ("S0.1.1", "の形で"),
        ("0000/00/00", "の形で"),
        ("2026-12-02", "今日まで"),
        ("2055-04-05", "今日まで"),
        ("1867-12-31", "1868年から"),
    ],
)
def test_a_day_that_cannot_be_is_refused_in_words(written, why):
    with time_machine.travel("2026-12-01 03:00Z", tick=False), pytest.raises(RowError, match=why):
        read_day(written, "受入日")


@pytest.mark.parametrize("stray", ['"913.6"ア', '"913.6', '913"6"," '])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_stray_quotation_mark_costs_its_own_line(house, stray, end):
    rows = ["913.6", stray, '"91,""3"', "913.7"]
    file = f"{HEAD.strip()},請求記号\n" + "".join(
        f"990009{number},JP1,中央図書館,{cell}\n" for number, cell in enumerate(rows)
    )
    found = lines(file.replace("\n", end))
    assert [(line.number, line.did) for line in found] == [(2, CREATED), (3, WRONG), (4, CREATED), (5, CREATED)]
    assert set(Item.objects.values_list("call_number", flat=True)) == {"913.6", '91,"3', "913.7"}


def test_a_cell_of_two_lines_is_one_cell(house):
    assert (
        did(f'{HEAD.strip()},配架場所\n990000001,JP1,中央図書館,"2階\n奥"\n990000002,JP1,中央図書館,3階\n')
        == [CREATED] * 2
    )
    assert Item.objects.get(barcode="990000001").location == "2階 奥"


def test_a_line_that_breaks_off_or_has_a_cell_too_many_is_refused(house):
    found = lines(f"{HEAD}990000001,JP1,中央図書館\n990000002,JP1,中央図書館,あふれ\n990000003,JP")
    assert [line.did for line in found] == [CREATED, WRONG, WRONG]
    cut = f"{HEAD}990000004,JP1,中央図書館".encode()[:-1]
    (line,) = lines(cut)
    assert (line.did, "文字が壊れて" in line.problem) == (WRONG, True)


def test_a_line_in_another_character_set_costs_itself_alone(house):
    row = "990000001,JP1,中央図書館\n"
    rows = [row, row.replace("01,", "02,"), row.replace("01,", "03,\0"), row.replace("01,", "04,")]
    parts = [part.encode("cp932" if number == 1 else "utf-8") for number, part in enumerate(rows)]
    found = lines(HEAD.encode() + b"".join(parts))
    assert [line.did for line in found] == [CREATED, WRONG, WRONG, CREATED]
    assert "文字が壊れて" in found[1].problem


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
@pytest.mark.parametrize("mark", [",", "\t"])
def test_files_of_spreadsheets_are_read_whatever_parts_their_cells(house, codec, mark):
    assert did(f"{HEAD}990000001,JP1,中央図書館\n".replace(",", mark).encode(codec)) == [CREATED]


def workbook(*rows: tuple) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_read(house):
    head = ("資料番号", "書誌番号", "所蔵館", "受入日", "配架場所")
    first = (990000001, "JP1", "中央図書館", datetime(2026, 4, 1), None)  # noqa: DTZ001
    data = workbook(head, first, ("009900002", "JP1", "中央図書館"), (), (1234567890123456, "JP1", "中央図書館"))
    found = lines(data)
    assert [(line.number, line.did) for line in found] == [(2, CREATED), (3, CREATED), (5, WRONG)]
    assert "表計算ソフト" in found[2].problem
    copy = Item.objects.get(barcode="990000001")
    assert (copy.acquired_on, Item.objects.filter(barcode="009900002").exists()) == (date(2026, 4, 1), True)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"PK\x03\x04" + b"\0" * 26 + b"xl/workbook.xml", "Excelのファイル（.xlsx）です。CSVで保存し直してください。"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"\.xls）"),
        (b"%PDF-1.7", "PDF"),
        (b'{"a": 1}', "JSON"),
        (b'\xef\xbb\xbf[{"a": 1}]', "JSON"),
        (b"=LDR  00000nam a2200000   4500\n=001  X\n", "MarcEdit"),
        (b"00086nam a2200037 i 4500001000800000\x1eCASE", "MARC"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b"\x1f\x8b\x08\0", "gzip"),
    ],
)
def test_another_kind_of_file_is_named(house, data, name):
    with pytest.raises(FileError, match=name):
        lines(data)


def test_the_report_is_there_whatever_becomes_of_the_file(house, tmp_path):
    source, report = tmp_path / "items.csv", tmp_path / "report.csv"
    source.write_text(f'{HEAD}990000001,JP1,中央図書館\n990000002,JP1,"中央図書館\n990000003,JP1,中央図書館\n')
    with pytest.raises(CommandError, match="1 lines"):
        call_command("import_items", source, report=report, stdout=StringIO())
    told = report.read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[0:3:2] for line in told[1:]] == [["2", "登録"], ["3", "誤り"], ["4", "登録"]]
    source.write_bytes(b"%PDF-1.7")
    with pytest.raises(CommandError, match="PDF"):
        call_command("import_items", source, report=report, stdout=StringIO())
    assert "PDF" in report.read_text(encoding="utf-8-sig")


def test_the_command_takes_more_lines_than_the_page(house, tmp_path):
    source = tmp_path / "items.csv"
    source.write_text("資料番号,所蔵館,状態\n" + ",,\n" * 250_000 + "990000001,中央図書館,在庫\n")
    told = StringIO()
    with pytest.raises(CommandError, match="1 lines"):
        call_command("import_items", source, "--ignore", "状態", "--dry-run", "--empty-cells-erase", stdout=told)
    assert "250002行 990000001" in told.getvalue()


def test_the_page_says_what_it_leaves_and_names_the_command_for_a_large_file(house):
    client = Client()
    client.force_login(build.staff(library=house))

    def upload(text: str, **more) -> str:
        file = SimpleUploadedFile("items.csv", text.encode())
        return client.post("/admin/catalog/item/csv/", {"file": file} | more).content.decode()

    assert "空欄は消す" in client.get("/admin/catalog/item/csv/").content.decode()
    assert "import_items" in upload(HEAD + ",,\n" * 20_001)
    assert "取り込める列は" in upload(FULL.replace("配架場所", "状態"), write="on")
    assert "登録 1件" in upload(FULL.replace("配架場所", "状態"), write="on", ignore="状態、備考")
    upload("資料番号,所蔵館,請求記号\n990000001,中央図書館,\n", write="on", empty_cells_erase="on")
    assert Item.objects.get().call_number == ""


def test_twice_is_once_whatever_the_file_leaves_out(house):
    did(FULL)
    assert did(FULL) == did("資料番号,所蔵館\n990000001,中央図書館\n") == [UNCHANGED]
