"""Importing: everything good comes in once, everything bad is reported, and nothing spoils its neighbours."""

import gzip
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pymarc import Field

from catalog import copying
from catalog.marc.loading import run
from catalog.marc.loading.load import Loader
from catalog.models import HoldingsRule, ImportRun, Item, LibraryCode, MarcRecord, MaterialRule, Series, Title
from tests import build
from tests.benches.marc_file import write_file
from tests.catalog.marc.records import field, file, record
from tests.catalog.marc.sample import DIRTY, FOLDER
from tests.sure import sure

pytestmark = pytest.mark.django_db

COUNTS = ("records", "created", "changed", "unchanged", "refused")


def take(*paths, **options) -> dict[str, int]:
    """Import files and return what the last run counted."""
    call_command("import_marc", *map(str, paths), **options)
    latest = sure(ImportRun.objects.first())
    return {name: getattr(latest, name) for name in COUNTS}


def counts(created=0, changed=0, unchanged=0, refused=0) -> dict[str, int]:
    total = created + changed + unchanged + refused
    return dict(zip(COUNTS, (total, created, changed, unchanged, refused), strict=True))


def report_of(tmp_path, *paths, **options) -> list[list[str]]:
    """Import with a report and return its lines, cut at the tabs, without the head."""
    report = tmp_path / "report.tsv"
    call_command("import_marc", *map(str, paths), report=report, **options)
    return [line.split("\t") for line in report.read_text(encoding="utf-8").splitlines()[1:]]


def one(number: str, name: str = "吾輩は猫である", *fields):
    return record(number, field("245", a=name), *fields)


def test_a_record_becomes_a_title_that_is_found(tmp_path, client):
    reading = (field("245", _6="880-01", a="虚空の冠"), field("880", _6="245-01/$1", a="コクウ ノ カン"))
    assert take(file(tmp_path, record("000111", *reading))) == counts(created=1)
    title = Title.objects.get(control_number="000111")
    assert (title.title, title.title_reading, title.material_type.code) == ("虚空の冠", "コクウ ノ カン", "book")
    assert "虚空の冠" in client.get("/search/", {"q": "こくうのかん"}).text


def test_a_second_import_doubles_and_rewrites_nothing(tmp_path):
    path = file(tmp_path, one("1"), one("2"))
    assert take(path) == counts(created=2)
    before = list(Title.objects.order_by("pk").values())
    assert take(path) == counts(unchanged=2)
    assert list(Title.objects.order_by("pk").values()) == before


def test_only_the_changed_record_is_written(tmp_path):
    take(file(tmp_path, one("1"), one("2", "旧い書名")))
    assert take(file(tmp_path, one("1"), one("2", "新しい書名"))) == counts(changed=1, unchanged=1)
    assert Title.objects.get(control_number="2").folded.count("新しい書名") >= 1


def test_a_record_that_changed_without_changing_the_title_is_kept_but_not_counted_as_change(tmp_path):
    take(file(tmp_path, one("1")))
    noted = one("1", "吾輩は猫である", field("500", a="注記"))
    assert take(file(tmp_path, noted)) == counts(unchanged=1)
    assert bytes(MarcRecord.objects.get().data) == noted.as_marc()


def test_the_later_of_two_records_with_one_number_wins(tmp_path):
    assert take(file(tmp_path, one("1", "先"), one("1", "後"))) == counts(created=1, changed=1)
    assert Title.objects.get().title == "後"


def test_numbers_of_different_agencies_are_different_records(tmp_path):
    ours, theirs = one("1", "こちら"), one("1", "あちら")
    ours.add_field(Field("003", data="JTNDL"))
    theirs.add_field(Field("003", data="DLC"))
    path = file(tmp_path, ours, theirs)
    assert take(path) == counts(created=2)
    assert take(path) == counts(unchanged=2)
    assert dict(Title.objects.values_list("control_number", "title")) == {"1": "こちら", "(DLC)1": "あちら"}


def test_a_title_typed_in_by_hand_is_adopted_by_its_number(tmp_path):
    title = build.title("手入力", control_number="1")
    assert take(file(tmp_path, one("1"))) == counts(changed=1)
    title.refresh_from_db()
    assert title.title == "吾輩は猫である"


def test_a_bad_neighbour_costs_nothing_but_itself(tmp_path):
    cut = one("2").as_marc()[:-30]
    path = file(tmp_path, one("1"), cut, one("3"), b"\xff" * 50, b"\x1d", one("4"))
    lines = report_of(tmp_path, path)
    assert sorted(map(sure, Title.objects.values_list("control_number", flat=True))) == ["1", "3", "4"]
    assert [(line[1], line[4], line[5]) for line in lines] == [
        ("2", "取り込めません", "記録が途中で切れています。"),
        ("4", "取り込めません", "MARCの記録ではありません（リーダがありません）。"),
    ]


