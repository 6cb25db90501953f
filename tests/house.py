"""Print the figures of the house: how long its files are, how often a reader must jump, how deep its imports go.

    python -m tests.house             the figures
    python -m tests.house --helpers   the private helpers that are used once, shortest first
    python -m tests.house --chain     the longest chain of imports, and what else lies on one as long
    python -m tests.house --long      modules over 300 lines and functions over 25
    python -m tests.house --untyped   functions without full annotations
    python -m tests.house --root DIR  … of another tree

Counted are the rooms, ``manage.py`` and ``portal.py``, without migrations. Standard library only.
``tests/test_house_figures.py`` holds the tree to the bounds that stand here.
"""

import argparse
import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from statistics import median

from tests import imports

ROOMS = ("catalog", "patrons", "reservations", "loans", "notifications", "opac")
PROGRAMS = ("manage.py", "portal.py")

LINES_A_MODULE = 300
LINES_A_FUNCTION = 40
LINES_OF_A_SMELL = 25  # a function above this wants to be looked at
HELPERS_USED_ONCE = 5.0  # per 1,000 lines
LINES_OF_A_SMALL_HELPER = 4
LENGTH_OF_A_CHAIN = 15
MODULES_A_FOLDER = 15

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Piece:
    """One function, as a reader finds it: where it stands, its name, its lines with signature and docstring."""

    path: str
    line: int
    name: str
    lines: int

    def __str__(self) -> str:
        return f"{self.lines:4}  {self.path}:{self.line}  {self.name}"


