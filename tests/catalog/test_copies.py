"""Every change of a copy's status, the allowed ones and the others; and that there is no other door."""

import ast
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TypeGuard

import pytest
from django.db import IntegrityError, connection, transaction

from catalog.copies import DESCRIBED, MOVED, MOVES, CopyMoveNotAllowedError, describe, move
from catalog.models import Item, Library
from tests import build

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("catalog", "patrons", "reservations", "loans", "notifications", "opac")
THE_DOOR = ROOT / "catalog" / "copies.py"
BY_SQL = re.compile(r"UPDATE\s+\"?catalog_item\b", re.IGNORECASE)
NUMBER = 7

Status = Item.Status
PAIRS = [(before, after) for before in Status for after in Status]


def standing(status: str, at: Library, bound_for: Library) -> Item:
    """Make a copy with everything that its status may have."""
    number = NUMBER if status == Status.ON_HOLD_SHELF else None
    destination = bound_for if status == Status.IN_TRANSIT else None
    return build.item(build.title(), at, status=status, hold_number=number, destination=destination)


def columns(item: Item) -> tuple:
    fresh = Item.objects.get(pk=item.pk)
    return fresh.status, fresh.library, fresh.destination, fresh.hold_number


@pytest.mark.django_db
@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "elsewhere"])
@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_a_status_changes_through_the_table_only(before: str, after: str, elsewhere: bool):
    here, there, far = (build.library(name) for name in ("中央図書館", "幸町図書館", "伊島図書館"))
    item = standing(before, here, there)
    was = columns(item)
    at = there if elsewhere else here
    destination = far if after == Status.IN_TRANSIT else None
    if after in MOVES[before]:
        move(item, after, at=at, destination=destination)
        stays = before == after == Status.ON_HOLD_SHELF and not elsewhere
        assert columns(item) == (after, at, destination, NUMBER if stays else None)
    else:
        with pytest.raises(CopyMoveNotAllowedError):
            move(item, after, at=at, destination=destination)
        assert columns(item) == was


def test_the_table_names_every_status():
    assert set(MOVES) == set(Status)


def test_each_column_is_written_in_one_place():
    columns = {field.name for field in Item._meta.concrete_fields} - {"id"}
    assert (set(MOVED) | set(DESCRIBED), set(MOVED) & set(DESCRIBED)) == (columns, set())


@pytest.mark.django_db
def test_what_the_catalogue_says_is_written_beside_a_move_and_leaves_it_alone():
    here, there = build.library("中央図書館"), build.library("幸町図書館")
    item = standing(Status.AVAILABLE, here, there)
    read_before = Item.objects.get(pk=item.pk)
    move(item, Status.IN_TRANSIT, at=here, destination=there)
    read_before.call_number, read_before.location = "913.6/ナ", "2階"
    describe(read_before)
    fresh = Item.objects.get(pk=item.pk)
    assert (fresh.call_number, fresh.call_number_key) == ("913.6/ナ", fresh.call_number_sort_key())
    assert columns(item) == (Status.IN_TRANSIT, here, there, None)


@pytest.mark.django_db
@pytest.mark.parametrize("status", [one for one in Status if one != Status.ON_HOLD_SHELF])
def test_a_number_leaves_the_shelf_with_its_copy_whoever_writes(status: str):
    """Code from before the door leaves the number standing; the database drops it and refuses nothing."""
    item = standing(Status.ON_HOLD_SHELF, build.library(), build.library("幸町図書館"))
    destination = item.library_id if status == Status.IN_TRANSIT else None
    Item.objects.filter(pk=item.pk).update(status=status, destination=destination)
    assert columns(item)[-1] is None


@pytest.mark.django_db
def test_the_migration_drops_numbers_that_older_code_left_standing():
    rule = next(one for one in Item._meta.constraints if one.name == "a_hold_number_means_the_hold_shelf")
    here, there = build.library(), build.library("幸町図書館")
    shelved, sent = standing(Status.ON_HOLD_SHELF, here, there), standing(Status.IN_TRANSIT, here, there)
    drop = import_module("catalog.migrations.0017_hold_numbers_on_the_shelf").Migration.operations[1].sql
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing waits for the end of the transaction
    with connection.schema_editor() as schema:
        schema.remove_constraint(Item, rule)
        schema.execute("ALTER TABLE catalog_item DISABLE TRIGGER catalog_item_number_leaves")
        Item.objects.filter(pk=sent.pk).update(hold_number=NUMBER)
        schema.execute(drop)
        schema.add_constraint(Item, rule)
    assert [columns(item)[-1] for item in (shelved, sent)] == [NUMBER, None]


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "given"), [(Status.IN_TRANSIT, False), (Status.AVAILABLE, True)])
def test_a_destination_goes_with_a_transit_and_with_nothing_else(status: str, given: bool):
    here, there = build.library(), build.library("幸町図書館")
    item = standing(Status.AVAILABLE, here, there)
    with pytest.raises(IntegrityError, match="in_transit_means_a_destination"), transaction.atomic():
        move(item, status, at=here, destination=there if given else None)


def spelled(node: ast.AST | None) -> Iterator[str]:
    """Yield the names that an expression spells out as text."""
    for part in ast.walk(node) if node else ():
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def writes_a_status(node: ast.AST) -> TypeGuard[ast.stmt | ast.expr]:
    """Tell whether a piece of code writes a column that the door alone writes."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        parts = [part for target in targets for part in ast.walk(target)]
        return any(isinstance(part, ast.Attribute) and part.attr in ("status", "destination") for part in parts)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(BY_SQL.search(node.value))
    if not isinstance(node, ast.Call):
        return False
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    given = {word.arg: word.value for word in node.keywords}
    named: dict[str, Callable[[], set[str | None]]] = {
        "update": lambda: {*given} | {*spelled(given.get(None))},
        "save": lambda: {*spelled(given.get("update_fields"))},
        "bulk_update": lambda: {name for part in [*node.args[1:], given.get("fields")] for name in spelled(part)},
        "setattr": lambda: {name for part in node.args[1:2] for name in spelled(part)},
    }
    return bool({"status", "destination"} & named.get(called, set)())


def test_there_is_no_other_writer_of_a_status():
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in files
        if path != THE_DOOR
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if writes_a_status(node)
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "item.status = x",
        "item.status, item.library = x, y",
        "item.destination = None",
        "item.status: str = x",
        "Item.objects.update(status=x)",
        "Item.objects.filter(pk=1).update(**{'status': x})",
        "item.save(update_fields=('status', 'library'))",
        "Item.objects.bulk_update(items, ['status'])",
        "setattr(item, 'status', x)",
        "cursor.execute('UPDATE catalog_item SET status = 1')",
    ],
)
def test_the_walk_would_find_one(code: str):
    assert any(writes_a_status(node) for node in ast.walk(ast.parse(code)))
