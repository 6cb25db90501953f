"""UTF-8, MARC-8 and JIS, with leaders that tell the truth and leaders that lie."""

import pytest

from catalog.marc.files.charset import from_marc8
from catalog.marc.files.parsed import read
from tests.catalog.marc.records import LEADER, field, raw, record

MARC8_LEADER = LEADER.replace(" a22", "  22")
PLACE = "PLACE"


def with_title(title: bytes, leader: str) -> bytes:
    """Return a record whose 245 $a holds these bytes; pymarc would always write the leader of UTF-8."""
    made = record("1", field("245", a=PLACE)).as_marc()
    return made[:9] + leader[9:10].encode() + made[10:].replace(PLACE.encode(), title)


def title_and_problems(title: bytes, leader: str, **how) -> tuple[str | None, list[str]]:
    found = read(raw(with_title(title, leader)), **how)
    reasons = [problem.reason for problem in found.problems if "長さ" not in problem.reason]
    return (found.record["245"]["a"] if found.record else None), [r for r in reasons if "記録長" not in r]


def test_utf8_is_read_as_such():
    assert title_and_problems("猫".encode(), LEADER) == ("猫", [])


def test_utf8_under_a_leader_that_says_marc8_is_recognised():
    title, problems = title_and_problems("猫とカフェ".encode(), MARC8_LEADER)
    assert title == "猫とカフェ"
    assert problems == ["リーダはMARC-8と言いますが、UTF-8でした。"]


def test_marc8_accents_and_east_asian_characters_are_read():
    assert title_and_problems(b"communaut\xe2e", MARC8_LEADER) == ("communauté", [])
    assert title_and_problems(b"\x1b$1!TR!Ky\x1b(B", MARC8_LEADER)[0] == "芋生"


def test_marc8_under_a_leader_that_says_utf8_is_recognised():
    title, problems = title_and_problems(b"th\xe2e\xe3atre", LEADER)
    assert title == "théâtre"
    assert problems == ["リーダはUTF-8と言いますが、MARC-8でした。"]


def test_a_broken_byte_costs_its_character_alone():
    title, problems = title_and_problems("猫と".encode() + b"\x80" + "犬".encode(), LEADER)
    assert title == "猫と\ufffd犬"
    assert problems == ["読めない文字がありました（�と表示します）。"]


def test_jis_escapes_of_old_japan_marc_are_read():
    assert title_and_problems("吾輩は猫である".encode("iso2022_jp"), MARC8_LEADER)[0] == "吾輩は猫である"


@pytest.mark.parametrize("codec", ["cp932", "euc_jp"])
def test_an_encoding_marc_does_not_know_is_refused_unless_it_is_named(codec):
    title = "坊っちゃんと吾輩".encode(codec)
    assert title_and_problems(title, MARC8_LEADER) == (
        None,
        ["文字コードが分かりません。文字コードを指定して取り込んでください。"],
    )
    assert title_and_problems(title, MARC8_LEADER, encoding=codec) == ("坊っちゃんと吾輩", [])


def test_unknown_marc8_codes_are_told():
    assert from_marc8(b"a\x1b$1\x7f\x7f\x7f\x1b(Bb")[1] is False
    assert from_marc8(b"\x1b$1!T") == (from_marc8(b"\x1b$1!T")[0], False)
    assert from_marc8(b"&#x732B;") == ("猫", True)


def test_controls_that_no_text_holds_are_left_out():
    assert title_and_problems(b"a\x00b\x08c", LEADER)[0] == "abc"


def test_letters_and_their_marks_are_one_character_and_rare_kanji_stay():
    assert title_and_problems("か\u3099く To\u0304kyo\u0304 \ufa19".encode(), LEADER)[0] == "がく Tōkyō \ufa19"
