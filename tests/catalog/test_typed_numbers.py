"""One reader for every number that a page is sent."""

import pytest

from catalog.typed_numbers import LARGEST_ROW, typed_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", 12),
        (" 12 ", 12),
        ("１２", 12),
        ("012", 12),
        ("+3", 3),
        (str(LARGEST_ROW), LARGEST_ROW),
    ],
)
def test_a_number_is_read(typed: str, number: int) -> None:
    assert typed_number(typed) == number


@pytest.mark.parametrize("typed", ["-3", "－3", "−３"])
def test_a_sign_counts_where_less_than_nothing_is_allowed(typed: str) -> None:
    assert typed_number(typed, least=-5) == -3
    assert typed_number(typed) is None


@pytest.mark.parametrize(
    "typed",
    [None, "", " ", "--5", "-", "²", "-²", "١", "1_000", "1.5", "1e3", "十", "1 2", str(LARGEST_ROW + 1), "9" * 5000,
     " " * 5000 + "1", "第一巻", "0x10", "\x001"],
)  # fmt: skip
def test_everything_else_is_no_number(typed: str | None) -> None:
    assert typed_number(typed) is None


def test_bounds_are_within() -> None:
    assert [typed_number(text, least=1, most=3) for text in "01234"] == [None, 1, 2, 3, None]
