"""Files of records: cut at the right places, found again after what is broken, refused when they are bombs."""

import gzip
import zipfile
from encodings.aliases import aliases
from itertools import product

import pytest

from catalog.marc.files import source
from catalog.marc.files.parsed import read
from catalog.marc.files.problem import FileRefused
from tests.catalog.marc.records import field, file, record, xml
from tests.sure import sure


def numbers(path) -> list[str | None]:
    """Return the control numbers of a file's records, None for one that cannot be read."""
    read_ones = [read(raw).record for raw in source.records(path)]
    return [one["001"].data if one else None for one in read_ones]


def marc(number: str) -> bytes:
    return record(number).as_marc()


def test_records_follow_each_other_whatever_stands_between(tmp_path):
    path = file(tmp_path, b"\xef\xbb\xbf", marc("1"), b"\r\n", marc("2"), b"\n\x00", marc("3"), b"\x1a")
    assert numbers(path) == ["1", "2", "3"]


def test_offsets_say_where_a_record_stands(tmp_path):
    path = file(tmp_path, marc("1"), b"\n", marc("2"))
    first = len(marc("1"))
    assert [raw.offset for raw in source.records(path)] == [0, first + 1]


@pytest.mark.parametrize(
    "length",
    [b"00001", b"99999", b"     ", b"abcde"],
    ids=["too short", "too long", "blank", "letters"],
)
def test_a_lying_length_costs_neither_the_record_nor_its_neighbours(tmp_path, length):
    bad = length + marc("2")[5:]
    assert numbers(file(tmp_path, marc("1"), bad, marc("3"))) in (["1", "2", "3"], ["1", None, "3"])


def test_a_record_without_terminator_does_not_swallow_the_next(tmp_path):
    assert numbers(file(tmp_path, marc("1"), marc("2")[:-1], marc("3"))) == ["1", "2", "3"]


def test_a_record_cut_off_costs_itself_alone(tmp_path):
    assert numbers(file(tmp_path, marc("1"), marc("2")[:-20], marc("3"))) == ["1", None, "3"]
    assert numbers(file(tmp_path, marc("1"), marc("2")[:-20])) == ["1", None]


def test_a_terminator_inside_a_record_is_part_of_it(tmp_path):
    split = marc("2").replace("猫".encode(), b"\x1d..")
    assert numbers(file(tmp_path, marc("1"), split, marc("3"))) == ["1", "2", "3"]


def test_rubbish_is_one_record_that_cannot_be_read(tmp_path):
    assert numbers(file(tmp_path, b"rubbish\x00\xff" * 100)) == [None]
    assert numbers(file(tmp_path, b"")) == []


def test_rubbish_without_end_does_not_fill_the_memory(tmp_path):
    path = file(tmp_path, b"x" * 3_500_000, b"\x1d", marc("1"))
    assert [len(raw.data) for raw in source.records(path)][:3] == [1 << 20] * 3
    assert numbers(path)[-1] == "1"


def test_xml_is_told_by_what_a_file_holds(tmp_path):
    path = file(tmp_path, xml(record("1"), record("2")).encode(), name="records.mrc")
    assert numbers(path) == ["1", "2"]


@pytest.mark.parametrize("codec", sorted({*aliases.values(), "idna", "undefined", "raw_unicode_escape"}))
def test_whatever_encoding_xml_declares_it_is_read_or_refused(tmp_path, codec):
    head = f'<?xml version="1.0" encoding="{codec}"?>'
    path = file(tmp_path, (head + xml(record("1", field("245", a=r"+2AA- \ud800 \N{x}")))).encode())
    end: list[str | None] | str
    try:
        end = numbers(path)
    except FileRefused as refusal:
        end = str(refusal)
    assert end in (["1"], f"文字コード「{codec}」は読めません。UTF-8にしてください。")


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "shift_jis", "euc_jp"])
def test_xml_is_read_in_the_encoding_it_declares(tmp_path, codec):
    text = f'<?xml version="1.0" encoding="{codec.removesuffix("-sig")}"?>' + xml(record("1"))
    path = file(tmp_path, text.encode(codec), name="records.xml")
    (raw,) = source.records(path)
    assert sure(read(raw).record)["245"]["a"] == "吾輩は猫である"


def test_xml_that_breaks_costs_the_broken_record_alone(tmp_path):
    whole = xml(record("1"), record("2"), record("3"))
    second = whole.index("<controlfield", whole.index(">2<") - 40)
    broken = whole[:second] + "<oops>" + whole[second:]
    assert numbers(file(tmp_path, broken.encode())) == ["1", None, "3"]
    cut = whole[: whole.index("3</controlfield>")]
    assert numbers(file(tmp_path, cut.encode())) == ["1", "2", None]


def test_xml_with_prefixes_is_read(tmp_path):
    text = xml(record("1")).replace("<", "<marc:").replace("<marc:/", "</marc:").replace("xmlns=", "xmlns:marc=")
    assert numbers(file(tmp_path, text.encode())) == ["1"]


def test_prefixes_of_others_declared_at_the_root_are_known_in_the_records(tmp_path):
    plain = xml(record("1", field("245", a="Note: see:also ²:a xmlns:b")), record("2"))
    linked = plain.replace("<leader>", '<x-l:locator/><leader xlink:href="x" xml:lang="ja">')
    path = file(tmp_path, linked.replace("<collection", '<collection xmlns:x-l="l" xmlns:xlink="k"').encode())
    assert numbers(path) == ["1", "2"]


