"""The dump holds every title, can be read back, and is never half written."""

import gzip
import json
from datetime import date

import pymarc
import pytest
from django.core.management import call_command

from catalog.marc.loading.identity import our_agency
from catalog.models import ImportRun, MarcRecord, Series, Title
from tests import build
from tests.catalog.marc.records import field, file, record
from tests.catalog.marc.sample import FOLDER
from tests.sure import sure

pytestmark = pytest.mark.django_db


@pytest.fixture
def title():
    made = build.title(
        "吾輩は猫である",
        title_reading="ワガハイ ワ ネコ デ アル",
        series=Series.objects.create(name="見本文庫"),
        creator="夏目 漱石",
        isbn="9784000000109",
        ndc="913.6",
        year=1905,
        subjects="猫; 小説",
    )
    build.item(made, build.library("中央図書館", code="chuo"))
    build.item(made, build.library("幸町図書館", code="saiwaicho"), status="withdrawn")
    return made


def test_a_line_says_what_a_title_is_and_where_its_copies_are(title, tmp_path):
    call_command("dump_catalogue", tmp_path)
    with gzip.open(tmp_path / "catalogue.jsonl.gz", "rt", encoding="utf-8") as lines:
        (said,) = map(json.loads, lines)
    assert said["title"] == "吾輩は猫である"
    assert (said["copies"], said["series"], said["type"]) == ({"chuo": 1}, "見本文庫", "book")


def test_the_marcxml_is_read_back_by_pymarc(title, tmp_path):
    call_command("dump_catalogue", tmp_path)
    with gzip.open(tmp_path / "catalogue.marcxml.gz") as xml:
        (record,) = pymarc.parse_xml_to_array(xml)
    assert record["245"]["a"] == "吾輩は猫である"
    assert record["880"]["a"] == "ワガハイ ワ ネコ デ アル"
    assert [field["a"] for field in record.get_fields("650")] == ["猫", "小説"]


COLUMNS = ["title", "title_reading", "subtitle", "volume", "volume_order", "other_titles", "creator", "creator_reading"]
SERIES = (("見本文庫", "ミホン ブンコ"), ("虚空の冠", "コクウ ノ カン"))
COLUMNS += ["publisher", "year", "isbn", "other_isbns", "ndc", "language", "subjects"]


def everything() -> list[tuple]:
    """Return the titles as they stand; no record says whether a full stop at the end belongs to a name."""
    joined = (*COLUMNS, "series__name", "series__reading", "material_type__code")
    rows = Title.objects.order_by(*COLUMNS).values_list(*joined)
    return [tuple(value.rstrip(".") if isinstance(value, str) else value for value in row) for row in rows]


def forget_all() -> None:
    for model in (MarcRecord, Title, Series):
        model.objects.all().delete()


@pytest.mark.parametrize("code", ["book", "magazine", "cd", "dvd", "video"])  # 朗読CD is known by its copies
def test_what_was_dumped_comes_in_again(tmp_path, code):
    series, work = (Series.objects.create(name=name, reading=reading) for name, reading in SERIES)
    build.title("虚空の冠", code=code, title_reading="コクウ ノ カン", subtitle="覇者たち", volume="上", volume_order=1,
                creator="楡 周平; 図書館協会", creator_reading="ニレ, シュウヘイ; トショカン キョウカイ", year=2013,
                publisher="新潮社", ndc="913.6", subjects="猫--日本; 小説", other_titles="Crown; 冠",
                isbn="9784101335759", other_isbns="9784000000109; 9784000000116", series=work)  # fmt: skip
    build.title("新書の一冊", code=code, series=series, volume_order=1280)
    before = everything()
    call_command("dump_catalogue", tmp_path)
    forget_all()
    call_command("import_marc", tmp_path / "catalogue.marcxml.gz")
    assert everything() == before


def test_real_records_come_in_again_as_they_were(tmp_path):
    path = FOLDER / "marc" / "jpmarc_ndl_dev.mrc"
    if path.exists():
        call_command("import_marc", path)
    before, kept = everything(), list(MarcRecord.objects.order_by("pk").values())
    call_command("dump_catalogue", tmp_path)
    if before:
        call_command("import_marc", tmp_path / "catalogue.marcxml.gz")
    assert (everything(), list(MarcRecord.objects.order_by("pk").values())) == (before, kept)
    forget_all()
    if before:
        call_command("import_marc", tmp_path / "catalogue.marcxml.gz")
    assert everything() == before


