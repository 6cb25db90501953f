"""What spreadsheets do to lists of patrons: nobody becomes somebody else, nothing that was agreed is lost."""

from datetime import date
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command

from catalog.spreadsheets.rows import CREATED, UNCHANGED, UPDATED, WRONG, Line, run
from patrons.models import AccountPolicy, ContactMethod, Patron
from patrons.people.card import readings_of_card
from patrons.people.spreadsheet import PatronImporter
from tests import build

pytestmark = pytest.mark.django_db

HEAD = "カード番号,氏名,生年月日\n"
FULL = """カード番号,氏名,フリガナ,生年月日,電話番号,郵便番号,受取館,連絡方法,登録日
79000002,例 花子,レイ ハナコ,1975-01-31,086-000-0003,700-0000,幸町図書館,着信履歴,2020-04-01
"""


@pytest.fixture(autouse=True)
def house():
    return build.library("幸町図書館")


def lines(data: str, **wishes) -> list[Line]:
    return list(run(data.encode(), PatronImporter(), **({"dry_run": False} | wishes)))


def did(data: str, **wishes) -> list[str]:
    return [line.did for line in lines(data, **wishes)]


def alone(cell: str, column: str) -> Line:
    """Return what becomes of one new patron with one more cell."""
    (line,) = lines(f"{HEAD.strip()},{column}\n79000111,全角 太郎,1980-04-05,{cell}\n")
    return line


def test_a_new_address_alone_leaves_everything_else(house):
    did(FULL)
    assert did(f"{HEAD.strip()},住所\n79000002,例 花子,1975-01-31,見本市南区2-2\n") == [UPDATED]
    patron = Patron.objects.get()
    kept = (patron.name_reading, patron.telephone, patron.pickup_library, patron.contact_method, patron.registered_on)
    assert kept == ("レイ ハナコ", "086-000-0003", house, ContactMethod.MISSED_CALL, date(2020, 4, 1))
    assert patron.address == "見本市南区2-2"
    assert did(f"{HEAD}79000002,例 花子,1975-01-31\n") == [UNCHANGED]


def test_empty_cells_empty_where_that_was_asked(house):
    did(FULL)
    empty = "カード番号,氏名,生年月日,フリガナ,電話番号,受取館,連絡方法,登録日\n79000002,例 花子,1975-01-31,,,,,\n"
    assert (did(empty), did(empty, empty_cells_erase=True)) == ([UNCHANGED], [UPDATED])
    patron = Patron.objects.get()
    left = (patron.name_reading, patron.telephone, patron.pickup_library, patron.contact_method, patron.registered_on)
    assert left == ("", "", None, ContactMethod.NONE, date(2020, 4, 1))


@pytest.mark.parametrize("dry_run", [False, True])
def test_two_people_with_one_number_are_never_merged(dry_run):
    found = lines(f"{HEAD}40000001,佐藤 花子,1980-04-05\n４０００-０００１,鈴木 一郎,1950-01-01\n", dry_run=dry_run)
    assert [line.did for line in found] == [CREATED, WRONG]
    assert "2行と同じ" in found[1].problem


def test_a_corrected_name_is_the_name_of_the_login_too():
    did(FULL)
    did(f"{HEAD}79000002,例 華子,1975-01-31\n")
    patron = Patron.objects.get()
    assert (patron.name, patron.user.name) == ("例 華子", "例 華子")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("1.23E+09", "表計算ソフトがカード番号を「1.23E+09」に"),
        ("4.0E+07", "表計算ソフト"),
        ("790084.0", "小数"),
        ("79000001", "先頭の0が違う0079000001があります"),
        ("12345", "短い番号"),
        ("12", "数字です"),
        ("なし", "数字です"),
        ("30000004-7", "チェックデジットか分かりません"),
    ],
)
def test_a_number_that_may_be_anothers_is_refused_in_words(typed, why):
    did(f"{HEAD}0079000001,例 太郎,1980-04-05\n")
    (line,) = lines(f"{HEAD}{typed},例 花子,1990-04-05\n")
    assert (line.did, why in line.problem, "制約" in line.problem) == (WRONG, True, False)
    assert Patron.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ('"=""00790083"""', "00790083"),
        ("'00790083", "00790083"),
        ("a00790083a", "00790083"),
        ("Ａ００７９００８３Ｂ", "00790083"),
        ("*00790083*", "00790083"),
        ("0079-0083", "00790083"),
        ("79000002-5", "79000002"),
    ],
)
def test_a_number_with_one_reading_is_read(typed, number):
    did(FULL)
    did(f"{HEAD}{typed.removeprefix(chr(39))},例 次郎,1980-04-05\n")
    assert Patron.objects.get(card_number=number).name == "例 次郎"