def test_what_the_database_refuses_costs_that_record_alone(tmp_path):
    """A reserved book cannot become a CD: its reservation counts in another limit."""
    take(file(tmp_path, *(one(str(number)) for number in range(1, 8))))
    build.reservation(Title.objects.get(control_number="5"), build.patron(), build.library())
    changed = [one(str(number), "吾輩は猫である 新版") for number in range(1, 8)]
    changed[4].leader = changed[4].leader[:6] + "j" + changed[4].leader[7:]
    lines = report_of(tmp_path, file(tmp_path, *changed))
    assert [(line[3], line[4]) for line in lines] == [("5", "取り込めません")]
    assert lines[0][5].startswith("データベースの決まりに合いません（reservation_")
    assert Title.objects.filter(title="吾輩は猫である 新版").count() == 6
    assert Title.objects.get(control_number="5").title == "吾輩は猫である"


@pytest.mark.django_db(transaction=True)
def test_a_title_in_use_elsewhere_is_left_for_the_next_time(tmp_path):
    take(file(tmp_path, one("1"), one("2"), one("3")))
    elsewhere = connection.copy()
    elsewhere.set_autocommit(False)
    with elsewhere.cursor() as cursor, connection.cursor() as ours:
        cursor.execute("SELECT FROM catalog_title WHERE control_number = '2' FOR UPDATE")
        ours.execute("SET lock_timeout = '50ms'")
        lines = report_of(tmp_path, file(tmp_path, *(one(number, "新しい書名") for number in "123")))
        ours.execute("RESET lock_timeout")
    elsewhere.rollback()
    elsewhere.close()
    changed = Title.objects.filter(title="新しい書名")
    assert [line[3:] for line in lines] == [
        ["2", "取り込めません", "この書誌は今使われています。もう一度取り込んでください。"]
    ]
    assert sorted(map(sure, changed.values_list("control_number", flat=True))) == ["1", "3"]


def test_a_dry_run_tells_all_and_keeps_nothing(tmp_path, capsys):
    path = file(tmp_path, one("1", "吾輩", field("490", a="叢書")), b"broken\x1d", one("3"))
    call_command("import_marc", str(path), dry_run=True)
    assert "3 records, 2 new, 0 changed, 0 unchanged, 1 refused" in capsys.readouterr().out
    assert [model.objects.count() for model in (Title, MarcRecord, Series, ImportRun)] == [0, 0, 0, 0]


def test_an_interrupted_import_goes_on_behind_what_it_had_done(tmp_path, monkeypatch, capsys):
    path = file(tmp_path, *(one(str(number)) for number in range(1, 6)))
    write = Loader.write

    def die_behind_the_first_batch(self, batch):
        if batch[0].raw.number > 2:
            raise KeyboardInterrupt
        return write(self, batch)

    monkeypatch.setattr(run, "BATCH", 2)
    monkeypatch.setattr(Loader, "write", die_behind_the_first_batch)
    with pytest.raises(KeyboardInterrupt):
        call_command("import_marc", str(path))
    assert Title.objects.count() == 2
    monkeypatch.setattr(Loader, "write", write)
    call_command("import_marc", str(path))
    assert "going on behind record 2" in capsys.readouterr().out
    assert Title.objects.count() == 5
    (only,) = ImportRun.objects.all()
    assert (only.state, only.records, only.created) == ("done", 5, 5)


