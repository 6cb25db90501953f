"""Several copies in one field 852: each comes in, or the report says so."""

import pytest

from catalog.marc.meaning.holdings import Copy, CopyRule, copies_of
from tests.catalog.marc.records import field, record

LIBRARIES = {"chuo": 1, "saiwaicho": 2}


def copies(*pairs: tuple[str, str]):
    return copies_of(record("1", field("852", *pairs)), [CopyRule()], LIBRARIES)


@pytest.mark.parametrize(
    ("pairs", "found"),
    [
        (
            [("b", "chuo"), ("p", "990000193"), ("b", "saiwaicho"), ("p", "990000194")],
            [Copy("990000193", 1), Copy("990000194", 2)],
        ),
        (
            [("p", "990000193"), ("b", "chuo"), ("p", "990000194"), ("b", "saiwaicho")],
            [Copy("990000193", 1), Copy("990000194", 2)],
        ),
        (
            [("b", "chuo"), ("h", "913.6"), ("p", "990000193"), ("p", "990000194")],
            [Copy("990000193", 1, "", "913.6"), Copy("990000194", 1, "", "913.6")],
        ),
        (
            [("b", "chuo"), ("p", "990000193"), ("h", "913.6"), ("p", "990000194"), ("h", "914")],
            [Copy("990000193", 1, "", "913.6"), Copy("990000194", 1, "", "914")],
        ),
        (
            [("b", "nowhere"), ("b", "chuo"), ("p", "990000193"), ("h", "1"), ("h", "2")],
            [Copy("990000193", 1, "", "1/2")],
        ),
    ],
)
def test_each_turn_is_a_copy(pairs, found):
    assert copies(*pairs) == (found, [])


def test_turns_that_differ_are_told():
    turns = [("b", "chuo"), ("p", "1"), ("p", "2"), ("p", "3"), ("h", "913"), ("h", "914")]
    found, (problem,) = copies(*turns)
    assert [copy.barcode for copy in found] == ["1", "2", "3"]
    assert "複数の資料番号" in problem.reason


def test_a_bad_number_among_good_ones_costs_itself():
    found, problems = copies(("b", "chuo"), ("p", "990000193"), ("p", "だめ"), ("p", "990000194"))
    assert [copy.barcode for copy in found] == ["990000193", "990000194"]
    assert len(problems) == 1


def test_a_number_that_comes_again_with_another_place_is_told():
    def told(*fields):
        return [problem.reason for problem in copies_of(record("1", *fields), [CopyRule()], LIBRARIES)[1]]

    first = field("852", b="chuo", p="990000193")
    assert told(first, field("852", b="saiwaicho", p="990000193")) == [
        "資料番号 990000193 が二度あり、館か請求記号が違います。"
    ]
    assert told(first, first) == []
    assert told(field("852", b="chuo")) == []
