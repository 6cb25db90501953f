"""Forty bad files: each ends with a report and no traceback, and what is good in it comes in (promise 14)."""

import bz2
import gzip
import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from catalog.models import ImportLine, ImportRun, Title
from tests import build
from tests.catalog.marc.records import field, record, xml

pytestmark = pytest.mark.django_db


def one(number: str, *fields, name: str = "本") -> bytes:
    return record(number, *(fields or (field("245", a=name, c="著者 著."),))).as_marc()


def mixed(*middle: bytes) -> bytes:
    """Put records between two good ones."""
    return b"".join((one("first"), *middle, one("last")))


def without(number: str, tag: str) -> bytes:
    made = record(number)
    made.remove_fields(tag)
    return made.as_marc()


def zipped(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


def in_prefix(document: str) -> str:
    plain = document.replace("<", "<m:").replace("<m:/", "</m:")
    return plain.replace("xmlns=", "xmlns:m=")


def declared(encoding: str, *, title: str = "題名") -> bytes:
    """Return two records in UTF-8 in a document that says it is in another encoding."""
    return f'<?xml version="1.0" encoding="{encoding}"?>{TWO.replace("題名", title)}'.encode()


GOOD = one("middle")
TWO = xml(record("first", field("245", a="題名")), record("last", field("245", a="次の本")))
ENTITIES = "<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;'>"
LEADER = b"00025nam a2200025   4500\x1d"
OVERFULL = b"99999" + one("long", name="A")[5:].replace(b"\x1faA", b"\x1fa" + b"A" * 100_000)
TWICE = [field("880", _6=f"245-01/{script}", a=text) for script in ("$1", "(B") for text in ("ニド", "Nido")]
BOTH, FIRST, LAST = {"first", "last"}, {"first"}, {"last"}
NONE: set[str] = set()

# name → (content, control numbers that come in, records refused; None: the file as a whole)
FILES: dict[str, tuple[bytes, set[str], int | None]] = {
    "cut directory": (mixed(GOOD[:40] + GOOD[60:]), BOTH, 1),
    "length too short": (mixed(b"00050" + GOOD[5:]), BOTH | {"middle"}, 0),
    "length too long": (mixed(b"09999" + GOOD[5:]), BOTH | {"middle"}, 0),
    "length is no number": (mixed(b"xxxxx" + GOOD[5:]), BOTH, 1),
    "wrong base address": (mixed(GOOD[:12] + b"00001" + GOOD[17:]), BOTH | {"middle"}, 0),
    "negative place in the directory": (mixed(GOOD[:24] + b"001-001-0001" + GOOD[36:]), BOTH, 1),
    "Shift_JIS, EUC and UTF-8 in one": (
        mixed(*(one(codec).replace("著者".encode(), "著者".encode(codec)) for codec in ("cp932", "euc_jp"))),
        BOTH | {"cp932", "euc_jp"}, 0,
    ),
    "880 without a partner": (mixed(one("middle", field("880", _6="246-05/$1", a="ダレカ"))), BOTH | {"middle"}, 0),
    "880 twice in both scripts": (
        mixed(one("middle", field("245", _6="880-01", a="二度"), *TWICE)),
        BOTH | {"middle"}, 0,
    ),
    "field end in a field": (mixed(one("middle", name="項目\x1eの終わり")), BOTH, 1),
    "record end in a field": (mixed(one("middle", name="記録\x1dの終わり")), BOTH | {"middle"}, 0),
    "subfield mark in a field": (mixed(one("middle", name="区切り\x1fの中")), BOTH | {"middle"}, 0),
    "BOM": (b"\xef\xbb\xbf" + mixed(), BOTH, 0),
    "line ends between records": (b"\r\n".join((one("first"), GOOD, one("last"), b"")), BOTH | {"middle"}, 0),
    "no record ends": (mixed(GOOD).replace(b"\x1d", b""), BOTH | {"middle"}, 0),
    "last record end missing": (mixed()[:-1], BOTH, 0),
    "no 001": (mixed(without("", "880")), BOTH, 0),
    "no 245": (mixed(without("middle", "245")), BOTH | {"middle"}, 0),
    "neither": (mixed(without("", "245")), BOTH, 1),
    "number twice": (mixed(one("first", name="あとの版")), BOTH, 0),
    "longer than the format": (mixed(OVERFULL), BOTH | {"long"}, 0),
    "100,000 letters": (xml(record("first", field("245", a="長" * 100_000)), record("last")).encode(), BOTH, 0),
    "NUL": (mixed(one("middle", name="ヌル\x00文字")), BOTH | {"middle"}, 0),
    "surrogates": (mixed(one("middle", name="ABXYZ").replace(b"BXY", b"\xed\xa0\x80")), BOTH | {"middle"}, 0),
    "3,000 subjects": (
        mixed(one("middle", field("245", a="多い"), *(field("650", a=f"件名{n}") for n in range(3000)))),
        BOTH | {"middle"}, 0,
    ),
    "formula as number": (mixed(one("=1+1")), BOTH | {"=1+1"}, 0),
    "holes in dates and ISBN": (
        mixed(one("middle", field("245", a="穴"), field("020", a="978-4-00-000010-X :"), field("260", c="[19--?]"))),
        BOTH | {"middle"}, 0,
    ),
    "control character in a tag": (mixed(GOOD.replace(b"245", b"2\x014", 1)), BOTH | {"middle"}, 0),
    "leaders alone": (LEADER * 50, NONE, 50),
    "record ends alone": (b"\x1d" * 1000, NONE, 1000),
    "XML with prefixes": (in_prefix(TWO).encode(), BOTH, 0),
    "XML in OAI-PMH": (
        f"<OAI-PMH><ListRecords><record><header/><metadata>{in_prefix(TWO)}</metadata></record></ListRecords></OAI-PMH>"
        .encode(), BOTH, 0,
    ),
    "XML with an unknown entity": (TWO.replace("題名", "A&nbsp;B").encode(), LAST, 1),
    "XML with a reference to a surrogate": (TWO.replace("題名", "A&#xD800;B").encode(), LAST, 1),
    "XML bomb": (f"<!DOCTYPE c [{ENTITIES}]>{TWO.replace('題名', '&c;')}".encode(), NONE, None),
    "XML with a DTD elsewhere": (f'<!DOCTYPE c SYSTEM "http://127.0.0.1:9/x.dtd">{TWO}'.encode(), NONE, None),
    "XML with a file as entity": (f'<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]>{TWO}'.encode(), NONE, None),
    "XML in UTF-16": (TWO.encode("utf-16"), BOTH, 0),
    "XML in Shift_JIS": (f'<?xml version="1.0" encoding="Shift_JIS"?>{TWO}'.encode("cp932"), BOTH, 0),
    "XML in UTF-16 without a mark": (TWO.encode("utf-16-le"), BOTH, 0),
    "XML in UTF-16 of the other end without a mark": (TWO.encode("utf-16-be"), BOTH, 0),
    "XML that says UTF-16 and is UTF-8": (declared("UTF-16"), BOTH, 0),
    "XML that says EBCDIC and is UTF-8": (declared("cp037"), BOTH, 0),
    "XML in no encoding that is known": (declared("klingon"), BOTH, 0),
    "XML in hex": (declared("hex"), NONE, None),
    "XML in rot13": (declared("rot13"), NONE, None),
    "XML in names of hosts": (declared("idna"), NONE, None),
    "XML in Python's escapes": (declared("unicode_escape", title=r"\ud800"), NONE, None),
    "XML in UTF-7 with half a pair": (declared("utf-7", title="A+2AA-B"), BOTH, 0),
    "XML record never closed": (TWO.replace("</record>", "", 1).encode(), LAST, 1),
    "XML a hundred thousand deep": (TWO.replace("題名", "<a>" * 100_000 + "</a>" * 100_000).encode(), BOTH, 0),
    "XML of something else": (b"<html><body>hello</body></html>", NONE, None),
    "nothing": (b"", NONE, None),
    "blanks": (b" \r\n\x00\x1a", NONE, None),
    "gzip in gzip": (gzip.compress(gzip.compress(mixed())), NONE, None),
    "zip with a zip and a record": (zipped(a=zipped(b=GOOD), c=mixed()), BOTH, None),
    "gzip that breaks off": (gzip.compress(mixed())[:-4], BOTH, None),
    "gzip of a gigabyte": (gzip.compress(one("first")) + gzip.compress(b" " * (1 << 24)) * 64, FIRST, None),
    "bzip2": (bz2.compress(mixed()), NONE, 1),
    "a list": ("書名,著者\r\n猫,漱石\r\n".encode("cp932"), NONE, 1),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_ends_with_a_report_and_its_good_records_come_in(tmp_path, name):
    data, numbers, refused = FILES[name]
    path, report = tmp_path / "records", tmp_path / "report.tsv"
    path.write_bytes(data)
    try:
        call_command("import_marc", str(path), report=report)
    except CommandError:
        assert refused is None
    lines = [line.split("\t") for line in report.read_text(encoding="utf-8").splitlines()[1:]]
    said = [line for line in lines if line[4] == "取り込めません"]
    assert all(line[5] for line in lines)
    assert {title.control_number for title in Title.objects.all()} >= numbers
    if refused is None:
        assert len(said) == 1
    else:
        assert (len(said), ImportRun.objects.get().refused) == (refused, refused)
        assert Title.objects.exclude(control_number__startswith="none-").count() == len(numbers)


def test_the_same_files_uploaded_are_all_done_by_cron(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(build.staff("cataloguer1", is_superuser=True))
    names = [name for name in FILES if name not in ("nothing", "gzip of a gigabyte")]
    for name in names:
        sent = SimpleUploadedFile(f"{name}.mrc", FILES[name][0])
        assert client.post("/admin/catalog/importrun/add/", {"file": sent, "encoding": ""}).status_code == 302, name
    call_command("import_uploads")
    whole = {name for name in names if FILES[name][2] is None}
    assert {run.name.removesuffix(".mrc") for run in ImportRun.objects.filter(state="failed")} == whole
    assert not ImportRun.objects.filter(state="running").exists()
    assert ImportLine.objects.filter(refused=True, reason="").count() == 0
    for run in ImportRun.objects.all():
        assert client.get(f"/admin/catalog/importrun/{run.pk}/change/").status_code == 200


def test_an_empty_upload_is_asked_for_again(client):
    client.force_login(build.staff("cataloguer1", is_superuser=True))
    page = client.post("/admin/catalog/importrun/add/", {"file": SimpleUploadedFile("空.mrc", b""), "encoding": ""})
    assert (page.status_code, ImportRun.objects.count()) == (200, 0)
    assert page.context["adminform"].form.errors["file"] == ["入力されたファイルは空です。"]
    assert "入力されたファイルは空です。" in page.text


def test_what_cannot_be_read_or_written_is_said_and_the_next_file_comes_in(tmp_path, capsys):
    """/proc/self/mem is a file whose first byte nobody can read."""
    good = tmp_path / "good.mrc"
    good.write_bytes(one("good"))
    with pytest.raises(CommandError, match="1 of 2 files"):
        call_command("import_marc", "/proc/self/mem", str(good), report=tmp_path / "report.tsv")
    assert "mem\t\t\t\t取り込めません\tファイルを読めません" in (tmp_path / "report.tsv").read_text(encoding="utf-8")
    assert Title.objects.get().control_number == "good"
    for path in (tmp_path, tmp_path / "missing", Path("/dev/null")):
        with pytest.raises(CommandError, match="No such file"):
            call_command("import_marc", str(path))
    with pytest.raises(CommandError, match="report cannot be written"):
        call_command("import_marc", str(good), report=tmp_path)
