"""What a scanner types: NW-7 letters and check digits come off, a number that merely looks wrapped stays."""

import pytest

from loans.desk.scan import candidates, find_item, find_patron, normal
from tests import build


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("9000000015", "9000000015"),
        (" ９０００－０００－０１５ ", "9000000015"),
        ("a9000000015b", "A9000000015B"),
        ("*9000000015*", "9000000015"),
        ("9000000015\r", "9000000015"),
        ("ab12", "AB12"),
        ("", ""),
        ("9" * 500, "9" * 40),
    ],
)
def test_what_was_typed_becomes_digits_and_capitals(sent, read):
    assert normal(sent) == read


@pytest.mark.parametrize(
    ("sent", "numbers"),
    [
        ("A01234567A", ["A01234567A", "01234567"]),
        ("c01234567d", ["C01234567D", "01234567"]),
        ("01234565", ["01234565", "0123456"]),  # 5 is the check digit by modulus 10, weight 3
        ("A01234564B", ["A01234564B", "01234564", "0123456"]),  # 4 by 7DR
        ("A01234566A", ["A01234566A", "01234566", "0123456"]),  # 6 by modulus 10, weight 2
        ("A0123456$A", ["A0123456$A", "0123456$", "0123456"]),  # $ by modulus 16
        ("E01234567E", ["E01234567E"]),
        ("1", ["1"]),
        ("", []),
    ],
)
def test_the_likeliest_number_comes_first(sent, numbers):
    assert candidates(sent) == numbers


@pytest.mark.django_db
def test_a_label_that_looks_wrapped_is_found_as_it_stands_before_it_is_cut():
    here = build.library()
    whole, inner = (build.item(build.title(), here, barcode=barcode) for barcode in ("A1234B", "1234"))
    assert [find_item(sent) for sent in ("a1234b", "1234", "c1234d", "9999")] == [whole, inner, inner, None]


@pytest.mark.django_db
def test_a_card_is_found_with_and_without_its_check_digit():
    patron = build.patron(card_number="01234567")
    assert [find_patron(sent) for sent in ("０１２３４５６７", "A01234567A", "D012345670D", "7654321")] == [
        patron,
        patron,
        patron,
        None,
    ]
