"""The dump holds every title, can be read back, and is never half written."""

import gzip
import json

import pymarc
import pytest
from django.core.management import call_command

from catalog.models import Series
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def title():
    facts = {"creator": "夏目 漱石", "isbn": "9784000000109", "ndc": "913.6", "year": 1905, "subjects": "猫; 小説"}
    series = Series.objects.create(name="見本文庫")
    made = build.title("吾輩は猫である", title_reading="ワガハイ ワ ネコ デ アル", series=series, **facts)
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


def test_a_failed_dump_leaves_the_last_one(title, tmp_path, monkeypatch):
    call_command("dump_catalogue", tmp_path)
    before = (tmp_path / "catalogue.jsonl.gz").read_bytes()
    monkeypatch.setattr("catalog.dump.as_marc", lambda title: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call_command("dump_catalogue", tmp_path)
    assert (tmp_path / "catalogue.jsonl.gz").read_bytes() == before
