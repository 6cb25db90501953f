"""The figures of the house keep their bounds: ``python -m tests.house`` tells them all."""

from pathlib import Path

import pytest

from tests import house, imports
from tests.house import House

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def tree() -> House:
    return House(ROOT)


def test_no_module_is_longer_than_a_reader_holds(tree):
    assert {each.path: each.lines for each in tree.sources if each.lines > house.LINES_A_MODULE} == {}


def test_no_function_is_longer_than_a_screen(tree):
    assert [str(piece) for piece in tree.functions if piece.lines > house.LINES_A_FUNCTION] == []


def test_few_helpers_are_used_once(tree):
    assert tree.helpers_used_once_per_1000_lines <= house.HELPERS_USED_ONCE


def test_no_chain_of_imports_is_too_long(tree):
    assert len(tree.chain) <= house.LENGTH_OF_A_CHAIN, " → ".join(tree.chain)


def test_no_modules_import_each_other_in_a_circle(tree):
    assert tree.circles == []


def test_every_folder_can_be_looked_over(tree):
    assert {folder: count for folder, count in tree.folders.items() if count > house.MODULES_A_FOLDER} == {}


def test_every_function_says_its_types(tree):
    assert [str(piece) for piece in tree.untyped] == []


def test_the_counting_itself(tmp_path):
    """A small tree with one of each: a jump, a chain, a circle that only types and functions close."""
    (tmp_path / "loans").mkdir()
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "__init__.py").write_text('"""The catalogue."""\n')
    (tmp_path / "catalog" / "a.py").write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from loans.b import Loan\n\nNUMBER = 1\n"
    )
    (tmp_path / "loans" / "b.py").write_text(
        "from catalog.a import NUMBER\n\n\n"
        "def due(on):\n    return _once() + _twice() + _twice() + on\n\n\n"
        "def _once() -> int:\n    return NUMBER\n\n\n"
        "def _twice() -> int:\n    return 2\n"
    )
    (tmp_path / "loans" / "c.py").write_text("from . import b\n")
    small = House(tmp_path)
    assert (len([each for each in small.sources if each.has_code]), small.lines) == (3, 20)
    assert [piece.name for piece in small.helpers] == ["_once", "_twice"]
    assert [(piece.path, piece.line, piece.name) for piece in small.helpers_used_once] == [("loans/b.py", 8, "_once")]
    assert [piece.name for piece in small.untyped] == ["due"]
    assert small.chain == ["loans.c", "loans.b", "catalog.a"]
    assert small.circles == [["catalog.a", "loans.b"]]
    assert imports.steps_of_the_longest(small.graph()) == [["loans.c"], ["loans.b"], ["catalog.a"]]
    assert small.folders == {"catalog": 1, "loans": 2}