@pytest.mark.parametrize(
    ("printed", "readings"),
    [
        ("30000004-9", ["30000004"]),
        ("30000004-5", []),
        ("A300000049A", ["30000004"]),
        ("30000004", ["30000004"]),
        ("300000049", ["300000049"]),
    ],
)
def test_a_check_digit_is_no_part_of_the_number(printed, readings):
    policy = AccountPolicy(card_check_digit=AccountPolicy.CheckDigit.LUHN)
    assert readings_of_card(printed, policy) == readings


@pytest.mark.parametrize(
    ("cell", "column", "kept"),
    [
        ("０８６－０００－１２３４", "電話番号", "086-000-1234"),
        ("（086）000ー1234", "電話番号", "086-000-1234"),
        ("０８６－０００－１２３４", "FAX番号", "086-000-1234"),
        ("〒700-0000", "郵便番号", "700-0000"),
        ("７００－００００", "郵便番号", "700-0000"),
        ("7000000", "郵便番号", "700-0000"),
        ("ﾚｲ ﾊﾅｺ", "フリガナ", "レイ ハナコ"),
    ],
)
def test_contact_data_is_kept_as_the_form_writes_it(cell, column, kept):
    names = {"電話番号": "telephone", "FAX番号": "fax", "郵便番号": "postal_code", "フリガナ": "name_reading"}
    assert alone(cell, column).did == CREATED
    assert getattr(Patron.objects.get(), names[column]) == kept


@pytest.mark.parametrize(
    ("cell", "column", "why"),
    [
        ("でんわなし", "電話番号", "数字とハイフン"),
        ("TEL 086-000-1234", "電話番号", "数字とハイフン"),
        ("860001234", "電話番号", "市外局番"),
        ("8.6E+08", "電話番号", "表計算ソフト"),
        ("600000", "郵便番号", "700-0000"),
        ("あ" * 121, "フリガナ", "フリガナは120文字までです（121文字あります）"),
        ("あ" * 201, "住所", "住所は200文字まで"),
        ("2055-04-05", "登録日", "1900年から今日まで"),
        ("伝書鳩", "連絡方法", "どれか"),
        ("電話", "連絡方法", "連絡方法が「電話」なら、電話番号が要ります。"),
        ("FAX", "連絡方法", "FAX番号が要ります"),
        ("1979-12-31", "登録日", "生年月日より前"),
    ],
)
def test_contact_data_that_is_none_is_refused_in_words(cell, column, why):
    line = alone(cell, column)
    assert (line.did, why in line.problem, Patron.objects.count()) == (WRONG, True, 0)


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize(
    ("name", "born", "why"),
    [
        ("A" * 81, "1980-04-05", "氏名は80文字までです（81文字あります）。"),
        ("未来 太郎", "2055-04-05", "生年月日は1900年から今日までの日です（2055-04-05）。"),
        ("大昔 花子", "0001-01-01", "生年月日は1900年から今日までの日です（0001-01-01）。"),
        ("通し 番号", "29316", "生年月日「29316」は表計算ソフトの通し番号です。"),
    ],
)
def test_a_trial_says_what_the_run_says(name, born, why, dry_run):
    with time_machine.travel("2026-12-01 03:00Z", tick=False):
        (line,) = lines(f"{HEAD}79000121,{name},{born}\n", dry_run=dry_run)
    assert (line.did, line.problem.startswith(why)) == (WRONG, True)


def test_the_command_empties_only_when_told(tmp_path):
    did(FULL)
    source = tmp_path / "patrons.csv"
    source.write_text(f"{HEAD.strip()},フリガナ,メール\n79000002,例 花子,1975-01-31,,x@example.jp\n")
    call_command("import_patrons", source, "--ignore", "メール", stdout=StringIO())
    assert Patron.objects.get().name_reading == "レイ ハナコ"
    call_command("import_patrons", source, "--ignore", "メール", "--empty-cells-erase", stdout=StringIO())
    assert Patron.objects.get().name_reading == ""
