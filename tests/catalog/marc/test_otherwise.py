"""Files that hold no MARC records are named for what they are, in one sentence."""

import zipfile

import pytest

from catalog.marc.files import source
from catalog.marc.files.parsed import read
from catalog.marc.files.problem import FileRefused
from tests.catalog.marc.records import file, record, xml
from tests.sure import sure

SRU = (
    '<?xml version="1.0"?><searchRetrieveResponse xmlns="http://www.loc.gov/zing/srw/"><records><record>'
    "<recordSchema>{}</recordSchema><recordData>{}</recordData></record></records></searchRetrieveResponse>"
)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"=LDR  00000nam a2200000   4500\n=001  X\n", "MarcEdit のテキスト形式（.mrk）です。.mrc にしてください。"),
        (b"\xef\xbb\xbf\r\n=LDR  00000nam", "MarcEdit"),
        (b'[{"leader": "00000nam"}]', "JSON"),
        (b'{"leader": "00000nam"}', "JSON"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"Excelのファイル（\.xls）"),
    ],
)
def test_another_kind_of_file_is_refused_by_its_name(tmp_path, data, sentence):
    with pytest.raises(FileRefused, match=sentence):
        list(source.records(file(tmp_path, data)))


def test_a_workbook_is_no_archive_of_records(tmp_path):
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(FileRefused, match=r"\.xlsx"):
        list(source.records(path))


def test_an_answer_of_sru_in_another_form_is_said_to_be_none_of_marc(tmp_path):
    text = SRU.format("dcndl", "&lt;rdf:RDF&gt;&lt;dcterms:title&gt;見本&lt;/dcterms:title&gt;&lt;/rdf:RDF&gt;")
    (raw,) = source.records(file(tmp_path, text.encode()))
    (problem,) = read(raw).problems
    assert (problem.reason, problem.fatal) == ("MARCXMLではありません（dcndl の形式です）。", True)


def test_an_answer_of_sru_in_marcxml_is_read(tmp_path):
    inner = xml(record("1"))
    inner = inner[inner.index("<record") : inner.rindex("</record>") + len("</record>")]
    (raw,) = source.records(file(tmp_path, SRU.format("info:srw/schema/1/marcxml-v1.1", inner).encode()))
    assert sure(read(raw).record)["001"].data == "1"