def test_what_was_good_before_a_file_breaks_off_comes_in(tmp_path, capsys):
    packed = gzip.compress(b"".join(one(str(number)).as_marc() for number in range(400)))
    with pytest.raises(CommandError):
        take(file(tmp_path, packed[: len(packed) * 3 // 4], name="torn.gz"))
    latest = ImportRun.objects.get()
    assert (latest.state, latest.error != "") == ("failed", True)
    assert 0 < latest.created == Title.objects.count() < 400


def test_another_process_prepares_as_this_one_does(tmp_path, monkeypatch):
    alike = ("title", "folded", "title_key", "creator_key", "series__name", "material_type", "changed_at__year")
    path = tmp_path / "bench.mrc"
    write_file(path, 700)
    call_command("import_marc", str(path))
    here = list(Title.objects.order_by("control_number").values_list(*alike))
    Title.objects.all().delete()
    monkeypatch.setattr(run, "WORTH_A_PROCESS", 1)
    call_command("import_marc", str(path))
    assert list(Title.objects.order_by("control_number").values_list(*alike)) == here


def test_derived_columns_follow_the_series_that_was_known_before(tmp_path):
    Series.objects.create(name="新書", reading="")
    with_reading = (field("490", _6="880-02", a="新書"), field("880", _6="490-02/$1", a="シンショ"))
    take(file(tmp_path, one("1", "吾輩は猫である", *with_reading)))
    title = Title.objects.get()
    assert (sure(title.series).reading, title.folded) == ("", title.fold_text())


def test_copies_come_with_the_record_and_follow_it(tmp_path):
    here, there = build.library("中央図書館", code="chuo"), build.library("伊島図書館")
    LibraryCode.objects.create(code="IJ", library=there)
    copies = (
        field("852", b="ＣＨＵＯ", c="一般", h="913.6", i="ム", p="1100-00001"),
        field("852", b="ij", c="児童", h="913", p="110000002"),
        field("852", b="どこか", p="110000003"),
        field("852", b="chuo", p="〒"),
        field("852", b="chuo"),
    )
    lines = report_of(tmp_path, file(tmp_path, one("1", "猫", *copies)))
    items = Item.objects.order_by("barcode").values_list("barcode", "home_library", "location", "call_number", "status")
    assert list(items) == [
        ("110000001", here.pk, "一般", "913.6/ム", "available"),
        ("110000002", there.pk, "児童", "913", "available"),
    ]
    assert lines[0][5] == "資料番号 110000003 の館「どこか」が分かりません。 資料番号「〒」は使えません。"
    Item.objects.filter(barcode="110000001").update(status="missing", library=there)
    moved = field("852", b="chuo", c="閉架", h="913.6", i="ナ", p="110000001")
    take(file(tmp_path, one("1", "猫", moved)))
    item = Item.objects.get(barcode="110000001")
    assert (item.location, item.call_number, item.status, item.library) == ("閉架", "913.6/ナ", "missing", there)
    assert Item.objects.count() == 2


def test_a_barcode_of_another_title_is_left_where_it_is(tmp_path):
    library = build.library(code="chuo")
    item = build.item(build.title("元の書誌"), library, barcode="110000009")
    lines = report_of(tmp_path, file(tmp_path, one("1", "猫", field("852", b="chuo", p="110000009"))))
    item.refresh_from_db()
    assert item.title.title == "元の書誌"
    assert lines[0][4:] == ["取り込みました（注意）", "資料番号 110000009 は別の書誌の所蔵です。"]


def test_vendors_may_write_copies_elsewhere(tmp_path):
    library = build.library()
    HoldingsRule.objects.create(tag="949", barcode="i", library="", call_number="a", default_library=library)
    take(file(tmp_path, one("1", "猫", field("949", a="645.7", i="220000001"))))
    assert Item.objects.values_list("barcode", "call_number").get() == ("220000001", "645.7")


@pytest.mark.parametrize(
    ("leader", "physical", "words", "code"),
    [
        ("am", "", "", "book"),
        ("as", "", "", "magazine"),
        ("jm", "sd fsngnnmmned", "", "cd"),
        ("im", "", "", "cd"),
        ("gm", "vd cvaizq", "", "dvd"),
        ("gm", "vf cbahos", "", "video"),
        ("gm", "", "ビデオカセット 1巻 : VHS", "video"),
        ("gm", "", "", "dvd"),
        ("  ", "", "", "book"),
    ],
)
def test_leader_and_007_tell_the_material(tmp_path, leader, physical, words, code):
    made = record("1", field("300", a=words or "1冊"), leader=f"00000n{leader} a2200000   4500")
    if physical:
        made.add_field(Field("007", data=physical))
    take(file(tmp_path, made))
    assert Title.objects.get().material_type.code == code


def cd(number: str, *labels: str):
    copies = (field("852", b="chuo", h=label, p=f"{number}{n}") for n, label in enumerate(labels))
    return record(number, *copies, leader="00000nim a2200000   4500")


def test_the_label_makes_a_cd_a_spoken_one(tmp_path):
    build.library(code="chuo")
    path = file(tmp_path, cd("1", "CD 750/ナ"), cd("2", "CD 300/ナ"), cd("3", "CD 699"), cd("4", "CD 700", "CD 799"))
    take(path)
    codes = dict(Title.objects.values_list("control_number", "material_type__code"))
    assert codes == {"1": "spoken_cd", "2": "cd", "3": "cd", "4": "spoken_cd"}


def test_mixed_labels_are_reported(tmp_path):
    build.library(code="chuo")
    lines = report_of(tmp_path, file(tmp_path, cd("1", "CD 750", "CD 300")))
    assert Title.objects.get().material_type.code == "cd"
    assert lines[0][5] == "請求記号の番号が混ざっているため、資料種別を分けません。"


def test_better_rules_are_applied_to_records_already_here(tmp_path, capsys):
    take(file(tmp_path, record("1", leader="00000nem a2200000   4500"), one("2")))
    MaterialRule.objects.create(position=1, record_types="e", material_type=build.kind("magazine"))
    call_command("remap_marc")
    assert "2 records, 1 titles changed, 0 refused." in capsys.readouterr().out
    assert Title.objects.get(control_number="1").material_type.code == "magazine"


def test_a_record_mapped_anew_was_still_taken_when_it_was(tmp_path):
    take(file(tmp_path, record("1", leader="00000nem a2200000   4500"), one("2")))
    then = timezone.now() - timedelta(days=300)
    MarcRecord.objects.update(taken_at=then)
    MaterialRule.objects.create(position=1, record_types="e", material_type=build.kind("magazine"))
    call_command("remap_marc")
    assert set(MarcRecord.objects.values_list("taken_at", flat=True)) == {then}


def test_texts_that_are_too_long_are_cut_and_reported(tmp_path):
    lines = report_of(tmp_path, file(tmp_path, one("9" * 80, "長" * 600)))
    title = Title.objects.get()
    assert (len(title.title), len(sure(title.control_number))) == (500, 60)
    assert lines[0][5] == "書名が長いため、途中で切りました。"


def test_no_spreadsheet_takes_a_report_for_a_formula(tmp_path):
    lines = report_of(tmp_path, file(tmp_path, record("=HYPERLINK(1)\t+2", field("020", a="978"))))
    assert [line[3] for line in lines] == ["'=HYPERLINK(1) +2"]


def test_a_file_without_records_says_so(tmp_path):
    with pytest.raises(CommandError, match="1 of 1 files"):
        call_command("import_marc", str(file(tmp_path, b"")))
    assert ImportRun.objects.get().error == "MARCの記録がありません。"


def test_missing_files_and_unknown_encodings_are_said_before_anything_is_done(tmp_path):
    path = file(tmp_path, one("1"))
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_marc", str(path), str(tmp_path / "none.mrc"))
    with pytest.raises(CommandError, match="no encoding"):
        call_command("import_marc", str(path), encoding="klingon")
    with pytest.raises(CommandError, match="no encoding"):
        call_command("import_marc", str(path), encoding="hex")
    assert Title.objects.count() == 0


def with_copies(numbers: range, name: str = "書名") -> list:
    """Make records of which each has a series, two copies and something to note of its own."""
    return [
        one(
            str(number),
            f"{name}{number}",
            field("020", a="9780000000000"),
            field("490", a=f"叢書{name}{number}"),
            *(field("852", b="chuo", c=name, p=f"33{number:04}{copy}") for copy in (1, 2)),
        )
        for number in numbers
    ]


def test_a_batch_takes_the_same_statements_for_any_number_of_records(tmp_path, monkeypatch):
    """Counted where they are executed: an import forgets the list of them that Django keeps; COPY is no execute."""
    build.library(code="chuo")
    statements = []
    copy = copying.copy_with_keys

    def copied(model, rows):
        statements.append(f"COPY {model}")
        copy(model, rows)

    def executed(execute, sql, *rest):
        statements.append(sql)
        return execute(sql, *rest)

    def taken(numbers: range, name: str) -> int:
        statements.clear()
        with connection.execute_wrapper(executed):
            took = take(file(tmp_path, *with_copies(numbers, name)))
        assert took["created"] + took["changed"] == len(numbers)
        return len(statements)

    monkeypatch.setattr(copying, "copy_with_keys", copied)
    one_of_many = [(taken(range(1), name), taken(range(1, 61), name)) for name in ("新しい書名", "改めた書名")]
    assert [few for few, many in one_of_many] == [many for few, many in one_of_many]
    assert min(one_of_many[0]) > 10
    assert Item.objects.filter(location="改めた書名").count() == 122


@pytest.mark.parametrize("name", [path.name for path in (FOLDER / "marc").glob("*.mrc")])
def test_real_files_come_in_whole_and_only_once(name):
    path = FOLDER / "marc" / name
    first = take(path)
    assert first["created"] == first["records"] == {"j": 156, "i": 16}[name[0]]
    assert take(path)["unchanged"] == first["records"]


@pytest.mark.parametrize("path", DIRTY, ids=lambda path: path.name)
def test_broken_files_end_with_a_report(tmp_path, path):
    report = tmp_path / "report.tsv"
    call_command("import_marc", str(path), report=report)
    latest = sure(ImportRun.objects.first())
    lines = report.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + latest.refused + latest.noted
    assert latest.state == "done"


def test_the_lock_of_imports_is_given_back(tmp_path):
    take(file(tmp_path, one("1")))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone()[0] == 0