def test_the_dump_is_well_formed_whatever_a_title_holds(tmp_path):
    build.title("垂直\x0bタブ\ufffe", subtitle="エス\x1bケープ", subjects="ベ\x07ル")
    call_command("dump_catalogue", tmp_path)
    with gzip.open(tmp_path / "catalogue.marcxml.gz") as xml:
        (record,) = pymarc.parse_xml_to_array(xml)
    assert (record["245"]["a"], record["245"]["b"], record["650"]["a"]) == ("垂直タブ", "エスケープ", "ベル")


def numbered(number: str, agency: str) -> pymarc.Record:
    made = record(number, field("245", a=f"書名 {agency}"), field("300", a="200p"))
    made.add_field(pymarc.Field("003", data=agency))
    return made


@pytest.fixture
def mixed(tmp_path):
    """Titles from records of two agencies with one number, typed in with and without a number, and of odd kinds."""
    call_command("import_marc", file(tmp_path, numbered("1", "JTNDL"), numbered("1", "DLC")))
    build.title("番号のある本", control_number="A-1")
    unnumbered = build.title("番号のない本", added_on=date(2024, 4, 1))
    build.title("逆立ち", control_number=str(unnumbered.pk))
    build.title("朗読CD", code="spoken_cd")


def test_the_dump_names_titles_by_control_number_and_us_as_the_agency(mixed, tmp_path, settings):
    settings.SITE_URL = "https://opac.example.jp"
    call_command("dump_catalogue", tmp_path)
    with gzip.open(tmp_path / "catalogue.marcxml.gz") as xml:
        records = {record["245"]["a"]: record for record in pymarc.parse_xml_to_array(xml)}
    assert {record["003"].data for record in records.values()} == {"opac.example.jp"}
    assert (records["書名 JTNDL"]["001"].data, records["書名 DLC"]["001"].data) == ("1", "(DLC)1")
    unnumbered = Title.objects.get(title="番号のない本")
    assert records["番号のない本"]["001"].data == f"title-{unnumbered.pk}-20240401"


def test_a_dump_that_comes_into_its_own_catalogue_changes_nothing(mixed, tmp_path):
    def rows() -> list:
        return [list(model.objects.order_by("pk").values()) for model in (Title, MarcRecord, Series)]

    before = rows()
    call_command("dump_catalogue", tmp_path)
    call_command("import_marc", tmp_path / "catalogue.marcxml.gz")
    assert rows() == before
    latest = sure(ImportRun.objects.first())
    assert (latest.records, latest.unchanged, latest.refused) == (6, 6, 0)


def test_a_dump_of_the_catalogue_brings_back_what_was_spoilt_since(mixed, tmp_path):
    call_command("dump_catalogue", tmp_path)
    before = everything()
    Title.objects.update(title="ちがう書名", publisher="")
    call_command("import_marc", tmp_path / "catalogue.marcxml.gz")
    assert everything() == before


def test_a_dump_comes_into_an_empty_catalogue_once(mixed, tmp_path):
    call_command("dump_catalogue", tmp_path)
    forget_all()
    for _ in range(2):
        call_command("import_marc", tmp_path / "catalogue.marcxml.gz")
        call_command("dump_catalogue", tmp_path)
    assert Title.objects.count() == 6


def test_a_number_that_only_looks_like_ours_leads_to_no_title(mixed, tmp_path):
    unnumbered = Title.objects.get(title="番号のない本")
    ours = our_agency()
    wrong = (numbered(f"title-{unnumbered.pk}-20240402", ours), numbered(f"title-{10**17}-20240401", ours))
    call_command("import_marc", file(tmp_path, *wrong, numbered(f"title-{unnumbered.pk}-20240401", "DLC")))
    unnumbered.refresh_from_db()
    assert (unnumbered.title, Title.objects.count()) == ("番号のない本", 9)


def test_a_failed_dump_leaves_the_last_one(title, tmp_path, monkeypatch):
    call_command("dump_catalogue", tmp_path)
    before = (tmp_path / "catalogue.jsonl.gz").read_bytes()
    monkeypatch.setattr("catalog.machines.dump.as_marc", lambda title: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call_command("dump_catalogue", tmp_path)
    assert (tmp_path / "catalogue.jsonl.gz").read_bytes() == before
