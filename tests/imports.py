"""Read who imports whom, and follow it: the longest chain, the circles.

No import is run and nothing is installed: the text says it all. A module that is reached only because
its package is opened on the way does not count; what the reader must follow is what the line names.
"""

import ast
from collections.abc import Iterable, Iterator

Graph = dict[str, set[str]]


def names(tree: ast.Module, package: str, *, late: bool = False) -> set[str]:
    """Give every dotted name that a module imports when it is loaded; ``late`` adds functions and types."""
    found: set[str] = set()
    for node in ast.walk(tree) if late else _loaded(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: package.count(".") + 2 - node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            found |= {f"{base}.{alias.name}" for alias in node.names}
    return found


def _loaded(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk what runs when a module is loaded: no bodies of functions, nothing that is there for types only."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from _loaded(node)


def graph(said: dict[str, set[str]]) -> Graph:
    """Lead every dotted name to the module of the tree that has it; names of other packages fall out."""
    found: Graph = {}
    for module, dotted in said.items():
        found[module] = set()
        for name in dotted:
            while name and name not in said:
                name = name.rpartition(".")[0]
            if name and name != module:
                found[module].add(name)
    return found


def reverse(graph: Graph) -> Graph:
    """Turn every import round."""
    turned: Graph = {name: set() for name in graph}
    for name, others in graph.items():
        for other in others:
            turned[other].add(name)
    return turned


def components(graph: Graph) -> list[list[str]]:
    """Group modules that reach each other (Tarjan); what is imported comes before what imports it."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    waiting: list[str] = []
    groups: list[list[str]] = []

    def visit(name: str) -> None:
        number[name] = low[name] = len(number)
        waiting.append(name)
        for other in sorted(graph[name]):
            if other not in number:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in waiting:
                low[name] = min(low[name], number[other])
        if low[name] == number[name]:
            at = waiting.index(name)
            groups.append(waiting[at:])
            del waiting[at:]

    for name in graph:
        if name not in number:
            visit(name)
    return groups


def depths(graph: Graph) -> dict[str, int]:
    """Tell how many modules the longest chain below each one has, itself included; a circle counts whole."""
    depth: dict[str, int] = {}
    for group in components(graph):
        below = [depth[other] for name in group for other in graph[name] if other not in group]
        depth |= dict.fromkeys(group, len(group) + max(below, default=0))
    return depth


def longest(graph: Graph) -> list[str]:
    """Follow the deepest import from the deepest module down."""
    depth = depths(graph)
    choices: Iterable[str] = graph
    chain: list[str] = []
    while choices := [name for name in choices if name not in chain]:
        chain.append(min(choices, key=lambda name: (-depth[name], name)))
        choices = graph[chain[-1]]
    return chain


def steps_of_the_longest(graph: Graph) -> list[list[str]]:
    """Give, for each step of the longest chain, every module that can stand there."""
    below, above = depths(graph), depths(reverse(graph))
    most = max(below.values())
    on = [name for name in graph if below[name] + above[name] - 1 == most]
    return [sorted(name for name in on if above[name] == step) for step in range(1, most + 1)]