def test_xml_bombs_are_refused(tmp_path):
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>' + xml(record("&l9;"))
    with pytest.raises(FileRefused):
        numbers(file(tmp_path, bomb.encode()))
    outside = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + xml(record("1"))
    with pytest.raises(FileRefused):
        numbers(file(tmp_path, outside.encode()))


def test_gzip_and_zip_are_unpacked(tmp_path):
    packed = file(tmp_path, gzip.compress(marc("1") + marc("2")), name="records.gz")
    assert numbers(packed) == ["1", "2"]
    with zipfile.ZipFile(tmp_path / "records.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.mrc", marc("1"))
        archive.writestr("b.xml", xml(record("2")))
    assert numbers(tmp_path / "records.zip") == ["1", "2"]


def test_a_zip_of_a_gigabyte_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros.mrc", "w") as member:
        for _ in range(1000):
            member.write(b"\0" * 1_000_000)
    assert path.stat().st_size < 2_000_000
    with pytest.raises(FileRefused):
        numbers(path)


def test_an_archive_that_lies_about_its_size_is_refused_while_unpacking(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "LARGEST_UNPACKED", 5_000)
    path = file(tmp_path, gzip.compress(marc("1") + b"\0" * 10_000), name="records.gz")
    with pytest.raises(FileRefused):
        numbers(path)


@pytest.mark.parametrize("damage", [slice(0, -10), slice(0, 30)], ids=["end", "nearly all"])
def test_damaged_archives_are_refused_with_a_reason(tmp_path, damage):
    packed = gzip.compress(marc("1") * 50)
    with pytest.raises(FileRefused):
        numbers(file(tmp_path, packed[damage], name="records.gz"))
    with zipfile.ZipFile(tmp_path / "records.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.mrc", marc("1") * 50)
    whole = (tmp_path / "records.zip").read_bytes()
    with pytest.raises(FileRefused):
        numbers(file(tmp_path, whole[damage], name="damaged.zip"))


def zipped(tmp_path, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    with zipfile.ZipFile(tmp_path / "whole.zip", "w", how) as archive:
        archive.writestr("記録.mrc", marc("1"))
    return (tmp_path / "whole.zip").read_bytes()


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_packed_otherwise_is_refused_by_that_name(tmp_path, how):
    with pytest.raises(FileRefused, match="圧縮方式"):
        numbers(file(tmp_path, zipped(tmp_path, how), name="other.zip"))


def test_a_zip_with_a_password_is_refused_by_that_name(tmp_path):
    whole = bytearray(zipped(tmp_path))
    whole[whole.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(FileRefused, match="パスワード"):
        numbers(file(tmp_path, bytes(whole), name="locked.zip"))


def test_every_byte_of_a_zip_may_be_wrong(tmp_path):
    """What comes of it is records or a refusal, whichever byte of the archive is another one."""
    whole, ends = zipped(tmp_path), set[tuple[str | None, ...] | str]()
    for place, bits in product(range(4, len(whole)), (0xFF, 0x80, 0x01)):
        bent = whole[:place] + bytes([whole[place] ^ bits]) + whole[place + 1 :]
        try:
            ends.add(tuple(numbers(file(tmp_path, bent, name="bent.zip"))))
        except FileRefused:
            ends.add("refused")
    assert ends == {("1",), "refused"}


def test_a_zip_of_a_newer_version_is_refused_by_that_name(tmp_path):
    whole = bytearray(zipped(tmp_path))
    whole[whole.index(b"PK\x01\x02") + 6] = 64  # 6.4; zipfile knows 6.3
    with pytest.raises(FileRefused, match="圧縮方式"):
        numbers(file(tmp_path, bytes(whole), name="newer.zip"))


def test_a_member_without_a_name_is_read(tmp_path):
    class Nameless(zipfile.ZipInfo):
        def is_dir(self) -> bool:  # which fails by IndexError, without a name
            return False

    with zipfile.ZipFile(tmp_path / "nameless.zip", "w") as archive:
        archive.writestr(Nameless(""), marc("1"))
    assert numbers(tmp_path / "nameless.zip") == ["1"]


def test_a_fault_of_the_one_who_reads_stays_a_fault(tmp_path):
    def tell(position: int) -> None:
        raise RuntimeError("progress")

    with pytest.raises(RuntimeError, match="progress"):
        list(source.records(file(tmp_path, marc("1")), progress=tell))


def test_tags_directory_and_data_may_disagree(tmp_path):
    good = record("1", field("245", a="猫"), field("260", b="晶文社")).as_marc()
    lengths = good[:24] + good[24:].replace(b"245" + good[24:].partition(b"245")[2][:4], b"2459999", 1)
    (raw,) = source.records(file(tmp_path, lengths))
    found = read(raw)
    taken = sure(found.record)
    assert taken["245"]["a"] == "猫"
    assert taken["260"]["b"] == "晶文社"
    assert [problem.reason for problem in found.problems] == [
        "ディレクトリの長さが実際と違うため、区切り記号で読みました。"
    ]