@dataclass(frozen=True)
class Source:
    """One file of the tree, read once."""

    path: str
    text: str = field(repr=False)

    @property
    def name(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def package(self) -> str:
        return self.folder.replace("/", ".")

    @property
    def opens_a_package(self) -> bool:
        return self.path.endswith("__init__.py")

    @cached_property
    def lines(self) -> int:
        return len(self.text.splitlines())

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @property
    def has_code(self) -> bool:
        """Tell whether more than a docstring stands here."""
        return any(not (isinstance(line, ast.Expr) and _is_text(line.value)) for line in self.tree.body)

    @cached_property
    def functions(self) -> list[Function]:
        return [node for node in self.nodes if isinstance(node, Function)]

    def piece(self, function: Function) -> Piece:
        return Piece(self.path, function.lineno, function.name, length(function))

    @cached_property
    def uses(self) -> Counter[str]:
        """Count the names that this file says, apart from where it defines them."""
        names = (getattr(node, "id", None) or getattr(node, "attr", None) for node in self.nodes)
        return Counter(name for name in names if name)


class House:
    """The tree at one moment, and what can be counted of it."""

    def __init__(self, root: Path) -> None:
        files = [root / program for program in PROGRAMS if (root / program).exists()]
        files += [path for room in ROOMS for path in sorted((root / room).rglob("*.py"))]
        paths = (path for path in files if "migrations" not in path.parts)
        self.sources = [Source(str(path.relative_to(root)), path.read_text(encoding="utf-8")) for path in paths]

    @property
    def lines(self) -> int:
        return sum(source.lines for source in self.sources)

    @cached_property
    def functions(self) -> list[Piece]:
        return [source.piece(function) for source in self.sources for function in source.functions]

    @cached_property
    def helpers(self) -> list[Piece]:
        """Give the private functions and methods: one underscore before the name."""
        return [piece for piece in self.functions if piece.name.startswith("_") and not piece.name.startswith("__")]

    @cached_property
    def helpers_used_once(self) -> list[Piece]:
        """Give the helpers that their own file names once only: each costs its reader a jump."""
        uses = {source.path: source.uses for source in self.sources}
        once = [piece for piece in self.helpers if uses[piece.path][piece.name] == 1]
        return sorted(once, key=lambda piece: (piece.lines, piece.path, piece.line))

    @property
    def small_helpers(self) -> list[Piece]:
        return [piece for piece in self.helpers_used_once if piece.lines <= LINES_OF_A_SMALL_HELPER]

    @property
    def helpers_used_once_per_1000_lines(self) -> float:
        return 1000 * len(self.helpers_used_once) / self.lines

    @cached_property
    def untyped(self) -> list[Piece]:
        """Give the functions that lack the type of an argument or of the answer."""
        return [source.piece(each) for source in self.sources for each in source.functions if not is_typed(each)]

    @property
    def parameters(self) -> tuple[int, Piece]:
        """Give the longest list of parameters, ``self`` apart, and whose it is."""
        counted = ((len(parameters(each)), source.piece(each)) for source in self.sources for each in source.functions)
        return max(counted, key=lambda pair: pair[0])

    @cached_property
    def folders(self) -> Counter[str]:
        """Count the modules of each folder; the ``__init__`` is its door and not counted."""
        return Counter(each.folder for each in self.sources if each.folder and not each.opens_a_package)

    def graph(self, *, late: bool = False) -> imports.Graph:
        """Tell which module imports which when it is loaded; ``late`` adds imports in functions and for types."""
        said = {each.name: imports.names(each.tree, each.package, late=late) for each in self.sources}
        return imports.graph(said)

    @cached_property
    def circles(self) -> list[list[str]]:
        """Give the modules that import each other in a round, however late."""
        return [sorted(group) for group in imports.components(self.graph(late=True)) if len(group) > 1]

    @cached_property
    def chain(self) -> list[str]:
        """Give the longest chain of modules of which each loads the next."""
        return imports.longest(self.graph())


def length(function: Function) -> int:
    """Count the lines of a function from ``def`` to its end."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def parameters(function: Function) -> list[ast.arg]:
    """Give the parameters without ``self`` and ``cls``."""
    given = function.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    every += [each for each in (given.vararg, given.kwarg) if each]
    return [each for each in every if each.arg not in ("self", "cls")]


def is_typed(function: Function) -> bool:
    """Tell whether every parameter and the answer have a type."""
    return function.returns is not None and all(each.annotation for each in parameters(function))


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def spread(values: Iterable[int]) -> str:
    """Say median, 90th percentile and maximum."""
    ordered = sorted(values)
    return f"{median(ordered):g}, {ordered[int(len(ordered) * 0.9)]}, {ordered[-1]}"


def figures(house: House) -> Iterator[tuple[str, str]]:
    """Give each figure with its name."""
    files = [source for source in house.sources if source.has_code]
    most, whose = house.parameters
    full = [f"{folder} {count}" for folder, count in house.folders.most_common() if count > MODULES_A_FOLDER]
    yield "files with code / lines", f"{len(files)} / {house.lines:,}"
    yield "lines a file: median, p90, max", spread(source.lines for source in files)
    yield "lines a function: median, p90, max", spread(piece.lines for piece in house.functions)
    yield "private helpers", f"{len(house.helpers)}"
    yield "… used once", f"{len(house.helpers_used_once)}"
    yield f"… of {LINES_OF_A_SMALL_HELPER} lines or less", f"{len(house.small_helpers)}"
    yield "… used once, per 1,000 lines", f"{house.helpers_used_once_per_1000_lines:.1f} (≤ {HELPERS_USED_ONCE})"
    yield "longest import chain", f"{len(house.chain)} (≤ {LENGTH_OF_A_CHAIN}): {' → '.join(house.chain)}"
    yield "circles", "; ".join(" ↔ ".join(circle) for circle in house.circles) or "none"
    yield "modules a package: median, max", f"{median(house.folders.values()):g}, {max(house.folders.values())}"
    yield f"… with more than {MODULES_A_FOLDER}", ", ".join(full) or "none"
    yield "functions without full annotations", f"{len(house.untyped)} of {len(house.functions)}"
    yield "longest parameter list", f"{most} ({whose.path}:{whose.line} {whose.name})"


def long_pieces(house: House) -> Iterator[str]:
    """Tell the modules and functions that are too long, and the functions that begin to be."""
    for source in house.sources:
        if source.lines > LINES_A_MODULE:
            yield f"{source.lines:4}  {source.path}"
    for piece in sorted(house.functions, key=lambda piece: -piece.lines):
        if piece.lines > LINES_OF_A_SMELL:
            yield f"{piece}{'  (too long)' if piece.lines > LINES_A_FUNCTION else ''}"


def chain_lines(house: House) -> Iterator[str]:
    """Tell, step by step, which modules lie on a chain as long as the longest; alone on its step is a bottleneck."""
    for step, names in enumerate(imports.steps_of_the_longest(house.graph()), start=1):
        yield f"{step:3}  {'  '.join(names)}"


LISTS: dict[str, Callable[[House], Iterable[object]]] = {
    "helpers": lambda house: house.helpers_used_once,
    "chain": chain_lines,
    "long": long_pieces,
    "untyped": lambda house: house.untyped,
}


def main() -> None:
    """Read the command line and print what was asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.house", description="The figures of the house.")
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="the tree to count (default: here)")
    for name in LISTS:
        parser.add_argument(f"--{name}", action="store_true")
    given = parser.parse_args()
    house = House(given.root.resolve())
    wanted = [name for name in LISTS if getattr(given, name)]
    for name in wanted:
        print(*LISTS[name](house), sep="\n")
    if not wanted:
        for name, figure in figures(house):
            print(f"{name:36} {figure}")


if __name__ == "__main__":
    main()
