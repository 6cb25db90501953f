import pytest

from catalog.search.index.grams import pair_field, pairs, phrase, unit_field, units


def test_a_unit_is_a_wide_character_or_a_whole_word():
    assert units("ねこ10匹 the c++") == ("ね", "こ", "10", "匹", "the", "c++")


def test_pairs_join_neighbours():
    assert pairs("ねこ10匹") == ["ねこ", "こ_10", "10_匹"]
    assert pairs("猫") == []


@pytest.mark.parametrize(
    ("text", "placed"),
    [
        ("ab", []),
        ("あい", [(0, "あい")]),
        ("あいう", [(0, "あい"), (1, "いう")]),
        ("あいうえ", [(0, "あい"), (2, "うえ")]),
        ("あいうえお", [(0, "あい"), (2, "うえ"), (3, "えお")]),
    ],
)
def test_a_phrase_covers_its_text_with_as_few_pairs_as_it_can(text, placed):
    assert (phrase(text) if len(units(text)) > 1 else []) == placed


def test_values_are_kept_apart():
    assert pair_field(["あいう", "えお"]) == "あい いう | | えお"
    assert unit_field(["あい", "いう"]) == "あ い う"
