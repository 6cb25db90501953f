"""Records that are no titles, and numbers that two catalogues give: nothing overwrites a title with another."""

import pytest

from catalog.models import Item, MarcRecord, Title
from tests import build
from tests.catalog.marc.records import LEADER, field, file, record
from tests.catalog.marc.test_import_marc import counts, report_of, take

pytestmark = pytest.mark.django_db


def bare(number: str, sort: str, *fields):
    """Make a record of that sort (leader/06) without a field 245."""
    made = record(number, *fields, leader=f"{LEADER[:6]}{sort}{LEADER[7:]}")
    made.remove_fields("245")
    return made


def lake(number="H1"):
    return record(number, field("245", a="湖の見える町"), field("020", a="9784000000109"))


def copy(barcode: str):
    return field("852", b="chuo", p=barcode)


@pytest.mark.parametrize("sort", "xyuv")
def test_holdings_add_copies_and_leave_the_title_as_it_is(tmp_path, sort):
    library = build.library("chuo")
    path = file(tmp_path, lake(), bare("H1", sort, copy("990000011")), record("H2", field("245", a="二番目")))
    assert take(path) == counts(created=2, unchanged=1)
    assert take(path) == counts(unchanged=3)
    title = Title.objects.get(control_number="H1")
    assert (title.title, title.isbn) == ("湖の見える町", "9784000000109")
    assert list(Item.objects.values_list("title", "barcode", "home_library")) == [(title.pk, "990000011", library.pk)]
    assert MarcRecord.objects.count() == 2


def test_holdings_find_their_title_by_004_and_014_before_their_own_number(tmp_path):
    build.library("chuo")
    linked = bare("X1", "x", copy("990000011"))
    linked.add_field(record("H1")["001"].__class__("004", data="H1"))
    other = bare("X2", "x", field("014", a="H1", indicators="1 "), copy("990000012"))
    assert take(file(tmp_path, linked, lake(), other)) == counts(created=1, unchanged=2)
    assert set(Item.objects.values_list("title__title", "barcode")) == {
        ("湖の見える町", "990000011"),
        ("湖の見える町", "990000012"),
    }


@pytest.mark.parametrize(
    "made",
    [
        bare("A1", "z", field("100", a="見本, 一郎")),
        bare("A1", "w", field("153", a="913.6")),
        bare("H1", "y", field("866", a="v.1-12")),
        bare("X9", "x", field("852", b="chuo", p="990000011")),
    ],
)
def test_what_is_no_title_is_passed_over_with_a_word(tmp_path, made):
    build.library("chuo")
    (line,) = report_of(tmp_path, file(tmp_path, lake(), made))
    assert line[4] == "取り込めません"
    assert "記録です" in line[5]
    assert Title.objects.get().title == "湖の見える町"
    assert not Item.objects.exists()


def test_a_record_without_245_renames_nothing(tmp_path):
    build.library("chuo")
    take(file(tmp_path, lake()))
    (line,) = report_of(tmp_path, file(tmp_path, bare("H1", "a", copy("990000011"))))
    assert line[4] == "取り込みました（注意）"
    assert Title.objects.get().title == "湖の見える町"
    assert Item.objects.get().barcode == "990000011"


def vendor(name: str, isbn: str, *more):
    return record("1", field("245", a=name), field("020", a=isbn), *more)


ORANGE = vendor("みかんの木", "9784000000406")
SEA = vendor("海の地質学", "9784000000505")


def test_another_title_under_a_known_number_is_refused_with_both_named(tmp_path):
    (line,) = report_of(tmp_path, file(tmp_path, ORANGE, SEA))
    assert line[4] == "取り込めません"
    assert all(word in line[5] for word in ("みかんの木 9784000000406", "海の地質学 9784000000505", "--source"))
    assert Title.objects.get().title == "みかんの木"


def test_the_source_of_a_file_tells_its_numbers_from_others(tmp_path):
    take(file(tmp_path, ORANGE))
    path = file(tmp_path, SEA, name="second.mrc")
    assert take(path, source="VENDOR2") == counts(created=1)
    assert take(path, source="VENDOR2") == counts(unchanged=1)
    assert set(Title.objects.values_list("title", "control_number")) == {
        ("みかんの木", "1"),
        ("海の地質学", "(VENDOR2)1"),
    }
    take(file(tmp_path, vendor("海の地質学 改訂版", "9784000000505")), source="VENDOR2")
    assert Title.objects.filter(title="海の地質学 改訂版").exists()


def test_a_title_in_use_takes_no_other_name_from_a_record_without_an_agency(tmp_path):
    take(file(tmp_path, record("1", field("245", a="祖母の時計"))))
    build.reservation(Title.objects.get(), build.patron(), build.library())
    assert take(file(tmp_path, record("1", field("245", a="税法の実務")))) == counts(refused=1)
    assert Title.objects.get().title == "祖母の時計"


def test_an_agency_s_record_takes_no_typed_title_of_another_work(tmp_path):
    build.title("みかんの木", control_number="1", isbn="9784000000406")
    assert take(file(tmp_path, SEA), source="VENDOR2") == counts(created=1)
    assert set(Title.objects.values_list("title", flat=True)) == {"みかんの木", "海の地質学"}


@pytest.mark.parametrize(
    "again",
    [
        vendor("みかんの木 : 新装版", "9784000000505"),
        vendor("蜜柑の木", "9784000000406"),
        vendor("ミカンのき", "9784000000406"),
    ],
)
def test_a_corrected_record_is_a_version(tmp_path, again):
    take(file(tmp_path, ORANGE))
    build.reservation(Title.objects.get(), build.patron(), build.library())
    assert take(file(tmp_path, again)) == counts(changed=1)
